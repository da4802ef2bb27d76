/**
 * A clock whose time passes only when nothing else can happen: it lets all promises and pending callbacks
 * run, then jumps to the next timer. Tests of hours take milliseconds, and come out the same every time.
 */
import type { Clock } from "../clock.js";

export interface VirtualClock extends Clock {
  /** How many timers are pending: what a test looks at to see that all were released. */
  readonly pendingTimers: number;
  /** Runs what is due until `work` has settled, and gives its outcome. Rejects if nothing is left to wait for. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Lets so many milliseconds pass and runs all that falls due in them. */
  advance(ms: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export function createVirtualClock(): VirtualClock {
  let now = 0;
  /** Ordered by time; timers of one instant in the order in which they were set. */
  const timers: Timer[] = [];

  function insert(timer: Timer): void {
    let low = 0;
    let high = timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((timers[middle] as Timer).at <= timer.at) low = middle + 1;
      else high = middle;
    }
    timers.splice(low, 0, timer);
  }

  /** Fires the next timer if it is due by `until`. */
  function fireNext(until: number): boolean {
    const [timer] = timers;
    if (timer === undefined || timer.at > until) return false;
    timers.shift();
    now = Math.max(now, timer.at);
    timer.callback();
    return true;
  }

  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + Math.max(0, delayMs), callback };
      insert(timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    get pendingTimers() {
      return timers.length;
    },
    async run(work) {
      let isSettled = false;
      const settled = () => {
        isSettled = true;
      };
      work.then(settled, settled);
      await idle();
      while (!isSettled) {
        if (!fireNext(Number.POSITIVE_INFINITY)) {
          throw new Error("nothing is left that could settle this promise");
        }
        await idle();
      }
      return work;
    },
    async advance(ms) {
      const until = now + ms;
      await idle();
      while (fireNext(until)) await idle();
      now = until;
    },
  };
}

/** A turn of the host's event loop: by then all promises that can settle have settled. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
