/**
 * A link over SPI, this side as the master: a put or a get is one frame under chip select, 100 µs after the
 * select. What is larger than spidev's buffer goes out in several parts while the device stays selected. The
 * `spi-device` package speaks to spidev and is loaded when a link is opened; every transfer is asynchronous.
 */
import { type Clock, systemClock } from "../clock.js";
import { createExactLink } from "../link/exact-link.js";
import type { Link } from "../link/link.js";
import { canReadAsNoAnswer, readsAsNoAnswer } from "./all-equal.js";
import { briefPause } from "./brief-pause.js";
import { checkAborted, openError } from "./open-error.js";
import {
  checkSpiOptions,
  explainSpi,
  loadSpiDevice,
  openSpiDevice,
  readSpidevBufferBytes,
  type SpiDevice,
  type SpiPackage,
  type SpiTransfer,
  spiMode,
} from "./spi-bus.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export { openSpiSlave, type SpiSlaveOptions } from "./spi-slave.js";

export interface SpiOptions {
  /** `/dev/spidev1.0` is bus 1, … */
  readonly bus: number;
  /** … device 0: which of the controller's chip selects. */
  readonly device: number;
  /** Bits a second; 1,000,000 by default. */
  readonly speedHz?: number;
  /** Level of the idle clock; 1 by default, as in the camera's library. */
  readonly polarity?: 0 | 1;
  /** Which edge of the clock counts; 0 by default. */
  readonly phase?: 0 | 1;
  /** Between select and the first bit: the slave's time to get ready; 100 by default. */
  readonly selectDelayUs?: number;
  /**
   * What becomes of a transfer larger than spidev's buffer: `hold-select` sends it in parts and keeps the
   * device selected between them; `refuse` fails and names the module parameter, for controllers that can't
   * hold the select.
   */
  readonly largeTransfers?: "hold-select" | "refuse";
  /** Comes back by itself after a failure; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

/** What may take the place of the package, of spidev's parameter and of the host's clock. */
export interface SpiSurroundings {
  readonly load?: () => Promise<SpiPackage>;
  readonly bufferBytes?: () => Promise<number>;
  readonly clock?: Clock;
}

const DEFAULT_SPEED_HZ = 1_000_000;
const DEFAULT_SELECT_DELAY_US = 100;
const BITS_PER_BYTE = 8;
/** What a slave waits for that has nothing to do. */
const COMMAND_HEADER_BYTES = 12;
/** Each read that comes too soon may take a slave out of what it waits for. */
const LONGEST_PAUSE_MS = 16;

/**
 * Opens the device. Rejects with an `RpcError` of phase `open`: `missing-package` without `spi-device`,
 * `link-failure` with what the system said as its cause. Whether a slave is there shows with the first call.
 */
export function openSpi(options: SpiOptions, surroundings: SpiSurroundings = {}): Promise<Link> {
  const { clock = systemClock } = surroundings;
  return withReconnect(({ signal }) => openOnce(options, surroundings, clock, signal), options, clock);
}

async function openOnce(
  options: SpiOptions,
  surroundings: SpiSurroundings,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<Link> {
  const { load = loadSpiDevice, bufferBytes = readSpidevBufferBytes } = surroundings;
  const { bus, device: number, polarity = 1, phase = 0, speedHz = DEFAULT_SPEED_HZ } = options;
  checkSpiOptions(options);
  checkAborted(signal);
  const path = `/dev/spidev${bus}.${number}`;
  const device = await openSpiDevice(
    await load(),
    { bus, device: number, path },
    { mode: spiMode(polarity, phase), maxSpeedHz: speedHz, bitsPerWord: BITS_PER_BYTE },
  );
  const partBytes = await bufferBytes();
  if (signal?.aborted) await close(device);
  checkAborted(signal);
  const master = createSpiMaster(device, path, { ...options, speedHz, partBytes });
  return createExactLink({
    clock,
    traits: {
      streamDepth: 1,
      tellsReady: false,
      largestTransfer: options.largeTransfers === "refuse" ? partBytes : null,
      bytesPerMs: speedHz / BITS_PER_BYTE / 1000,
    },
    async read(into) {
      await master.read(into);
      return readsAsNoAnswer(into) ? "later" : "done";
    },
    async write(data) {
      await master.write(data);
      return "done";
    },
    wholeBytes: COMMAND_HEADER_BYTES,
    missesSilently: (direction, length) => direction === "write" || !canReadAsNoAnswer(length),
    longestPauseMs: LONGEST_PAUSE_MS,
    pause: (pauseMs, own) => briefPause(clock, pauseMs, own),
    close: () => close(device),
  });
}

interface SpiMaster {
  read(into: Uint8Array): Promise<void>;
  write(data: Uint8Array): Promise<void>;
}

function createSpiMaster(
  device: SpiDevice,
  path: string,
  options: SpiOptions & { readonly speedHz: number; readonly partBytes: number },
): SpiMaster {
  const { partBytes, speedHz, selectDelayUs = DEFAULT_SELECT_DELAY_US } = options;
  /** What is sent while reading: a slave that listens by mistake gets no packet out of it. */
  const zeros = Buffer.alloc(partBytes);
  const nothing = Buffer.alloc(0);
  const afterSelect: SpiTransfer = { byteLength: 0, sendBuffer: nothing, microSecondDelay: selectDelayUs };

  async function frame(
    byteLength: number,
    buffers: (at: number, length: number) => Pick<SpiTransfer, "sendBuffer" | "receiveBuffer">,
  ): Promise<void> {
    if (byteLength > partBytes && options.largeTransfers === "refuse") {
      throw openError(
        "link-failure",
        `${path}: a transfer of ${byteLength} bytes is larger than spidev's buffer of ${partBytes}; enlarge it (spidev.bufsiz=65536 on the kernel's command line, or options spidev bufsiz=65536 in /etc/modprobe.d/spidev.conf)`,
      );
    }
    for (let at = 0; at < byteLength; at += partBytes) {
      const length = Math.min(partBytes, byteLength - at);
      const isLast = at + length === byteLength;
      const part: SpiTransfer = {
        byteLength: length,
        speedHz,
        ...buffers(at, length),
        // On a message's last transfer it means the opposite: stay selected until the next message.
        ...(isLast ? {} : { chipSelectChange: true }),
      };
      await transfer(device, path, at === 0 && selectDelayUs > 0 ? [afterSelect, part] : [part]);
    }
  }

  return {
    read: (into) =>
      frame(into.length, (at, length) => ({
        sendBuffer: zeros.subarray(0, length),
        receiveBuffer: Buffer.from(into.buffer, into.byteOffset + at, length),
      })),
    write: (data) =>
      frame(data.length, (at, length) => ({
        sendBuffer: Buffer.from(data.buffer, data.byteOffset + at, length),
      })),
  };
}

function transfer(device: SpiDevice, path: string, message: SpiTransfer[]): Promise<void> {
  return new Promise((resolve, reject) => {
    device.transfer(message, (error) => (error ? reject(explainSpi(error, path)) : resolve()));
  });
}

function close(device: SpiDevice): Promise<void> {
  return new Promise((resolve) => device.close(() => resolve()));
}
