import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  checkList,
  readNumbers,
  readNumbersBigEndian,
  swapItems,
  writeBytes,
  writeNumbers,
  writeNumbersBigEndian,
} from "./bytes.js";
import { Reader } from "./reader.js";
import { startMessage, type Writer } from "./writer.js";

/** What `write` makes of a message, which starts somewhere in a buffer that others share. */
function written(write: (to: Writer, at: number) => number): Uint8Array {
  const to = startMessage(0);
  return to.finish(write(to, to.start));
}

describe("lists of numbers", () => {
  it("are little-endian at any offset, and copied on reading", () => {
    const value = Uint32Array.of(0x01020304, 0xfffefdfc);
    const bytes = written((to, at) => {
      to.room(at, 1).setUint8(at, 0);
      return writeNumbers(to, at + 1, value, "x", Uint32Array, 0, 2);
    });
    expect(bytes).toEqual(Uint8Array.of(0, 4, 3, 2, 1, 0xfc, 0xfd, 0xfe, 0xff));
    const read = readNumbers(new Reader(bytes), 1, 2, Uint32Array);
    bytes.fill(0);
    expect(read).toEqual(value);
  });

  it("may be big-endian, and are in the host's order after reading", () => {
    const value = Uint16Array.of(0x0102, 0xfffe);
    const bytes = written((to, at) => writeNumbersBigEndian(to, at, value, "x", Uint16Array, 0, 2));
    expect(bytes).toEqual(Uint8Array.of(1, 2, 0xff, 0xfe));
    expect(value).toEqual(Uint16Array.of(0x0102, 0xfffe));
    expect(readNumbersBigEndian(new Reader(bytes), 0, 2, Uint16Array)).toEqual(value);
    expect(bytes).toEqual(Uint8Array.of(1, 2, 0xff, 0xfe));
  });

  it("may be a part of a larger buffer", () => {
    const part = Uint16Array.of(1, 2, 3, 4).subarray(1, 3);
    expect(written((to, at) => writeNumbers(to, at, part, "x", Uint16Array, 2, 2))).toEqual(
      Uint8Array.of(2, 0, 3, 0),
    );
  });

  it("are told by their kind and count", () => {
    const floats = (count: number, min: number, max: number) =>
      written((to, at) => writeNumbers(to, at, new Float64Array(count), "x", Float64Array, min, max));
    const bytes = (value: Uint8Array) => written((to, at) => writeBytes(to, at, value, "x", 3, 3));
    expect(floats(3, 0, 3)).toHaveLength(24);
    expect(bytes(Buffer.from("abc"))).toEqual(Uint8Array.of(0x61, 0x62, 0x63));
    expect(() => floats(4, 0, 3)).toThrow("a count of 4, at most 3 allowed");
    expect(() => floats(2, 3, 3)).toThrow("a count of 2, exactly 3 allowed");
    expect(() => bytes(new Uint8Array(2))).toThrow("a count of 2, exactly 3 allowed");
    const lookalike = { [Symbol.toStringTag]: "Uint8Array", length: 3, byteLength: 3 };
    expect(() => bytes(lookalike as unknown as Uint8Array)).toThrow("is not a Uint8Array");
    expect(() => bytes(new Int8Array(3) as unknown as Uint8Array)).toThrow("[Int8Array] is not a Uint8Array");
  });

  it("may be of another realm", () => {
    const value = runInNewContext("Uint8Array.of(1, 2, 3)") as Uint8Array;
    expect(value).not.toBeInstanceOf(Uint8Array);
    expect(written((to, at) => writeBytes(to, at, value, "x", 3, 3))).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe("checkList", () => {
  it("wants an array of so many", () => {
    expect(() => checkList("x", [1, 2], 0, 2)).not.toThrow();
    expect(() => checkList("x", [1, 2], 0, 1)).toThrow("a count of 2, at most 1 allowed");
    expect(() => checkList("x", { length: 1 } as unknown as [], 0, 1)).toThrow("[Object] is not an array");
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
