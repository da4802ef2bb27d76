/**
 * Bytes ↔ magic, payload, crc. All numbers are little-endian; the crc is over magic and payload.
 *
 *     offset   0          2                 2 + n
 *              magic u16  payload, n bytes  crc u16
 *
 *     packet          magic    payload master → slave       payload slave → master
 *     command header  0x1209   id u32, size u32             none: the acknowledgement
 *     command data    0xABD1   the argument, `size` bytes   none: the acknowledgement
 *     result header   0x9021   none: the request            size u32
 *     result data     0x1DBA   none: the request            the result, `size` bytes
 *     stream setup    0xEDF6   reader → writer: queue depth u32
 *     stream frame    0x542E   writer → reader: size u32; behind the packet `size` raw bytes, no crc
 */
import { crc16 } from "./crc16.js";

export const Magic = {
  COMMAND_HEADER: 0x1209,
  COMMAND_DATA: 0xabd1,
  RESULT_HEADER: 0x9021,
  RESULT_DATA: 0x1dba,
  STREAM_SETUP: 0xedf6,
  STREAM_FRAME: 0x542e,
} as const;
export type Magic = (typeof Magic)[keyof typeof Magic];

/** What a packet adds to its payload: two bytes of magic before it, two of crc after it. */
export const MAGIC_BYTES = 2;
export const CRC_BYTES = 2;
export const PACKET_OVERHEAD = MAGIC_BYTES + CRC_BYTES;
/** Payload sizes that the protocol fixes: of a command header, and of whatever carries one u32. */
export const COMMAND_PAYLOAD = 8;
export const SIZE_PAYLOAD = 4;

const NOTHING = new Uint8Array(0);

/** One packet as it goes over the wire; the payload is copied. */
export function encodePacket(magic: Magic, payload: Uint8Array = NOTHING): Uint8Array {
  const packet = new Uint8Array(payload.length + PACKET_OVERHEAD);
  packet[0] = magic & 0xff;
  packet[1] = magic >> 8;
  packet.set(payload, MAGIC_BYTES);
  const end = MAGIC_BYTES + payload.length;
  const crc = crc16(packet, undefined, 0, end);
  packet[end] = crc & 0xff;
  packet[end + 1] = crc >> 8;
  return packet;
}

/** Below this, one array costs less than three. */
const SMALLEST_PIECE_BYTES = 1024;

/**
 * One packet as pieces that follow each other on the wire. A large payload is one of them as it is, so it must not
 * change before they were sent.
 */
export function encodePieces(magic: Magic, payload: Uint8Array): readonly Uint8Array[] {
  if (payload.length < SMALLEST_PIECE_BYTES) return [encodePacket(magic, payload)];
  const start = Uint8Array.of(magic & 0xff, magic >> 8);
  const crc = crc16(payload, crc16(start));
  return [start, payload, Uint8Array.of(crc & 0xff, crc >> 8)];
}

/** The payload of one whole packet as a view, or null if its magic or its crc is not right. */
export function decodePacket(packet: Uint8Array, magic: Magic): Uint8Array | null {
  if (packet.length < PACKET_OVERHEAD || readU16(packet, 0) !== magic) return null;
  const end = packet.length - CRC_BYTES;
  if (crc16(packet, undefined, 0, end) !== readU16(packet, end)) return null;
  return packet.subarray(MAGIC_BYTES, end);
}

/** The payload of a command header. */
export function encodeCommand(id: number, size: number): Uint8Array {
  const payload = new Uint8Array(COMMAND_PAYLOAD);
  writeU32(payload, 0, id);
  writeU32(payload, 4, size);
  return payload;
}

/** A payload that is one u32: a result's size, a frame's size, a queue depth. */
export function encodeU32(value: number): Uint8Array {
  const payload = new Uint8Array(SIZE_PAYLOAD);
  writeU32(payload, 0, value);
  return payload;
}

export function readU16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] as number) | ((bytes[offset + 1] as number) << 8);
}

export function readU32(bytes: Uint8Array, offset: number): number {
  return (readU16(bytes, offset) | (readU16(bytes, offset + 2) << 16)) >>> 0;
}

function writeU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value & 0xff;
  bytes[offset + 1] = (value >>> 8) & 0xff;
  bytes[offset + 2] = (value >>> 16) & 0xff;
  bytes[offset + 3] = (value >>> 24) & 0xff;
}
