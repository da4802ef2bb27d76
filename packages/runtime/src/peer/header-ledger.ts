/**
 * Command headers that went out over a line that loses nothing, and their acknowledgements. Each header is acknowledged
 * once at the most, and all in their order. So an acknowledgement belongs to the oldest one that is open or to a later
 * one, however long it was held back, and everything that was sent before the oldest one has been answered or never
 * will be: a place in this order says what no wait can.
 *
 * A stock slave misses headers, and each one that was missed puts the order off by one. What tells the two kinds of
 * slaves apart is several headers in one write: ours acknowledges all of them, a stock slave one at the most, because
 * it takes what follows for data. Where a slave misses some, calls are spoken as over any other line.
 */
import type { Clock } from "../clock.js";

export interface HeaderLedger {
  /** How many went out: the place of the last one, 1 being the first. */
  readonly last: number;
  /** Those that may still be acknowledged. */
  readonly open: number;
  /** The last acknowledgement was that of the header at this place or of a later one; 0 before, and if none was open. */
  readonly heard: number;
  /** Whether the slave is one that misses headers: places say nothing of it. */
  readonly isMissing: boolean;
  /** One goes out. */
  noteSent(): void;
  /** One was acknowledged. */
  noteHeard(): void;
  /** Of several that went out in one write so many were acknowledged, and then nothing came. */
  noteTogether(sent: number, heard: number): void;
  /** All up to this place have been acknowledged, or never will be. */
  close(place: number): void;
  /**
   * The other end of the line is a new one, or a program before this one spoke. None is open but one that this
   * side knows nothing of: a slave may have been about to acknowledge it.
   */
  beginAnew(): void;
}

/** So many writes in a row that were acknowledged in part. A line that is held up between two answers is rare. */
const PARTS_OF_A_MISSING_SLAVE = 3;

/** What is open for longer than `keptMs` was missed: no line holds anything back as long. */
export function createHeaderLedger(clock: Clock, keptMs: number): HeaderLedger {
  let entries: { readonly place: number; readonly at: number }[] = [];
  let last = 0;
  let heard = 0;
  let parts = 0;
  /** How many went out since none was open. */
  let run = 0;

  function noteSent(): void {
    forgetOld();
    last += 1;
    run = entries.length === 0 ? 1 : run + 1;
    entries.push({ place: last, at: clock.now() });
  }

  function forgetOld(): void {
    const since = clock.now() - keptMs;
    while (entries[0] !== undefined && entries[0].at < since) entries.shift();
  }

  return {
    get last() {
      return last;
    },
    get open() {
      forgetOld();
      return entries.length;
    },
    get heard() {
      return heard;
    },
    get isMissing() {
      return parts >= PARTS_OF_A_MISSING_SLAVE;
    },
    noteSent,
    noteHeard() {
      forgetOld();
      heard = entries.shift()?.place ?? 0;
      // Of several all: a slave that misses some would hardly hear them.
      if (entries.length === 0 && run > 1) parts = parts >= PARTS_OF_A_MISSING_SLAVE ? parts - 1 : 0;
      if (entries.length === 0) run = 0;
    },
    noteTogether(sent, acknowledged) {
      if (acknowledged >= sent) parts = 0;
      else if (acknowledged > 0) parts = Math.min(parts + 1, PARTS_OF_A_MISSING_SLAVE);
    },
    close(place) {
      while (entries[0] !== undefined && entries[0].place <= place) entries.shift();
    },
    beginAnew() {
      entries = [];
      noteSent();
    },
  };
}
