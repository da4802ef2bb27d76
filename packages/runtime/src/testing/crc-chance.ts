/**
 * How likely a 16-bit crc takes a damaged packet for a good one, so that reports can say how many wrong answers a bad
 * line must bring. The polynomial 0x1021 has x + 1 as a factor, so it finds every odd number of flipped bits, and
 * every two in packets of this protocol's usual sizes. Of larger even numbers it lets one in 2^15 pass; of fours
 * in a short packet some more, because the polynomial itself has four terms: those are counted here.
 */
import { crc16 } from "../packet/crc16.js";

const CRC_BITS = 16;
const EVEN_PASS = 2 ** -15;
/** Longer packets have so many patterns of four that the mean holds. */
const LONGEST_COUNTED_BITS = 512;

const chances = new Map<number, number>();

/** The chance that a packet of `packetBytes` with `flips` random bits turned over has a right crc. */
export function chanceOfPassing(packetBytes: number, flips: number): number {
  if (flips % 2 === 1 || flips < 4) return 0;
  const bits = packetBytes * 8;
  if (flips > 4 || bits > LONGEST_COUNTED_BITS) return EVEN_PASS;
  let chance = chances.get(bits);
  if (chance === undefined) {
    chance = foursThatPass(bits) / ((bits * (bits - 1) * (bits - 2) * (bits - 3)) / 24);
    chances.set(bits, chance);
  }
  return chance;
}

/** How many patterns of four bits leave the crc right: two pairs of bits that change it in the same way. */
function foursThatPass(bits: number): number {
  const effects = Array.from({ length: bits }, (_, bit) => effectOf(bit, bits));
  const pairs = new Map<number, number>();
  for (const [index, one] of effects.entries()) {
    for (const other of effects.slice(index + 1)) pairs.set(one ^ other, (pairs.get(one ^ other) ?? 0) + 1);
  }
  let found = 0;
  for (const count of pairs.values()) found += (count * (count - 1)) / 2;
  // Each four can be split into two pairs in three ways.
  return found / 3;
}

/** What turning over this bit, the last one having number 0, does to the difference of the crc that is due and the one that came. */
function effectOf(bit: number, bits: number): number {
  if (bit < CRC_BITS) return 1 << bit;
  const payload = new Uint8Array((bits - CRC_BITS) / 8);
  const place = bit - CRC_BITS;
  payload[payload.length - 1 - (place >> 3)] = 1 << (place & 7);
  return crc16(payload, 0);
}
