import { expect, test } from "vitest";
import { createSourceFile, lineText, spanOf } from "./source-file.js";

const source = createSourceFile("a.idl", "one\r\ntwo\n\nfour");

test.each([
  [0, 1, 1],
  [3, 1, 4],
  [5, 2, 1],
  [7, 2, 3],
  [9, 3, 1],
  [10, 4, 1],
  [14, 4, 5],
  [99, 4, 5],
])("offset %i is line %i, column %i", (offset, line, column) => {
  expect(spanOf(source, offset, offset + 1)).toMatchObject({ file: "a.idl", line, column });
});

test("a span is clamped to the text", () => {
  expect(spanOf(source, -3, 99)).toMatchObject({ start: 0, end: 14 });
  expect(spanOf(source, 7, 5)).toMatchObject({ start: 7, end: 7 });
});

test("lines come without their line break", () => {
  expect([0, 1, 2, 3, 4, 5].map((line) => lineText(source, line))).toEqual([
    "",
    "one",
    "two",
    "",
    "four",
    "",
  ]);
});
