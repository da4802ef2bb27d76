/** Reading a known number of bytes: it goes on as long as they come, and no slower than any line brings them. */
import type { Clock } from "../clock.js";
import type { Link } from "../link/link.js";

export interface FillLimits {
  /** A pause longer than this is the end: bytes were lost, or the other side left. */
  readonly gapMs: number;
  /** Ends it in any case; on the clock's scale. */
  readonly deadline?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Longer messages are read piece by piece, since what came of a piece is moved when a gap is suspected: on a slow line
 * pieces shrink until it fills them well before that.
 */
const LARGEST_PIECE_BYTES = 64 * 1024;
const SMALLEST_PIECE_BYTES = 128;
const SHRINKING = 4;
/** How often within a gap it is looked whether something came, so that a gap is noticed soon after it is one. */
const LOOKS = 8;
/**
 * A byte just before each gap would keep a reader for days. A line is given so many times what its speed says, since
 * others may use a bus, too; where that is unknown, what 2,400 baud take.
 */
const SLOWNESS = 20;
const SLOWEST_MS_PER_BYTE = 5;
const GAPS = 4;
/** After so many in a row that took next to nothing of the gap, pieces grow again. */
const QUICK_ONES = 16;
const QUICK = 1 / (2 * SHRINKING);

/** Fills `into` and returns how many bytes it took off the link: fewer than asked for only at a gap, or when its time is over. */
export async function fill(link: Link, clock: Clock, into: Uint8Array, limits: FillLimits): Promise<number> {
  const { gapMs, signal } = limits;
  const deadline = Math.min(
    limits.deadline ?? Number.POSITIVE_INFINITY,
    clock.now() + longestMs(link, into.length, gapMs),
  );
  // Where a read is one transfer, the other side sends all in one.
  let pieceBytes = link.traits.framing === "exact" ? into.length : LARGEST_PIECE_BYTES;
  let quickOnes = 0;
  let looksInVain = 0;
  let filled = 0;
  let seen = link.available;
  while (filled < into.length) {
    const startedAt = clock.now();
    const left = deadline - startedAt;
    const piece = into.subarray(filled, filled + pieceBytes);
    const lookMs = gapMs / LOOKS;
    if (await link.getBytes(piece, Math.min(lookMs, left), signal)) {
      filled += piece.length;
      looksInVain = 0;
      seen = link.available;
      quickOnes = clock.now() - startedAt < gapMs * QUICK ? quickOnes + 1 : 0;
      if (pieceBytes < LARGEST_PIECE_BYTES && quickOnes >= QUICK_ONES) {
        pieceBytes *= SHRINKING;
        quickOnes = 0;
      }
      continue;
    }
    quickOnes = 0;
    if (link.traits.framing === "stream") pieceBytes = Math.max(SMALLEST_PIECE_BYTES, pieceBytes / SHRINKING);
    looksInVain = link.available <= seen ? looksInVain + 1 : 0;
    seen = link.available;
    if (looksInVain >= LOOKS || left <= lookMs || signal?.aborted) break;
  }
  return filled;
}

function longestMs({ traits }: Link, bytes: number, gapMs: number): number {
  const msPerByte = traits.bytesPerMs === undefined ? SLOWEST_MS_PER_BYTE : SLOWNESS / traits.bytesPerMs;
  return GAPS * gapMs + bytes * msPerByte;
}
