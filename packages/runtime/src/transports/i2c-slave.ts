/**
 * A link over I2C, this side as the slave: on a Raspberry Pi 1 to 4, whose chip has an I2C slave of its own
 * (BSC) that the pigpio daemon speaks to. Linux's own slave support knows no plain bytes, only backends such
 * as a simulated EEPROM.
 *
 * A get collects what the master writes until it has as many bytes; a put fills the chip's FIFO until the
 * master has read them all. A master that writes where it was to read has started over: the put gives up.
 */
import { type Clock, systemClock } from "../clock.js";
import { RpcError } from "../errors.js";
import { createByteQueue } from "../link/byte-queue.js";
import type { Link } from "../link/link.js";
import { briefPause } from "./brief-pause.js";
import { openError } from "./open-error.js";
import { BSC_LARGEST, type BscPeripheral, openBsc } from "./pigpio-bsc.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export interface I2cSlaveOptions {
  /** This side's 7-bit address; 0x12 by default, as in the camera's library. */
  readonly address?: number;
  /** Where the pigpio daemon listens; this machine by default. */
  readonly host?: string;
  /** 8,888 by default. */
  readonly port?: number;
  /** Comes back by itself after a failure; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

const DEFAULT_ADDRESS = 0x12;
const LOWEST_ADDRESS = 0x08;
const HIGHEST_ADDRESS = 0x77;
const DEFAULT_PORT = 8888;
/** While nothing moves the chip is looked at so often; its FIFO of 16 bytes fills in 1.4 ms at 100 kHz. */
const IDLE_PAUSE_MS = 0.5;
/**
 * A message whose bytes stop coming for so long, and in so many looks at the chip, was given up; what it left must not
 * become the start of the next. The looks tell a silent master from a busy host.
 */
const BROKEN_OFF = { ms: 100, looks: 100 };
/** No adapter cuts a packet of this size in two: what follows a pause is another message. */
const SHORT_BYTES = 12;
const SHORT_BROKEN_OFF = { ms: 2, looks: 3 };

/** What may take the place of the pigpio daemon and of the host's clock. */
export interface I2cSlaveSurroundings {
  readonly open?: typeof openBsc;
  readonly clock?: Clock;
}

/**
 * Listens to the address. Rejects with an `RpcError` of phase `open`: `link-failure` where no pigpio daemon
 * runs or it refuses, `bad-argument` for an address that can't be.
 */
export function openI2cSlave(
  options: I2cSlaveOptions = {},
  surroundings: I2cSlaveSurroundings = {},
): Promise<Link> {
  const { clock = systemClock, open = openBsc } = surroundings;
  const { address = DEFAULT_ADDRESS, host = "127.0.0.1", port = DEFAULT_PORT } = options;
  return withReconnect(
    async ({ signal }) => {
      if (!Number.isInteger(address) || address < LOWEST_ADDRESS || address > HIGHEST_ADDRESS) {
        throw openError("bad-argument", `an I2C address is from 0x08 to 0x77, not ${address}`);
      }
      return createI2cSlaveLink(await open({ host, port, address }, clock, signal), clock);
    },
    options,
    clock,
  );
}

const NOTHING = new Uint8Array(0);

function createI2cSlaveLink(bsc: BscPeripheral, clock: Clock): Link {
  const received = createByteQueue();
  let ended: RpcError | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | null = null;
  const stop = new AbortController();

  async function get(into: Uint8Array, isOver: () => boolean): Promise<boolean> {
    let cameAt = clock.now();
    let emptyLooks = 0;
    const brokenOff = into.length <= SHORT_BYTES ? SHORT_BROKEN_OFF : BROKEN_OFF;
    while (!received.take(into)) {
      if (isOver()) return false;
      const { received: bytes } = await bsc.transfer(NOTHING);
      received.push(bytes);
      if (bytes.length > 0) {
        cameAt = clock.now();
        emptyLooks = 0;
        continue;
      }
      emptyLooks += 1;
      if (emptyLooks > brokenOff.looks && clock.now() - cameAt > brokenOff.ms) received.clear();
      await briefPause(clock, IDLE_PAUSE_MS, stop.signal);
    }
    return true;
  }

  async function put(data: Uint8Array, isOver: () => boolean): Promise<boolean> {
    let at = 0;
    let seenAt = received.length;
    while (true) {
      const look = await bsc.transfer(data.subarray(at, at + BSC_LARGEST));
      at += look.copied;
      received.push(look.received);
      const isRead = at === data.length && look.isTransmitEmpty;
      // A master that has read all of it and says the next thing already keeps the chip busy.
      if (isRead && (!look.isBusy || received.length > seenAt)) return true;
      if (isOver() || received.length > seenAt) {
        await bsc.clear();
        return false;
      }
      seenAt = received.length;
      if (look.copied === 0) await briefPause(clock, IDLE_PAUSE_MS, stop.signal);
    }
  }

  async function inTurn(
    bytes: Uint8Array,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    work: (bytes: Uint8Array, isOver: () => boolean) => Promise<boolean>,
  ): Promise<boolean> {
    if (ended !== null) throw ended;
    if (signal?.aborted) return false;
    if (bytes.length === 0) return true;
    const deadline = clock.now() + timeoutMs;
    const isOver = () => ended !== null || signal?.aborted === true || clock.now() >= deadline;
    const turn = last.then(() => work(bytes, isOver));
    last = turn.catch(() => {});
    try {
      const isDone = await turn;
      if (ended !== null) throw ended;
      return isDone;
    } catch (error) {
      if (error instanceof RpcError) ended ??= error;
      throw ended ?? error;
    }
  }

  const link: Link = {
    traits: { framing: "exact", streamDepth: 1, largestTransfer: null },
    get available() {
      return received.length;
    },
    getBytes: (into, timeoutMs, signal) => inTurn(into, timeoutMs, signal, get),
    putBytes: (data, timeoutMs, signal) => inTurn(data, timeoutMs, signal, put),
    async flush() {
      if (ended !== null) return;
      // The chip is asked in turn anyway; a get that waits is not to be waited for.
      await bsc.transfer(NOTHING).catch(() => {});
      received.clear();
    },
    close() {
      ended ??= new RpcError("closed", "the link was closed", { phase: "open", executed: "unknown" });
      stop.abort();
      closing ??= last.then(() => bsc.close());
      return closing;
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
  return link;
}
