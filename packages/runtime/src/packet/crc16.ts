/**
 * The checksum of every packet: CRC-16 with polynomial 0x1021, start 0xFFFF, no reflection and no
 * final xor. By table, because a result of a megabyte should cost milliseconds.
 */

/** The value a checksum starts from; hand the result of one call to the next to go on. */
export const CRC16_START = 0xffff;

const POLYNOMIAL = 0x1021;

const TABLE = /* @__PURE__ */ buildTable();

function buildTable(): Uint16Array {
  const table = new Uint16Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
    table[byte] = crc;
  }
  return table;
}

/** The checksum of `bytes[start..end)`, going on from `crc`. */
export function crc16(bytes: Uint8Array, crc: number = CRC16_START, start = 0, end = bytes.length): number {
  let value = crc;
  for (let i = start; i < end; i++) {
    value = ((value << 8) & 0xffff) ^ (TABLE[(value >> 8) ^ (bytes[i] as number)] as number);
  }
  return value;
}
