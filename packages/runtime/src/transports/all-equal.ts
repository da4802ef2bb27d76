/**
 * A bus on which nobody answers reads as all zeros or all ones, and so does a board that is not ready yet.
 * Packets begin with a magic, so a short read of equal bytes is no packet and is taken again.
 *
 * Longer reads may be data that is like that (a black picture in a frame), and a single byte a stream's
 * credit: these are handed on, and a packet among them fails its crc.
 */

/** Acknowledgements and headers are 4, 8 and 12 bytes long. */
const SHORTEST = 4;
const LONGEST = 12;

export const canReadAsNoAnswer = (length: number): boolean => length >= SHORTEST && length <= LONGEST;

export function readsAsNoAnswer(bytes: Uint8Array): boolean {
  return canReadAsNoAnswer(bytes.length) && bytes.every((byte) => byte === bytes[0]);
}
