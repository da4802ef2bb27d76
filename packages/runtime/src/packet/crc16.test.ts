import { expect, it } from "vitest";
import { CRC16_START, crc16 } from "./crc16.js";

const bytes = new TextEncoder().encode("123456789");

it("gives the known check value of this crc", () => {
  expect(crc16(bytes)).toBe(0x29b1);
});

it("goes on from an earlier part", () => {
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(crc16(bytes, crc16(bytes, CRC16_START, 0, cut), cut)).toBe(0x29b1);
  }
});
