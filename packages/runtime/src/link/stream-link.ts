/**
 * A link over anything that delivers chunks of bytes as they come: the memory link, a UART and later
 * the network are this plus a way to write. A pending read is filled straight from the chunks, and what
 * comes while nobody reads waits in the chunks that it came in where they may be kept: so a message is
 * copied once here.
 */
import type { Clock } from "../clock.js";
import { RpcError } from "../errors.js";
import { createByteQueue } from "./byte-queue.js";
import type { Link, LinkTraits } from "./link.js";
import { lengthOfPieces } from "./put-pieces.js";

export interface StreamLinkDriver {
  readonly clock: Clock;
  /** `framing` is "stream" here, always. */
  readonly traits?: Partial<Omit<LinkTraits, "framing">>;
  /** The contract of `Link.putBytes`. */
  write(data: Uint8Array, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /** The contract of `Link.putPieces`; left out where the line wants one array. */
  writePieces?(pieces: readonly Uint8Array[], timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /** Frees what is below; called once. */
  close(): Promise<void>;
  /** Told once when the line has failed (not when it is closed), also while nobody reads or writes. */
  lost?(error: RpcError): void;
  /** Nobody reads and a lot has come: stop delivering, if that is possible, until `resume`. */
  pause?(): void;
  resume?(): void;
}

export interface StreamLink {
  readonly link: Link;
  /** Hands over what was received. `chunk` is copied, unless `mayKeep`: nobody will change it any more. */
  receive(chunk: Uint8Array, mayKeep?: boolean): void;
  /** The line has ended: pending reads reject with the error, later ones too once the queue is empty. */
  fail(error: RpcError): void;
}

interface PendingRead {
  readonly into: Uint8Array;
  filled: number;
  finish(filled: boolean): void;
  reject(error: RpcError): void;
}

/** Unread bytes above this pause the driver. */
const HIGH_WATER_BYTES = 1024 * 1024;
/**
 * A timer that fires this much late says that the host was busy with something else. What came in the
 * meantime is still below, so the read gets that long once more before it counts as timed out.
 */
const LATE_TIMER_MS = 2;

export function createStreamLink(driver: StreamLinkDriver): StreamLink {
  const { clock } = driver;
  const queue = createByteQueue();
  let pending: PendingRead | null = null;
  let ended: RpcError | null = null;
  let closing: Promise<void> | null = null;
  let paused = false;

  function resume(): void {
    if (!paused) return;
    paused = false;
    driver.resume?.();
  }

  function end(error: RpcError): void {
    ended ??= error;
    pending?.reject(ended);
  }

  function receive(chunk: Uint8Array, mayKeep = false): void {
    let rest = chunk;
    if (pending !== null) {
      const { into, filled } = pending;
      const taken = Math.min(into.length - filled, chunk.length);
      into.set(taken === chunk.length ? chunk : chunk.subarray(0, taken), filled);
      pending.filled += taken;
      rest = chunk.subarray(taken);
      if (pending.filled === into.length) pending.finish(true);
    }
    if (rest.length === 0) return;
    queue.push(rest, mayKeep);
    if (queue.length > HIGH_WATER_BYTES && !paused) {
      paused = true;
      driver.pause?.();
    }
  }

  /** A read that has to wait: it starts with what is queued and is filled by `receive`. */
  function wait(into: Uint8Array, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let cancel = () => {};
      const settle = () => {
        pending = null;
        cancel();
        signal?.removeEventListener("abort", giveUp);
      };
      const read: PendingRead = {
        into,
        filled: queue.length,
        finish(filled) {
          settle();
          if (!filled) queue.unshift(into.subarray(0, read.filled));
          resolve(filled);
        },
        reject(error) {
          settle();
          reject(error);
        },
      };
      const giveUp = () => read.finish(false);
      const arm = (delayMs: number, mayBeLate: boolean) => {
        const dueAt = clock.now() + delayMs;
        cancel = clock.after(delayMs, () => {
          if (mayBeLate && clock.now() - dueAt > LATE_TIMER_MS) arm(LATE_TIMER_MS, false);
          else giveUp();
        });
      };
      queue.take(into.subarray(0, queue.length));
      pending = read;
      signal?.addEventListener("abort", giveUp);
      arm(timeoutMs, true);
      resume();
    });
  }

  async function put(
    byteLength: number,
    signal: AbortSignal | undefined,
    write: () => Promise<boolean>,
  ): Promise<boolean> {
    if (ended !== null) throw ended;
    if (signal?.aborted) return false;
    return byteLength === 0 || write();
  }

  const { writePieces } = driver;
  const link: Link = {
    traits: { streamDepth: 255, largestTransfer: null, ...driver.traits, framing: "stream" },
    get available() {
      return queue.length + (pending?.filled ?? 0);
    },
    async getBytes(into, timeoutMs, signal) {
      if (pending !== null) throw new Error("a read of this link is pending already");
      if (queue.take(into)) {
        if (queue.length < HIGH_WATER_BYTES / 2) resume();
        return true;
      }
      if (ended !== null) throw ended;
      if (signal?.aborted || timeoutMs <= 0) return false;
      return wait(into, timeoutMs, signal);
    },
    putBytes: (data, timeoutMs, signal) =>
      put(data.length, signal, () => driver.write(data, timeoutMs, signal)),
    ...(writePieces !== undefined && {
      putPieces: (pieces, timeoutMs, signal) =>
        put(lengthOfPieces(pieces), signal, () => writePieces(pieces, timeoutMs, signal)),
    }),
    async flush() {
      queue.clear();
      resume();
    },
    close() {
      end(new RpcError("closed", "the link was closed", { phase: "open", executed: "unknown" }));
      queue.clear();
      closing ??= driver.close();
      return closing;
    },
    [Symbol.asyncDispose]() {
      return link.close();
    },
  };
  return {
    link,
    receive,
    fail(error) {
      if (ended !== null) return;
      end(error);
      driver.lost?.(error);
    },
  };
}
