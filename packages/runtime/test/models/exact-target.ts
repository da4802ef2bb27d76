/**
 * The slave's end of a model bus as a link: it takes a write transaction only while it reads, and answers a
 * read transaction only while it has something to say, as a board that runs `rpc_i2c_slave` does.
 */
import type { Clock } from "../../src/clock.js";
import { RpcError } from "../../src/errors.js";
import type { Link } from "../../src/link/link.js";

export interface ExactTarget {
  readonly link: Link;
  /** Offers bytes that the master has clocked in; how many were taken. */
  take(bytes: Uint8Array): number;
  /** Gives up to `length` bytes to a master that clocks so many; null where there is nothing to say. */
  give(length: number): Uint8Array | null;
}

interface Pending {
  readonly bytes: Uint8Array;
  moved: number;
  settle(outcome: boolean | RpcError): void;
}

/** `isPart`: whether a transaction of this length may be a part of a longer transfer; else it ends one that is not full. */
export function createExactTarget(
  clock: Clock,
  isPart: (length: number) => boolean = () => true,
): ExactTarget {
  let reading: Pending | null = null;
  let writing: Pending | null = null;
  let ended: RpcError | null = null;

  function wait(
    bytes: Uint8Array,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    set: (pending: Pending | null) => void,
  ): Promise<boolean> {
    if (ended !== null) return Promise.reject(ended);
    if (signal?.aborted) return Promise.resolve(false);
    if (bytes.length === 0) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const giveUp = () => pending.settle(false);
      const cancel = clock.after(timeoutMs, giveUp);
      signal?.addEventListener("abort", giveUp);
      const pending: Pending = {
        bytes,
        moved: 0,
        settle(outcome) {
          set(null);
          cancel();
          signal?.removeEventListener("abort", giveUp);
          if (outcome instanceof RpcError) reject(outcome);
          else resolve(outcome);
        },
      };
      set(pending);
    });
  }

  const link: Link = {
    traits: { framing: "exact", streamDepth: 1, largestTransfer: null },
    available: 0,
    getBytes: (into, timeoutMs, signal) =>
      wait(into, timeoutMs, signal, (pending) => {
        reading = pending;
      }),
    putBytes: (data, timeoutMs, signal) =>
      wait(data.slice(), timeoutMs, signal, (pending) => {
        writing = pending;
      }),
    flush: async () => {},
    async close() {
      ended ??= new RpcError("closed", "the link was closed", { phase: "open", executed: "unknown" });
      reading?.settle(ended);
      writing?.settle(ended);
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
  return {
    link,
    take(bytes) {
      if (reading === null) return 0;
      const count = Math.min(bytes.length, reading.bytes.length - reading.moved);
      reading.bytes.set(bytes.subarray(0, count), reading.moved);
      reading.moved += count;
      if (reading.moved === reading.bytes.length) reading.settle(true);
      else if (!isPart(bytes.length)) reading.settle(false);
      return count;
    },
    give(length) {
      if (writing === null) return null;
      const given = writing.bytes.subarray(writing.moved, writing.moved + length);
      writing.moved += given.length;
      if (writing.moved === writing.bytes.length) writing.settle(true);
      else if (!isPart(length)) writing.settle(false);
      return given;
    },
  };
}
