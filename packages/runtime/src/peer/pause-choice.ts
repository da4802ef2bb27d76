/**
 * The pause between a command and the first request for its result, learned for one function: a small set
 * of candidates above what the function itself takes, each with how often it was answered at the first try.
 */

export interface PauseLesson {
  /** How many requests were missed before one was answered. */
  readonly missed: number;
  /** From the end of the command to the first request, both at the slave. */
  readonly keptPauseMs: number;
  /** From the first request to the one that was answered. */
  readonly answeredAfterMs: number;
}

export interface PauseChoice {
  /** The pause to keep before the first request, in ms. */
  next(): number;
  /** Whether the first request is answered nearly always, so that one is enough. */
  readonly isSure: boolean;
  learn(lesson: PauseLesson): void;
}

const CANDIDATES_MS = [0, 0.5, 1, 1.5, 2, 2.5, 3];
/** What a missed request costs: the time until the next one, and the packet itself. */
const MISS_COST_MS = 2.2;
const SMOOTHING = 1 / 12;
const OFTEN = 0.85;
/** Hopeful enough for a single request: a slave that misses none would answer each copy. */
const UNTRIED = 0.9;
/** Every so many calls a neighbour of the best candidate is tried. */
const EXPLORE_EVERY = 32;
/** So many misses over so much time are hardly luck: the function takes longer than was thought. */
const MISSED_OFTEN = 10;
const BEYOND_MS = 8;
/** What is left between the moment a slow function was seen to be done and the first request. */
const MARGIN_MS = 1.5;
/** A duration is doubted so often before it is believed, and once more every so many calls. */
const DOUBTS = 3;
const DOUBT_EVERY = 64;
const SURELY_SOONER = 0.9;
/** Shorter than this, a duration is what the candidates are for. */
const SHORTEST_DURATION_MS = 4;

export function createPauseChoice(): PauseChoice {
  /** What the function takes, as far as it is known. */
  let baseMs = 0;
  let answered: number[] = CANDIDATES_MS.map(() => UNTRIED);
  /** How often the first request was answered, whatever the pause before it. */
  let firstShare = UNTRIED;
  let calls = 0;
  let chosen = 0;
  let doubts = 0;
  /** How long the call before seemed to take, if that was beyond luck; 0 if it was not. */
  let wasSlow = 0;

  const costOf = (index: number) =>
    (CANDIDATES_MS[index] as number) + (1 - (answered[index] as number)) * MISS_COST_MS;

  function best(): number {
    let least = 0;
    for (let index = 1; index < CANDIDATES_MS.length; index++)
      if (costOf(index) < costOf(least)) least = index;
    return least;
  }

  /** A request at half the duration costs one packet and tells whether the function takes that long at all. */
  const isDoubted = () => baseMs > 0 && doubts > 0;
  const wantedMs = () => (isDoubted() ? baseMs / 2 : baseMs + (CANDIDATES_MS[chosen] as number));

  function settleDuration(durationMs: number): void {
    baseMs = durationMs < SHORTEST_DURATION_MS ? 0 : durationMs;
    answered = CANDIDATES_MS.map(() => UNTRIED);
  }

  return {
    next() {
      calls += 1;
      if (calls % DOUBT_EVERY === 0) doubts = Math.max(doubts, 1);
      chosen = best();
      if (calls % EXPLORE_EVERY === 0) {
        const step = calls % (2 * EXPLORE_EVERY) === 0 ? 1 : -1;
        chosen = Math.min(Math.max(chosen + step, 0), CANDIDATES_MS.length - 1);
      }
      return wantedMs();
    },
    get isSure() {
      return !isDoubted() && firstShare > OFTEN;
    },
    learn({ missed, keptPauseMs, answeredAfterMs }) {
      const isFirst = missed === 0;
      const doneAfterMs = keptPauseMs + answeredAfterMs;
      firstShare += ((isFirst ? 1 : 0) - firstShare) * SMOOTHING;
      if (isDoubted()) {
        if (doneAfterMs < baseMs * SURELY_SOONER) settleDuration(doneAfterMs - MARGIN_MS);
        else doubts -= 1;
      } else if (missed >= MISSED_OFTEN && answeredAfterMs > BEYOND_MS) {
        if (wasSlow > 0) settleDuration(Math.min(wasSlow, doneAfterMs) - MARGIN_MS);
        if (wasSlow > 0) doubts = DOUBTS;
        wasSlow = doneAfterMs;
        return;
      } else if (keptPauseMs <= wantedMs() + 0.5) {
        // A pause that was longer than wanted, because an answer was waited for anyway, says nothing of it.
        answered[chosen] = (answered[chosen] as number) * (1 - SMOOTHING) + (isFirst ? SMOOTHING : 0);
      }
      wasSlow = 0;
    },
  };
}
