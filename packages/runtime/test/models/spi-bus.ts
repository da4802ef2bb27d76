/**
 * A model of an SPI bus as the `spi-device` package shows it: messages of transfers, spidev's buffer, a chip
 * select that is held when the last transfer of a message asks for it. Nobody says whether a slave listens:
 * the line then reads as zeros.
 */
import type { Clock } from "../../src/clock.js";
import type { SpiDevice, SpiDeviceOptions, SpiPackage, SpiTransfer } from "../../src/transports/spi-bus.js";
import { systemError } from "./i2c-bus.js";

export interface SpiTarget {
  /** What the master clocks out; how much of it the target took. */
  take(bytes: Uint8Array): number;
  /** What the target puts on the line meanwhile; null: nothing. */
  give(length: number): Uint8Array | null;
}

export interface SpiFrame {
  /** Transfers under one chip select: their lengths, and the delay of the first. */
  readonly lengths: number[];
  readonly mosi: number[];
  delayUs: number;
  isOver: boolean;
}

export interface SpiBusModel {
  readonly package: SpiPackage;
  target: SpiTarget | null;
  /** In place of a target: what the master clocks out for what it gets; null where nobody listens. */
  slave: { clock(bytes: Uint8Array): Uint8Array | null } | null;
  readonly bufferBytes: number;
  readonly frames: SpiFrame[];
  readonly failures: string[];
  openedWith: SpiDeviceOptions | null;
  openDevices: number;
  speedHz: number;
}

/** 1 MHz. */
const BYTES_PER_MS = 125;

/** With a clock a message takes its time on it, else none. */
export function createSpiBus(
  options: { readonly bufferBytes?: number; readonly clock?: Clock } = {},
): SpiBusModel {
  const bus: SpiBusModel = {
    package: { open },
    target: null,
    slave: null,
    bufferBytes: options.bufferBytes ?? 4096,
    frames: [],
    failures: [],
    openedWith: null,
    openDevices: 0,
    speedHz: 0,
  };
  return bus;

  function open(
    number: number,
    device: number,
    wanted: SpiDeviceOptions,
    done: (error: Error | null) => void,
  ): SpiDevice {
    const errno = number !== 0 || device !== 0 ? "ENOENT" : bus.failures.shift();
    queueMicrotask(() => {
      if (errno === undefined) {
        bus.openDevices += 1;
        bus.openedWith = wanted;
      }
      done(errno === undefined ? null : systemError(errno));
    });
    return {
      transfer(message, transferred) {
        const finish = () => transferred(run(message));
        if (options.clock === undefined) return queueMicrotask(finish);
        const bytes = message.reduce((sum, { byteLength }) => sum + byteLength, 0);
        options.clock.after(bytes / BYTES_PER_MS, finish);
      },
      close(closed) {
        bus.openDevices -= 1;
        queueMicrotask(() => closed(null));
      },
    };
  }

  function run(message: readonly SpiTransfer[]): Error | null {
    const failure = bus.failures.shift();
    if (failure !== undefined) return systemError(failure);
    const total = (kind: "sendBuffer" | "receiveBuffer") =>
      message.reduce((sum, part) => sum + (part[kind] === undefined ? 0 : part.byteLength), 0);
    if (total("sendBuffer") > bus.bufferBytes || total("receiveBuffer") > bus.bufferBytes) {
      return systemError("EMSGSIZE");
    }
    for (const part of message) {
      const { sendBuffer, receiveBuffer, byteLength } = part;
      if ((sendBuffer?.length ?? byteLength) < byteLength) return systemError("EINVAL");
      if ((receiveBuffer?.length ?? byteLength) < byteLength) return systemError("EINVAL");
      clock(part, currentFrame());
      // Between two transfers it takes the select away; after the last one it leaves it.
      const isLast = part === message.at(-1);
      if ((part.chipSelectChange === true) !== isLast) endFrame();
    }
    return null;
  }

  function clock(part: SpiTransfer, frame: SpiFrame): void {
    const { sendBuffer, receiveBuffer, byteLength } = part;
    bus.speedHz = part.speedHz ?? bus.speedHz;
    frame.delayUs += part.microSecondDelay ?? 0;
    if (byteLength === 0) return;
    frame.lengths.push(byteLength);
    const out = sendBuffer?.subarray(0, byteLength) ?? new Uint8Array(byteLength);
    frame.mosi.push(...out.subarray(0, 16));
    // A target that has something to say makes nothing of what it hears.
    const given = bus.slave?.clock(Uint8Array.from(out)) ?? bus.target?.give(byteLength) ?? null;
    if (given === null) bus.target?.take(Uint8Array.from(out));
    if (receiveBuffer !== undefined) {
      receiveBuffer.fill(0, 0, byteLength);
      if (given !== null) receiveBuffer.set(given);
    }
  }

  function currentFrame(): SpiFrame {
    const last = bus.frames.at(-1);
    if (last !== undefined && !last.isOver) return last;
    const frame: SpiFrame = { lengths: [], mosi: [], delayUs: 0, isOver: false };
    bus.frames.push(frame);
    return frame;
  }

  function endFrame(): void {
    const last = bus.frames.at(-1);
    if (last !== undefined) last.isOver = true;
  }
}
