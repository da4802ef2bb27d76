import { expect, test } from "vitest";
import { nearest } from "./nearest.js";

test.each([
  ["Rct", ["Point", "Rect"], "`Rect`"],
  ["timout", ["timeout", "unit"], "`timeout`"],
  ["rect", ["Rect", "Reset"], "`Rect`"],
  ["u9", ["u8", "u16"], "`u8`"],
  ["x", ["y", "z"], null],
  ["Camera", ["Lens"], null],
  ["Rect", [], null],
  ["a".repeat(100), ["a".repeat(99)], null],
])("%s among %j is %s", (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});
