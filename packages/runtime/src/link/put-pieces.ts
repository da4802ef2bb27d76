/** One write of several pieces, over any link. */
import type { Link } from "./link.js";

/** Hands the pieces to `link` in one write; they are joined into one array only where the link wants one. */
export function putPieces(
  link: Link,
  pieces: readonly Uint8Array[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return link.putBytes(first, timeoutMs, signal);
  if (link.putPieces !== undefined) return link.putPieces(pieces, timeoutMs, signal);
  return link.putBytes(joinPieces(pieces), timeoutMs, signal);
}

export function lengthOfPieces(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(lengthOfPieces(pieces));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
