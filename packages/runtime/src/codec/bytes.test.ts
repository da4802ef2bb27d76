import { describe, expect, it } from "vitest";
import {
  measureNumbers,
  readNumbers,
  readNumbersBigEndian,
  swapItems,
  writeNumbers,
  writeNumbersBigEndian,
} from "./bytes.js";
import { Reader } from "./reader.js";
import { Writer } from "./writer.js";

describe("lists of numbers", () => {
  it("are little-endian at any offset, and copied on reading", () => {
    const to = new Writer(9);
    expect(writeNumbers(to, 1, Uint32Array.of(0x01020304, 0xfffefdfc))).toBe(9);
    expect(to.bytes).toEqual(Uint8Array.of(0, 4, 3, 2, 1, 0xfc, 0xfd, 0xfe, 0xff));
    const read = readNumbers(new Reader(to.bytes), 1, 2, Uint32Array);
    to.bytes.fill(0);
    expect(read).toEqual(Uint32Array.of(0x01020304, 0xfffefdfc));
  });

  it("may be big-endian, and are in the host's order after reading", () => {
    const to = new Writer(5);
    const value = Uint16Array.of(0x0102, 0xfffe);
    expect(writeNumbersBigEndian(to, 1, value)).toBe(5);
    expect(to.bytes).toEqual(Uint8Array.of(0, 1, 2, 0xff, 0xfe));
    expect(value).toEqual(Uint16Array.of(0x0102, 0xfffe));
    expect(readNumbersBigEndian(new Reader(to.bytes), 1, 2, Uint16Array)).toEqual(value);
    expect(to.bytes).toEqual(Uint8Array.of(0, 1, 2, 0xff, 0xfe));
  });

  it("may be a part of a larger buffer", () => {
    const part = Uint16Array.of(1, 2, 3, 4).subarray(1, 3);
    const to = new Writer(4);
    writeNumbers(to, 0, part);
    expect(to.bytes).toEqual(Uint8Array.of(2, 0, 3, 0));
  });

  it("are told by their kind and count", () => {
    expect(measureNumbers("x", new Float64Array(3), Float64Array, 0, 3)).toBe(24);
    expect(measureNumbers("x", Buffer.from("abc"), Uint8Array, 3, 3)).toBe(3);
    expect(() => measureNumbers("x", new Float64Array(4), Float64Array, 0, 3)).toThrow(
      "a count of 4, at most 3 allowed",
    );
    expect(() => measureNumbers("x", new Float64Array(2), Float64Array, 3, 3)).toThrow(
      "a count of 2, exactly 3 allowed",
    );
    const lookalike = { [Symbol.toStringTag]: "Uint8Array", length: 1, byteLength: 1 };
    expect(() => measureNumbers("x", lookalike as unknown as Uint8Array, Uint8Array, 0, 3)).toThrow(
      "is not a Uint8Array",
    );
  });
});

describe("swapItems", () => {
  it("turns each item around, as a big-endian host must", () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    swapItems(bytes, 2);
    expect(bytes).toEqual(Uint8Array.of(2, 1, 4, 3, 6, 5, 8, 7));
    swapItems(bytes, 8);
    expect(bytes).toEqual(Uint8Array.of(7, 8, 5, 6, 3, 4, 1, 2));
  });
});
