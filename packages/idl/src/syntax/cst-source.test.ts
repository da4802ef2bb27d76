import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cstSource } from "./cst-source.js";
import { Grammar } from "./grammar.js";

test("cst.ts holds the types of the grammar", () => {
  const file = new URL("./cst.ts", import.meta.url);
  const types = cstSource(new Grammar({ validate: false }));
  if (process.env.UPDATE_SCENARIOS === "1") writeFileSync(file, types);
  expect(readFileSync(file, "utf8")).toBe(types);
});
