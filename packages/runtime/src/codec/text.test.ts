import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "./reader.js";
import { readFixedText, readText, utf8Size, writeFixedText, writeText } from "./text.js";
import { startMessage } from "./writer.js";

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
        const size = encoder.encode(value).length;
        const to = startMessage(at);
        const start = to.start + at;
        expect(writeText(to, start, value, "x", 1000)).toBe(start + size);
        const bytes = to.finish(start + size);
        expect(readText(new Reader(bytes), at, size, "x")).toBe(value);
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

  const write = (text: string, size: number) => {
    const to = startMessage(size);
    to.bytes.fill(0xff, to.start);
    writeFixedText(to, to.start, text, "x", size);
    return to.finish(to.start + size);
  };

  it("holds no NUL and nothing longer", () => {
    expect(() => write("a\0", 4)).toThrow("holds U+0000");
    expect(() => write("ééé", 5)).toThrow("6 bytes of UTF-8, at most 5 allowed");
    expect(write("éé", 4)).toEqual(Uint8Array.of(0xc3, 0xa9, 0xc3, 0xa9));
  });

  it("is padded with NUL, whatever the buffer held", () => {
    expect(write("a", 4)).toEqual(Uint8Array.of(0x61, 0, 0, 0));
    expect(write("", 2)).toEqual(Uint8Array.of(0, 0));
  });
});

describe("writing a text", () => {
  it("refuses what does not fit, short or long", () => {
    const write = (text: string, max: number) => () => {
      const to = startMessage(0);
      writeText(to, to.start, text, "x", max);
    };
    expect(write("abcde", 4)).toThrow("5 bytes of UTF-8, at most 4 allowed");
    expect(write("éé", 3)).toThrow("4 bytes of UTF-8, at most 3 allowed");
    expect(write("a".repeat(100), 99)).toThrow("100 bytes of UTF-8, at most 99 allowed");
    expect(write("a\ud800", 9)).toThrow("holds a lone surrogate");
    expect(write(7 as unknown as string, 9)).toThrow("7 is not a string");
  });
});
