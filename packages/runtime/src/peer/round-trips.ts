/**
 * The round trips of a line, measured from answers: from the first byte of a packet to the start of its answer,
 * bytes on the wire not counted. Of the last few, the least is what the line takes, the largest what it may take.
 */

/** In ms; before the first measurement `isKnown` is false, and nothing else here means anything. */
export interface RoundTrips {
  readonly isKnown: boolean;
  readonly leastMs: number;
  readonly usualMs: number;
  readonly longestMs: number;
  /** All but the longest of several: a stutter of the host is no property of the line. */
  readonly usualLongestMs: number;
  /** By how much they differ. */
  readonly spreadMs: number;
  /** An answer came, so long after each of the packets that it may answer, oldest first. */
  note(elapsedMs: readonly number[]): void;
}

const KEPT = 16;
/** An answer later than this says when the slave was ready, not how far away it is. */
const LONGEST_MS = 250;
const MUCH_TOO_EARLY = 1 / 3;
const DOUBTS_OF_A_LINE = 3;

export function createRoundTrips(): RoundTrips {
  const keptMs: number[] = [];
  /** The same from the shortest to the longest: asked for several times a call. */
  let inOrder: readonly number[] = [];
  let tooEarly = 0;
  const usualMs = () => inOrder[inOrder.length >> 1] as number;
  const longestMs = () => inOrder.at(-1) as number;

  /**
   * Of several packets that an answer may belong to, the one that fits what is known counts: one that was
   * missed must not seem to be distance, and one that was still under way not nearness. But an answer that
   * is much too early for all that is known, several times in a row, says that what is known is wrong.
   */
  function roundTripOf(elapsedMs: readonly number[]): number {
    const last = elapsedMs.at(-1) as number;
    if (keptMs.length === 0) return last;
    const usual = usualMs();
    // Where many are under way, the last of them may still wait for the wire.
    if (elapsedMs.length <= 2) tooEarly = last < usual * MUCH_TOO_EARLY ? tooEarly + 1 : 0;
    if (tooEarly >= DOUBTS_OF_A_LINE) {
      keptMs.length = 0;
      inOrder = [];
      return last;
    }
    const distance = (each: number) => Math.abs(each - usual);
    return elapsedMs.reduce((best, each) => (distance(each) < distance(best) ? each : best));
  }

  return {
    get isKnown() {
      return keptMs.length > 0;
    },
    get leastMs() {
      return inOrder[0] as number;
    },
    get usualMs() {
      return usualMs();
    },
    get longestMs() {
      return longestMs();
    },
    get usualLongestMs() {
      return inOrder.length < KEPT / 2 ? longestMs() : (inOrder.at(-2) as number);
    },
    get spreadMs() {
      return longestMs() - (inOrder[0] as number);
    },
    note(elapsedMs) {
      const measuredMs = roundTripOf(elapsedMs);
      if (measuredMs > LONGEST_MS) return;
      keptMs.push(Math.max(0, measuredMs));
      if (keptMs.length > KEPT) keptMs.shift();
      inOrder = [...keptMs].sort((a, b) => a - b);
    },
  };
}
