/** Chance that comes out the same every time: what models of lines and peers are given, and tests print. */

/** Numbers from 0 (included) to 1 (excluded), the same ones for the same seed. */
export type Random = () => number;

/** A 32-bit generator (a Weyl sequence behind a mixing step): fast, and good enough for faults and delays. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
