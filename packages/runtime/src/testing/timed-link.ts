/** One end of a timed line as a link: it works out when a read is filled and sets one timer for it. */
import type { Clock } from "../clock.js";
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import type { Arrivals } from "./arrivals.js";

export interface TimedLinkOptions {
  readonly clock: Clock;
  readonly arrivals: Arrivals;
  readonly send: (bytes: Uint8Array) => number;
  readonly bytesPerMs: number | null;
  readonly stallsMs: number | null;
  readonly onClose: () => void;
}

export interface TimedLink {
  readonly link: Link;
  /** The line has ended: reads reject with `closed` once what has landed is taken. */
  endBecause(message: string): void;
}

export function createTimedLink(options: TimedLinkOptions): TimedLink {
  const { clock, arrivals, bytesPerMs, stallsMs } = options;
  let ended: RpcError | null = null;
  let pending: { look(): void; reject(error: RpcError): void } | null = null;
  arrivals.onAdd = () => pending?.look();

  function endBecause(message: string): void {
    ended ??= new RpcError("closed", message, { phase: "open", executed: "unknown" });
    pending?.reject(ended);
  }

  function wait(into: Uint8Array, timeoutMs: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const until = clock.now() + timeoutMs;
      let cancel = () => {};
      let dueAt = Number.NaN;
      const settle = () => {
        pending = null;
        cancel();
        signal?.removeEventListener("abort", giveUp);
      };
      const giveUp = () => {
        settle();
        resolve(false);
      };
      const fillIt = () => {
        settle();
        arrivals.take(into);
        resolve(true);
      };
      /** Sets the one timer: for the last byte where it is under way and in time, else for the end of patience. */
      const look = () => {
        const filledAt = arrivals.landsAt(into.length - 1);
        const isInTime = filledAt <= until;
        const nextDueAt = isInTime ? filledAt : until;
        if (isInTime && filledAt <= clock.now()) return fillIt();
        if (nextDueAt === dueAt) return;
        dueAt = nextDueAt;
        cancel();
        cancel =
          dueAt === Number.POSITIVE_INFINITY
            ? () => {}
            : clock.after(dueAt - clock.now(), isInTime ? fillIt : giveUp);
      };
      pending = {
        look,
        reject(error) {
          settle();
          reject(error);
        },
      };
      signal?.addEventListener("abort", giveUp);
      look();
    });
  }

  const link: Link = {
    traits: {
      framing: "stream",
      streamDepth: 255,
      largestTransfer: null,
      ...(bytesPerMs === null ? {} : { bytesPerMs }),
      ...(stallsMs === null ? {} : { stallsMs }),
    },
    get available() {
      return arrivals.landedBy(clock.now());
    },
    async getBytes(into, timeoutMs, signal) {
      if (pending !== null) throw new Error("a read of this link is pending already");
      if (into.length === 0) return true;
      if (signal?.aborted && ended === null) return false;
      if (arrivals.landedBy(clock.now()) >= into.length) {
        arrivals.take(into);
        return true;
      }
      if (ended !== null) throw ended;
      return timeoutMs <= 0 ? false : wait(into, timeoutMs, signal);
    },
    async putBytes(data, _timeoutMs, signal) {
      if (ended !== null) throw ended;
      if (signal?.aborted) return false;
      if (data.length > 0) options.send(data);
      return true;
    },
    async flush() {
      arrivals.lose(arrivals.landedBy(clock.now()));
      pending?.look();
    },
    async close() {
      if (ended === null) options.onClose();
      endBecause("the link was closed");
      arrivals.lose(Number.POSITIVE_INFINITY);
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
  return { link, endBecause };
}
