import { expect, test } from "vitest";
import { encodeAprilTag, TAG36H11_CODES } from "./apriltag.js";

const SIDE = 6;

function turned(code: bigint): bigint {
  let result = 0n;
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const from = BigInt(SIDE * SIDE - 1 - ((SIDE - 1 - column) * SIDE + row));
      result = (result << 1n) | ((code >> from) & 1n);
    }
  }
  return result;
}

function distance(one: bigint, other: bigint): number {
  return [...(one ^ other).toString(2)].filter((bit) => bit === "1").length;
}

test("the codes are 11 bits apart from each other, however they are turned: what 36h11 promises", () => {
  const all = TAG36H11_CODES.map((code) => {
    const quarter = turned(code);
    const half = turned(quarter);
    return [code, quarter, half, turned(half)] as const;
  });
  const distances = all.flatMap((turns, index) => [
    ...turns.slice(1).map((turn) => distance(turns[0], turn)),
    ...all.slice(index + 1).flatMap(([other]) => turns.map((turn) => distance(turn, other))),
  ]);
  expect(all).toHaveLength(30);
  expect(Math.min(...distances)).toBe(11);
});

test("turning four times gives the code again", () => {
  const [code = 0n] = TAG36H11_CODES;
  expect(turned(turned(turned(turned(code))))).toBe(code);
});

test("tag 0: a black frame round its bits, white where a bit is 1", () => {
  const { rows, columns, dark } = encodeAprilTag(0);
  const lines = Array.from({ length: rows }, (_, row) =>
    [...dark.subarray(row * columns, (row + 1) * columns)].map((module) => (module ? "#" : ".")).join(""),
  );
  expect(lines).toEqual([
    "########",
    "#..#.#.#",
    "##...#.#",
    "##..####",
    "#.#.####",
    "##.#..##",
    "####.###",
    "########",
  ]);
});

test("a number without a code is refused", () => {
  expect(() => encodeAprilTag(30)).toThrow("no code is known for tag 30");
});
