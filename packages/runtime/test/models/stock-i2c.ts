/**
 * How the camera's own library is a slave on I2C: it takes part in one transaction of the size that it waits for,
 * within the time that it was given, and does not acknowledge its address at any other moment.
 */
import type { Clock } from "../../src/clock.js";
import type { StockPort } from "../../src/testing/index.js";
import { createStockWaits, readAfterDiscards, SHORT_TIMEOUT_MS } from "./stock-waits.js";
import type { TimedI2cTarget } from "./timed-i2c-bus.js";

/** What stands on the board's end of the bus; ports come and go with resets. */
export interface StockI2cBoard {
  readonly target: TimedI2cTarget;
  openPort(): StockPort;
}

interface Waiting {
  readonly op: "read" | "write";
  readonly bytes: Uint8Array;
  moved: number;
  state: "waiting" | "done" | "broken";
}

export function createStockI2c(clock: Clock): StockI2cBoard {
  let waiting: Waiting | null = null;
  let wake = () => {};

  function settle(state: "done" | "broken"): void {
    if (waiting === null) return;
    waiting.state = state;
    waiting = null;
    wake();
  }

  return {
    target: {
      accepts: (op) => waiting?.op === op,
      isReadyFor: (op) => waiting?.op === op,
      take(bytes) {
        if (waiting === null) return 0;
        const part = bytes.subarray(0, waiting.bytes.length - waiting.moved);
        waiting.bytes.set(part, waiting.moved);
        waiting.moved += part.length;
        if (waiting.moved === waiting.bytes.length) settle("done");
        return part.length;
      },
      give(length) {
        if (waiting === null) return new Uint8Array(0);
        const part = waiting.bytes.slice(waiting.moved, waiting.moved + length);
        waiting.moved += part.length;
        if (waiting.moved === waiting.bytes.length) settle("done");
        return part;
      },
      // A transaction that ended early ends the board's, too.
      stop: () => settle("broken"),
    },
    openPort() {
      const waits = createStockWaits(clock);
      wake = waits.wake;

      async function transfer(op: "read" | "write", bytes: Uint8Array, timeoutMs: number): Promise<boolean> {
        const own: Waiting = { op, bytes, moved: 0, state: "waiting" };
        const until = clock.now() + timeoutMs;
        waiting = own;
        try {
          while (own.state === "waiting" && clock.now() < until) await waits.wait(until, true);
        } finally {
          if (waiting === own) waiting = null;
        }
        return own.state === "done";
      }

      const port: StockPort = {
        readAfterDiscard: (size, garbageMs, until) => readAfterDiscards(port, clock, size, garbageMs, until),
        async read(size, { timeoutMs = SHORT_TIMEOUT_MS } = {}) {
          const bytes = new Uint8Array(size);
          return (await transfer("write", bytes, timeoutMs)) ? bytes : null;
        },
        discard() {},
        put: (bytes, timeoutMs = SHORT_TIMEOUT_MS) => transfer("read", bytes, timeoutMs),
        sleep: (ms) => waits.wait(clock.now() + ms, false),
        stop: waits.stop,
      };
      return port;
    },
  };
}
