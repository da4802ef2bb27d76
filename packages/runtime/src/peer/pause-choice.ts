/**
 * The pause between a command and the first request for its result, learned for one function: a small set
 * of candidates above what the function itself takes, each with how often it was answered at the first try.
 */

export interface PauseLesson {
  /** How many requests went out until one was answered. */
  readonly requestsSent: number;
  /** When the answered one was heard, counted from the data's acknowledgement. */
  readonly heardAfterMs: number;
  readonly keptPauseMs: number;
}

export interface PauseChoice {
  /** The pause to keep before the first request, in ms. */
  next(): number;
  learn(lesson: PauseLesson): void;
}

const CANDIDATES_MS = [0, 0.5, 1, 1.5, 2, 2.5, 3];
/** What a missed request costs: the time until the next one, and the packet itself. */
const MISS_COST_MS = 4;
const SMOOTHING = 1 / 12;
/** Every so many calls a neighbour of the best candidate is tried. */
const EXPLORE_EVERY = 16;
/** A result so far beyond the candidates is not luck: the function takes longer than was thought. */
const BEYOND_MS = 8;
/** What is left between the moment a slow function was last seen done and the first request. */
const MARGIN_MS = 1.5;
/** How quickly a function that has become faster is believed. */
const SHRINK = 0.9;
const MOST_SHRINK_MS = 2;

export function createPauseChoice(): PauseChoice {
  /** What the function takes, as far as it is known. */
  let baseMs = 0;
  let answered: number[] = CANDIDATES_MS.map(() => 1);
  let calls = 0;
  let chosen = 0;

  const costOf = (index: number) =>
    (CANDIDATES_MS[index] as number) + (1 - (answered[index] as number)) * MISS_COST_MS;

  function best(): number {
    let least = 0;
    for (let index = 1; index < CANDIDATES_MS.length; index++) if (costOf(index) < costOf(least)) least = index;
    return least;
  }

  return {
    next() {
      calls += 1;
      chosen = best();
      if (calls % EXPLORE_EVERY === 0) {
        const step = calls % (2 * EXPLORE_EVERY) === 0 ? 1 : -1;
        chosen = Math.min(Math.max(chosen + step, 0), CANDIDATES_MS.length - 1);
      }
      return baseMs + (CANDIDATES_MS[chosen] as number);
    },
    learn({ requestsSent, heardAfterMs, keptPauseMs }) {
      const wantedMs = baseMs + (CANDIDATES_MS[chosen] as number);
      if (requestsSent > 1 && heardAfterMs > wantedMs + BEYOND_MS) {
        baseMs = heardAfterMs - MARGIN_MS;
        answered = CANDIDATES_MS.map(() => 1);
        return;
      }
      // A pause that was longer than wanted, because the answer was waited for anyway, says nothing of it.
      if (keptPauseMs > wantedMs + 0.5) return;
      answered[chosen] = (answered[chosen] as number) * (1 - SMOOTHING) + (requestsSent === 1 ? SMOOTHING : 0);
      if (baseMs > 0 && chosen === 0 && requestsSent === 1) baseMs = baseMs > 1 ? Math.max(baseMs * SHRINK, baseMs - MOST_SHRINK_MS) : 0;
    },
  };
}
