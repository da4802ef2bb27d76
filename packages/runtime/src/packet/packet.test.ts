import { describe, expect, it } from "vitest";
import { hashName } from "./hash-name.js";
import { decodePacket, encodeCommand, encodePacket, encodeU32, Magic, readU32 } from "./packet.js";

describe("packets", () => {
  it("puts id and size of a command behind its magic, low byte first", () => {
    const packet = encodePacket(Magic.COMMAND_HEADER, encodeCommand(hashName("jpeg_snapshot"), 0x01020304));
    expect(packet).toHaveLength(12);
    expect([...packet.subarray(0, 10)]).toEqual([0x09, 0x12, 0x0e, 0x6c, 0x30, 0x46, 4, 3, 2, 1]);
  });

  it("keeps sizes beyond 2³¹ positive", () => {
    expect(readU32(encodeU32(0xffff_fffe), 0)).toBe(0xffff_fffe);
  });

  it.each(Array.from({ length: 64 }, (_, bit) => bit))("refuses a packet with bit %i flipped", (bit) => {
    const packet = encodePacket(Magic.RESULT_HEADER, encodeU32(70_000));
    packet[bit >> 3] = (packet[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(decodePacket(packet, Magic.RESULT_HEADER)).toBeNull();
  });

  it("refuses what is too short to be a packet", () => {
    expect(decodePacket(Uint8Array.of(0x09, 0x12, 0xff), Magic.COMMAND_HEADER)).toBeNull();
  });
});

describe("hashName", () => {
  it.each([
    ["jpeg_snapshot", 0x46306c0e],
    ["face_detection", 0x48345454],
    ["color_detection", 0xe17ca3e8],
    ["raw_image_read", 0xda0f73b4],
  ])("%s", (name, id) => {
    expect(hashName(name)).toBe(id);
  });
});
