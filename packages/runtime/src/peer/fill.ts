/** Reading a known number of bytes without a deadline of its own: it goes on as long as bytes come. */
import type { Clock } from "../clock.js";
import type { Link } from "../link/link.js";

export interface FillLimits {
  /** A pause longer than this is the end: bytes were lost, or the other side left. */
  readonly gapMs: number;
  /** Ends it in any case; on the clock's scale. */
  readonly deadline?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Longer messages are read piece by piece: what came when a gap is suspected is moved, and must not be too much. */
const PIECE_BYTES = 64 * 1024 * 1024;

/** Fills `into` and returns how many bytes it took off the link: fewer than asked for only at a gap. */
export async function fill(link: Link, clock: Clock, into: Uint8Array, limits: FillLimits): Promise<number> {
  const { gapMs, deadline = Number.POSITIVE_INFINITY, signal } = limits;
  let filled = 0;
  let seen = link.available;
  while (filled < into.length) {
    const left = deadline - clock.now();
    const piece = into.subarray(filled, filled + PIECE_BYTES);
    if (await link.getBytes(piece, Math.min(gapMs, left), signal)) {
      filled += piece.length;
      seen = link.available;
      continue;
    }
    const isGap = link.available <= seen;
    seen = link.available;
    if (isGap || left <= gapMs || signal?.aborted) break;
  }
  return filled;
}
