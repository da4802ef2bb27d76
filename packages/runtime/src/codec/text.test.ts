import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "./reader.js";
import { checkFixedText, measureText, readFixedText, readText, utf8Size, writeText } from "./text.js";
import { Writer } from "./writer.js";

const encoder = new TextEncoder();

describe("utf8Size", () => {
  it("agrees with the platform on every well-formed string, and finds every lone surrogate", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        expect(utf8Size(text)).toBe(encoder.encode(text).length);
      }),
    );
    for (const text of ["\ud800", "a\udfffb", "\udc00\ud800", "\ud83dx", "x\ud83d"])
      expect(utf8Size(text)).toBe(-1);
  });
});

describe("writeText and readText", () => {
  it("go through bytes and back, short or long, ASCII or not", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "ü", "€", "\u{1f600}", "\0", "\ufeff"),
      maxLength: 120,
    });
    fc.assert(
      fc.property(text, fc.nat({ max: 3 }), (value, at) => {
        const size = measureText("x", value, 1000);
        const to = new Writer(size + at);
        expect(writeText(to, at, value)).toBe(at + size);
        expect(readText(new Reader(to.bytes), at, size, "x")).toBe(value);
      }),
    );
  });

  it("takes every length, with a character of two bytes anywhere", () => {
    for (let length = 0; length <= 52; length++) {
      for (let at = 0; at <= length; at++) {
        const text = `${"a".repeat(at)}${at < length ? "é" : ""}${"z".repeat(Math.max(0, length - at - 1))}`;
        const bytes = new TextEncoder().encode(text);
        expect(readText(new Reader(bytes), 0, bytes.length, "x")).toBe(text);
      }
    }
  });

  it("names the place of what is not UTF-8", () => {
    for (const bytes of [
      [0xff],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0x41, 0xe2, 0x82],
    ]) {
      const reader = new Reader(Uint8Array.from(bytes));
      expect(() => readText(reader, 0, bytes.length, "name")).toThrow(
        expect.objectContaining({ path: "name", reason: "not valid UTF-8" }),
      );
    }
  });
});

describe("a text of fixed size", () => {
  const read = (...bytes: number[]) =>
    readFixedText(new Reader(Uint8Array.from(bytes)), 0, bytes.length, "x");

  it.each([
    [[0x41, 0x42], "AB"],
    [[0x41, 0, 0xff], "A"],
    [[0x41, 0xc3], "A"],
    [[0xe2, 0x82], ""],
    [[0xf0, 0x9f, 0x98], ""],
    [[0x41, 0xf0, 0x9f, 0x98, 0x80], "A\u{1f600}"],
    [[0x41, 0xe2, 0x82, 0], "!"],
    [[0x80], "!"],
    [[0x80, 0x80, 0x80, 0x80], "!"],
    [[0xc3, 0xa9, 0xa9], "!"],
    [[0xf5], "!"],
  ])("%j is %j", (bytes, text) => {
    if (text === "!") expect(() => read(...bytes)).toThrow("not valid UTF-8");
    else expect(read(...bytes)).toBe(text);
  });

  it("holds no NUL and nothing longer", () => {
    expect(() => checkFixedText("x", "a\0", 4)).toThrow("holds U+0000");
    expect(() => checkFixedText("x", "ééé", 5)).toThrow("6 bytes of UTF-8, at most 5 allowed");
    expect(() => checkFixedText("x", "éé", 4)).not.toThrow();
  });
});
