/**
 * A clock whose time passes only when nothing else can happen: it lets all promises settle that can, then
 * jumps to the next timer. Tests of hours take milliseconds, and come out the same every time.
 *
 * How it knows that nothing else can happen: a promise's callbacks run in the microtask queue, which the host
 * empties whole before it does anything else. Node has a queue for just after that, `process.nextTick`: what
 * is put there from a microtask runs once no microtask is left, however many they started themselves. That is
 * a third of the price of a turn of the event loop, and a call takes dozens of such moments. Elsewhere, and
 * every so often in Node too so that the host's own timers and input aren't starved, a whole turn is taken.
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

const STEPS_BETWEEN_TURNS = 1024;

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
    if (low === timers.length) timers.push(timer);
    else timers.splice(low, 0, timer);
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

  /** Fires timer after timer, each once everything has settled; ends when `isDone`, or when none is due by `until`. */
  function fireAll(until: number, isDone: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let steps = 0;
      const step = () => {
        try {
          if (isDone() || !fireNext(until)) return resolve();
        } catch (error) {
          return reject(error);
        }
        steps += 1;
        if (steps % STEPS_BETWEEN_TURNS === 0) afterTurn(step);
        else afterMicrotasks(step);
      };
      // A caller may have started work with the host itself (a worker, a file): that gets a turn first.
      afterTurn(step);
    });
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
      await fireAll(Number.POSITIVE_INFINITY, () => isSettled);
      if (!isSettled) throw new Error("nothing is left that could settle this promise");
      return work;
    },
    async advance(ms) {
      const until = now + ms;
      await fireAll(until, () => false);
      now = until;
    },
  };
}

/** A turn of the host's event loop. */
function afterTurn(step: () => void): void {
  if (typeof setImmediate === "function") setImmediate(step);
  else setTimeout(step, 0);
}

const nextTick = (globalThis as { process?: { nextTick?: (step: () => void) => void } }).process?.nextTick;

/** Once the microtask queue is empty. The extra microtask puts us inside it, wherever we were called from. */
function afterMicrotasks(step: () => void): void {
  if (nextTick === undefined) afterTurn(step);
  else queueMicrotask(() => nextTick(step));
}
