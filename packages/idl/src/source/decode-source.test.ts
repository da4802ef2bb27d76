import { expect, test } from "vitest";
import { decodeSource } from "./decode-source.js";
import { maxSourceBytes } from "./limits.js";

const bytes = (...values: number[]) => new Uint8Array(values);
const utf8 = (text: string) => new TextEncoder().encode(text);

test.each([
  ["ASCII", utf8("u8"), "u8"],
  ["characters of two to four bytes", utf8("é€😀"), "é€😀"],
  ["a byte order mark, which is dropped", bytes(0xef, 0xbb, 0xbf, 0x61), "a"],
  ["a replacement character that is really there", utf8("a\uFFFDb"), "a\uFFFDb"],
  ["nothing", bytes(), ""],
  ["the largest file", new Uint8Array(maxSourceBytes).fill(0x20), " ".repeat(maxSourceBytes)],
])("reads %s", (_, input, text) => {
  expect(decodeSource(input)).toEqual({ kind: "text", text });
});

test.each([
  ["a stray byte", bytes(0x61, 0xff, 0x62), 1, 0xff],
  ["a character cut off", bytes(0x61, 0xc3), 1, 0xc3],
  ["a surrogate", bytes(0xed, 0xa0, 0x80), 0, 0xed],
  ["a bad byte behind a real replacement character", bytes(0xef, 0xbf, 0xbd, 0x80), 3, 0x80],
  ["a bad byte behind a byte order mark", bytes(0xef, 0xbb, 0xbf, 0xfe), 3, 0xfe],
])("tells the place of %s", (_, input, byteOffset, byte) => {
  expect(decodeSource(input)).toEqual({ kind: "not-utf8", byteOffset, byte });
});

test("knows binary files and large ones", () => {
  expect(decodeSource(bytes(0x61, 0, 0xff))).toEqual({ kind: "binary", byteOffset: 1 });
  expect(decodeSource(new Uint8Array(maxSourceBytes + 1))).toEqual({
    kind: "too-large",
    byteLength: maxSourceBytes + 1,
  });
});
