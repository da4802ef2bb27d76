import { expect, it } from "vitest";
import { createLadder } from "./ladder.js";

it("takes the next value after so many misses in a row, and the first one again after the last", () => {
  const ladder = createLadder([0, 0.5, 1], 2);
  const after = (...hits: boolean[]) => {
    for (const isHit of hits) ladder.note(isHit);
    return ladder.value;
  };
  expect(after()).toBe(0);
  expect(after(false)).toBe(0);
  expect(after(true, false)).toBe(0);
  expect(after(false)).toBe(0.5);
  expect(after(false, false)).toBe(1);
  expect(after(false, false)).toBe(0);
});
