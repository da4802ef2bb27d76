import { expect, test } from "vitest";
import { fill, text } from "./template.js";

const template = text`${"name"} is not ${"kind"}.`;

test("fills in its values", () => {
  expect(fill(template, { name: "x", kind: 8 })).toBe("x is not 8.");
});

test("is null where a value is", () => {
  expect(fill(template, { name: "x", kind: null })).toBeNull();
});

test("does not fill in what a value says", () => {
  expect(fill(template, { name: "{kind}", kind: "y" })).toBe("{kind} is not y.");
});
