import { expect, it } from "vitest";
import { mayColour } from "./terminal.js";

it.each([
  ["a terminal", { isTTY: true }, {}, true],
  ["a terminal with an empty NO_COLOR", { isTTY: true }, { NO_COLOR: "" }, true],
  ["a terminal with NO_COLOR", { isTTY: true }, { NO_COLOR: "1" }, false],
  ["a pipe", {}, {}, false],
])("colours %s: %#", (_, stream, environment, expected) => {
  expect(mayColour(stream, environment)).toBe(expected);
});
