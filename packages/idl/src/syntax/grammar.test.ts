import { expect, test } from "vitest";
import { Grammar } from "./grammar.js";
import { createLexer } from "./tokens.js";

test("neither the grammar nor the tokens have mistakes of their own", () => {
  expect(() => new Grammar({ validate: true })).not.toThrow();
  expect(createLexer({ validate: true }).lexerDefinitionErrors).toEqual([]);
});
