/** Packets as hex text, by the rule on the page: for tests that write an exchange down by hand. */

export const MAGIC = {
  commandHeader: 0x1209,
  commandData: 0xabd1,
  resultHeader: 0x9021,
  resultData: 0x1dba,
  streamSetup: 0xedf6,
  streamFrame: 0x542e,
} as const;

export function packetHex(magic: number, payload: Uint8Array = new Uint8Array(0)): string {
  const packet = Buffer.alloc(payload.length + 4);
  packet.writeUInt16LE(magic, 0);
  packet.set(payload, 2);
  packet.writeUInt16LE(crc16(packet.subarray(0, -2)), payload.length + 2);
  return packet.toString("hex");
}

export function u32(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}
