/**
 * The slave's end of a modelled SPI bus: one transfer at a time that waits to be clocked, over as many frames of the
 * master as it takes. As the worker of our link, and as the camera's own library uses a board's bus.
 */
import type { Clock } from "../../src/clock.js";
import type { StockPort } from "../../src/testing/index.js";
import { openError } from "../../src/transports/open-error.js";
import type { SpiSlaveWorker } from "../../src/transports/spi-slave.js";
import { createStockWaits, readAfterDiscards, SHORT_TIMEOUT_MS } from "./stock-waits.js";
import type { TimedSpiSlave } from "./timed-spi-bus.js";

export interface SpiSlaveEnd extends TimedSpiSlave {
  /** Gives `out` away and fills a buffer of the same length; calls back when all of it was clocked. */
  arm(out: Uint8Array, done: (received: Uint8Array) => void): void;
  disarm(): void;
}

export function createSpiSlaveEnd(): SpiSlaveEnd {
  let armed: {
    readonly out: Uint8Array;
    readonly received: Uint8Array;
    moved: number;
    readonly done: (received: Uint8Array) => void;
  } | null = null;
  return {
    get isArmed() {
      return armed !== null;
    },
    clock(bytes) {
      if (armed === null) return null;
      const { out, received, moved, done } = armed;
      const count = Math.min(bytes.length, out.length - moved);
      received.set(bytes.subarray(0, count), moved);
      armed.moved += count;
      const given = out.slice(moved, moved + count);
      if (armed.moved === out.length) {
        armed = null;
        done(received);
      }
      return given;
    },
    arm(out, done) {
      armed = { out: out.slice(), received: new Uint8Array(out.length), moved: 0, done };
    },
    disarm() {
      armed = null;
    },
  };
}

/** Starting a process, and a word to it and back. */
const START_MS = 40;
const WORD_MS = 0.15;

/** The process that waits for our link. */
export async function startTimedWorker(end: SpiSlaveEnd, clock: Clock): Promise<SpiSlaveWorker> {
  const pass = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  let isEnded = false;
  let reject = (_: Error) => {};
  await pass(START_MS);
  return {
    async transfer(bytes) {
      await pass(WORD_MS);
      const received = await new Promise<Uint8Array>((resolve, fail) => {
        reject = fail;
        if (isEnded) fail(openError("closed", "the process was ended"));
        else end.arm(bytes, resolve);
      });
      await pass(WORD_MS);
      return received;
    },
    end() {
      isEnded = true;
      end.disarm();
      reject(openError("closed", "the process was ended"));
    },
  };
}

/** How the camera's own library is a slave on SPI. */
export function createStockSpi(end: SpiSlaveEnd, clock: Clock): StockPort {
  const waits = createStockWaits(clock);

  async function transfer(out: Uint8Array, timeoutMs: number): Promise<Uint8Array | null> {
    const until = clock.now() + timeoutMs;
    let received = null as Uint8Array | null;
    end.arm(out, (bytes) => {
      received = bytes;
      waits.wake();
    });
    try {
      while (received === null && clock.now() < until) await waits.wait(until, true);
    } finally {
      if (received === null) end.disarm();
    }
    return received;
  }

  const port: StockPort = {
    readAfterDiscard: (size, garbageMs, until) => readAfterDiscards(port, clock, size, garbageMs, until),
    async read(size, { timeoutMs = SHORT_TIMEOUT_MS } = {}) {
      const bytes = await transfer(new Uint8Array(size), timeoutMs);
      // As in the library: what is all the same is no message.
      return bytes?.every((byte) => byte === bytes[0]) && size > 1 ? null : bytes;
    },
    discard() {},
    put: async (bytes, timeoutMs = SHORT_TIMEOUT_MS) => (await transfer(bytes, timeoutMs)) !== null,
    sleep: (ms) => waits.wait(clock.now() + ms, false),
    stop() {
      waits.stop();
      end.disarm();
    },
  };
  return port;
}
