/**
 * How long the other side of I2C or SPI needs from one transfer to the next: it has to take in what came and to
 * get ready for what follows, and a slave that is a program on a busy host needs longer than a camera. The
 * master learns it from the acknowledgements, which a slave gives before it does anything else.
 */
export interface Turnaround {
  /** The longest of the last few, with something to spare; 0: too short to matter. What it waits for is there then. */
  readonly ms: number;
  /** The same for waiting between transfers: shorter than a slave holds an answer out. */
  readonly pauseMs: number;
  /** An acknowledgement came, so long after what it acknowledges: surely, or at the most. */
  note(elapsedMs: number, isSure: boolean): void;
}

const KEPT = 8;
const SPREAD = 1.25;
/**
 * What a camera needs lies below; it is covered by the pause that its library makes before a transfer. A slave that is a
 * program needs longer even on an idle host, and a read for an acknowledgement that finds it not ready, and another
 * one a moment later, take longer than this.
 */
const LEAST_MS = 0.4;
const LONGEST_MS = 250;
const LONGEST_PAUSE_MS = 64;

export function createTurnaround(): Turnaround {
  const kept: number[] = [];
  /** Better too long a pause than one more packet lost; the next that is sure takes its place. */
  let guess = 0;
  return {
    get ms() {
      const longest = Math.max(guess, ...kept) * SPREAD;
      return longest < LEAST_MS ? 0 : Math.min(longest, LONGEST_MS);
    },
    get pauseMs() {
      return Math.min(this.ms, LONGEST_PAUSE_MS);
    },
    note(elapsedMs, isSure) {
      guess = isSure ? 0 : elapsedMs;
      if (!isSure) return;
      kept.push(elapsedMs);
      if (kept.length > KEPT) kept.shift();
    },
  };
}
