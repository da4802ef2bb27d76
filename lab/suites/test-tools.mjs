// What the runtime's suites want of a test runner, from Node's own, which starts at once also in a guest.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

/** No test of a link needs this long, even on an emulated processor. */
const LONGEST_MS = 600_000;

/** With FIGURES=1 only the figures are measured: no other test is made known to the runner. */
const isForFigures = process.env.FIGURES === "1";
const test = (name, body) => it(name, { timeout: LONGEST_MS }, body);
const leaveOut = () => {};

export const figureTools = { it: test };

export const tools = {
  describe: isForFigures ? leaveOut : describe,
  before,
  after,
  it: isForFigures ? leaveOut : test,
  expect: (value) => ({ toEqual: (expected) => assert.deepEqual(value, expected) }),
};
