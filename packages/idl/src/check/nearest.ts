/** "Did you mean …?": the known name that is closest to an unknown one. */
import { distance } from "fastest-levenshtein";
import { quote } from "../source/quote.js";

/** Comparing with more names costs more time than a hint is worth. */
const maxCandidates = 2000;
const maxLength = 64;

/** The nearest name, quoted for a message, or null where none is near enough. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name.length > maxLength) return null;
  const wanted = name.toLowerCase();
  // A third of the letters may differ: `Rct` is near `Rect`, `x` is near nothing.
  let best = Math.max(1, Math.floor(name.length / 3)) + 1;
  let found: string | null = null;
  let left = maxCandidates;
  for (const candidate of candidates) {
    if (left-- === 0) return null;
    if (candidate.length > maxLength || candidate === name) continue;
    const apart = distance(wanted, candidate.toLowerCase());
    if (apart < best && apart < candidate.length) {
      best = apart;
      found = candidate;
    }
  }
  return found === null ? null : quote(found);
}
