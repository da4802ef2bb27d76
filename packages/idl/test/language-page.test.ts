/**
 * What `docs/language.md` shows compiles, and the bytes in its table are as many as the type takes. That they are
 * the right ones is tested where generated code packs them.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { builtinTypes } from "../src/check/builtin-types.js";
import { compileText } from "./memory-host.js";

const page = readFileSync(new URL("../../../docs/language.md", import.meta.url), "utf8");

const examples = [...page.matchAll(/```idl\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");

test.each(examples)("example %#", async (example) => {
  const { diagnostics } = await compileText(example);
  expect(diagnostics.filter((each) => each.severity === "error")).toEqual([]);
});

/** Rows of "type, value, bytes". */
const rows = [
  ...page.matchAll(
    /^\| `([^`()]+)`( in a struct| at the end of a message|) \| `(.+)` \| (?:`([0-9a-f ]+)`|no bytes) \|$/gm,
  ),
];

/** What the types of the table are made of stands before it. */
const context = /## Types\n[\s\S]*?```idl\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

test.each(rows.map((row) => [row[1] ?? "", row[2] ?? "", row[4] ?? ""] as const))(
  "%s%s: %s",
  async (type, where, bytes) => {
    const atEnd = where.includes("end of a message");
    const { model } = await compileText(`${context} struct S { x: ${type}; } interface I { f(x: ${type}); }`);
    const struct = model?.declarations.find((each) => each.names.source === "S");
    const size =
      atEnd || struct?.kind !== "struct" ? model?.interfaces[0]?.functions[0]?.parameters.size : struct.size;
    const length = bytes === "" ? 0 : bytes.split(" ").length;
    expect(length).toBeGreaterThanOrEqual(size?.min ?? Number.NaN);
    expect(length).toBeLessThanOrEqual(size?.max ?? Number.POSITIVE_INFINITY);
  },
);

test("the table has a row for every kind of type", () => {
  expect(examples.length).toBeGreaterThan(2);
  expect(rows.length).toBeGreaterThan(50);
  const everyName = [...builtinTypes].filter((name) => name !== "pad");
  expect(rows.map((row) => row[1])).toEqual(expect.arrayContaining(everyName));
});
