/** Those who wait for the same thing, each no longer than it may: a line that is back, a connection, a greeting. */
import type { Clock } from "../clock.js";

export interface Waiters {
  /** Resolves when all are woken, after `timeoutMs`, which may be infinite, or when the signal aborts. */
  wait(timeoutMs: number, signal?: AbortSignal): Promise<void>;
  wakeAll(): void;
}

export function createWaiters(clock: Clock): Waiters {
  const waiting = new Set<() => void>();
  return {
    wait(timeoutMs, signal) {
      return new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          cancel();
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const cancel = Number.isFinite(timeoutMs) ? clock.after(timeoutMs, wake) : () => {};
        signal?.addEventListener("abort", wake);
        waiting.add(wake);
      });
    },
    wakeAll() {
      for (const wake of [...waiting]) wake();
    },
  };
}
