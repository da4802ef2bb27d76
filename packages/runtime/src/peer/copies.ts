/**
 * How often a command goes out before an answer could be there, and how close its copies follow each other; learned from
 * how often single ones are heard. Why there are copies at all is in `patience.ts`.
 */
import type { RoundTrips } from "./round-trips.js";

/** How close copies follow each other where bytes take no time, ms. */
export const COPY_SPACING_MS = 1.4;
/** Copies of more than this would keep a line busy that is not in the way otherwise. */
const LARGEST_COPY_BYTES = 8192;
export const COPIES = 2;
export const MOST_COPIES_LATER = 6;
const SHORTEST_GAP_MS = 0.6;
/** A command that takes longer on the wire may be cut in two by a slave that begins to listen; the next keeps clear of the rest. */
const LONGEST_COPY_MS = 1.6;
/** Above this, a single command is heard often enough. */
const HEARD_OFTEN = 0.85;
const HEARD_SMOOTHING = 1 / 8;
/** Every so many calls a single command is sent, to see whether it would be enough. */
const SINGLE_EVERY = 32;

export interface Copies {
  /** The most copies of a command in the try with this number, 0 first. */
  most(attempt: number, commandBytes: number): number;
  /** From the start of one copy to the start of the next. A long one that was missed must be forgotten before. */
  spacingMs(commandBytes: number): number;
  /** So many copies went out, and so many were acknowledged before the next round. */
  note(sent: number, heard: number): void;
}

export interface CopiesOptions {
  readonly trips: RoundTrips;
  readonly onWireMs: (bytes: number) => number;
  /** What keeps clear of a copy that was missed. */
  readonly clearMs: number;
  /** How many have begun so far. */
  readonly calls: () => number;
}

export function createCopies({ trips, onWireMs, clearMs, calls }: CopiesOptions): Copies {
  /** How often a single command is heard, from 0 to 1. */
  let heardShare = 1;
  const takesLong = (commandBytes: number) => onWireMs(commandBytes) > LONGEST_COPY_MS;

  function spacingMs(commandBytes: number): number {
    const copyMs = onWireMs(commandBytes);
    // A copy must seldom catch up with the one before it.
    if (takesLong(commandBytes)) return copyMs + clearMs + (trips.isKnown ? trips.spreadMs / 4 : 0);
    return Math.max(COPY_SPACING_MS, copyMs + SHORTEST_GAP_MS);
  }

  return {
    spacingMs,
    most(attempt, commandBytes) {
      if (commandBytes > LARGEST_COPY_BYTES) return 1;
      const isLong = takesLong(commandBytes);
      if (attempt > 0) {
        // They end with the first acknowledgement, and are so far apart that few are under way until then.
        if (isLong) return MOST_COPIES_LATER;
        const inTrip = Math.floor((trips.isKnown ? trips.usualMs : 0) / spacingMs(commandBytes));
        return Math.min(Math.max(inTrip, COPIES), MOST_COPIES_LATER);
      }
      return isLong || heardShare > HEARD_OFTEN || calls() % SINGLE_EVERY === 0 ? 1 : COPIES;
    },
    note(sent, heard) {
      // Of several copies that bring one acknowledgement, nobody knows which one was heard.
      if (sent === 1 || heard > 1) heardShare += ((heard > 0 ? 1 : 0) - heardShare) * HEARD_SMOOTHING;
    },
  };
}
