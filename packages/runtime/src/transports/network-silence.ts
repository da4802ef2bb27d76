/**
 * Whether a connection that was written to has gone without a word: its other host was switched off, a router forgot it.
 * The system notices that after many minutes; what a peer should have said by then tells it sooner.
 */
import type { Clock } from "../clock.js";

export interface NetworkSilence {
  /** Something goes out, which will be answered. */
  wrote(): void;
  /** Nothing is waited for any more. */
  stop(): void;
}

/** As long as a segment takes that was lost twice. */
const DOUBTFUL_AFTER_MS = 600;
const TELL_AGAIN_MS = 100;
/** Nobody has written for so long: whoever waited has given up. */
const DOUBTED_FOR_MS = 10_000;

/** Calls `tell` again and again while nothing comes; `heardAt` says when something came last. */
export function createNetworkSilence(clock: Clock, heardAt: () => number, tell: () => void): NetworkSilence {
  /** The first write that nothing has come after, and the last one. */
  let askedAt = Number.NEGATIVE_INFINITY;
  let wroteAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;

  function look(): void {
    cancel = null;
    const now = clock.now();
    if (heardAt() >= askedAt || now > wroteAt + DOUBTED_FOR_MS) return;
    if (now >= askedAt + DOUBTFUL_AFTER_MS) tell();
    cancel = clock.after(TELL_AGAIN_MS, look);
  }

  return {
    wrote() {
      wroteAt = clock.now();
      if (heardAt() >= askedAt) askedAt = wroteAt;
      cancel ??= clock.after(DOUBTFUL_AFTER_MS, look);
    },
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}
