// What the runtime's suites want of a test runner, from Node's own, which starts at once also in a guest.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

/** No test of a link needs this long, even on an emulated processor. */
const LONGEST_MS = 600_000;

export const tools = {
  describe,
  before,
  after,
  it: (name, body) => it(name, { timeout: LONGEST_MS }, body),
  expect: (value) => ({ toEqual: (expected) => assert.deepEqual(value, expected) }),
};
