/** Waiting as modelled stock ports do on links that honour timeouts, and the tries that their library makes. */
import type { Clock } from "../../src/clock.js";
import { STOPPED, type StockPort } from "../../src/testing/stock-port.js";

/** The first timeout of a try; each later one is a millisecond longer. */
export const SHORT_TIMEOUT_MS = 2;
const LONGEST_TIMEOUT_MS = 45;

export interface StockWaits {
  /** Until `at`, or with `wakes` until `wake`, whichever is first. Rejects with `STOPPED` once it was stopped. */
  wait(at: number, wakes: boolean): Promise<void>;
  wake(): void;
  stop(): void;
}

export function createStockWaits(clock: Clock): StockWaits {
  let isStopped = false;
  let pending: { readonly wakes: boolean; go(): void; reject(): void } | null = null;
  return {
    wait(at, wakes) {
      if (isStopped) return Promise.reject(STOPPED);
      return new Promise((resolve, reject) => {
        const settle = () => {
          pending = null;
          cancel();
        };
        const go = () => {
          settle();
          resolve();
        };
        pending = {
          wakes,
          go,
          reject() {
            settle();
            reject(STOPPED);
          },
        };
        const cancel = clock.after(Math.max(0, at - clock.now()), go);
      });
    },
    wake() {
      if (pending?.wakes) pending.go();
    },
    stop() {
      isStopped = true;
      pending?.reject();
    },
  };
}

/** Discards and reads with a timeout that grows, as long as nothing comes; the library starts anew each second. */
export async function readAfterDiscards(
  port: StockPort,
  clock: Clock,
  size: number,
  garbageMs: () => number,
  until: number,
): Promise<Uint8Array | "over"> {
  for (
    let timeoutMs = SHORT_TIMEOUT_MS;
    ;
    timeoutMs = timeoutMs >= LONGEST_TIMEOUT_MS ? SHORT_TIMEOUT_MS : timeoutMs + 1
  ) {
    if (clock.now() > until) return "over";
    await port.sleep(garbageMs());
    port.discard();
    const bytes = await port.read(size, { timeoutMs });
    if (bytes !== null) return bytes;
  }
}
