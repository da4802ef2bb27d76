// A clock whose timers fire within microseconds, for peers that model times of a millisecond or two: the last
// stretch before a timer is due is spent turning the event loop, which keeps a processor busy.

/** Timers of the host are late by up to this. */
const COARSE_MS = 2;

export function createExactClock() {
  const timers = new Set();
  let isTurning = false;

  function turn() {
    const now = performance.now();
    let nearest = Number.POSITIVE_INFINITY;
    for (const timer of [...timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > now) nearest = Math.min(nearest, timer.at);
      else if (timers.delete(timer)) timer.callback();
    }
    isTurning = false;
    wakeFor(nearest);
  }

  function wakeFor(at) {
    if (isTurning || at === Number.POSITIVE_INFINITY) return;
    const leftMs = at - performance.now();
    if (leftMs <= COARSE_MS) {
      isTurning = true;
      setImmediate(turn);
    } else setTimeout(turn, Math.min(leftMs - COARSE_MS, 1e9));
  }

  return {
    now: () => performance.now(),
    after(delayMs, callback) {
      const timer = { at: performance.now() + delayMs, callback };
      timers.add(timer);
      wakeFor(timer.at);
      return () => timers.delete(timer);
    },
  };
}
