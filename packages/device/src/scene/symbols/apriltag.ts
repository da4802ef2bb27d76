/** AprilTags of the family 36h11: a black frame one module wide round 6 × 6 bits. */
import type { MatrixSymbol } from "./symbol.js";

/** The family's first codes, by id: 36 bits, the first one at the top left, row by row; 1 is white. */
export const TAG36H11_CODES: readonly bigint[] = [
  0xd5d628584n,
  0xd97f18b49n,
  0xdd280910en,
  0xe479e9c98n,
  0xebcbca822n,
  0xf31dab3acn,
  0x056a5d085n,
  0x10652e1d4n,
  0x22b1dfeadn,
  0x265ad0472n,
  0x34fe91b86n,
  0x3ff962cd5n,
  0x43a25329an,
  0x474b4385fn,
  0x4e9d243e9n,
  0x5246149aen,
  0x5997f5538n,
  0x683bb6c4cn,
  0x6be4a7211n,
  0x7e3158eean,
  0x81da494afn,
  0x858339a74n,
  0x8cd51a5fen,
  0x9f21cc2d7n,
  0xa2cabc89cn,
  0xadc58d9ebn,
  0xb16e7dfb0n,
  0xb8c05eb3an,
  0xd25ef139dn,
  0xd607e1962n,
];

const BITS = 6;
const SIDE = BITS + 2;

/** `id` is an index into `TAG36H11_CODES`. */
export function encodeAprilTag(id: number): MatrixSymbol {
  const code = TAG36H11_CODES[id];
  if (code === undefined) throw new RangeError(`no code is known for tag ${id} of family 36h11`);
  const dark = new Uint8Array(SIDE * SIDE).fill(1);
  for (let index = 0; index < BITS * BITS; index++) {
    const bit = (code >> BigInt(BITS * BITS - 1 - index)) & 1n;
    const row = Math.floor(index / BITS) + 1;
    dark[row * SIDE + (index % BITS) + 1] = bit === 1n ? 0 : 1;
  }
  return { columns: SIDE, rows: SIDE, dark };
}
