/** No input makes the compiler throw: it ends with a model, or with at least one error whose place is in the text. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { renderDiagnostics } from "../src/index.js";
import { compileText } from "./memory-host.js";

const camera = readFileSync(new URL("../../../examples/camera/camera.idl", import.meta.url), "utf8");
const language = readFileSync(new URL("scenarios/whole-language/input.idl", import.meta.url), "utf8");

async function check(text: string): Promise<void> {
  const { model, diagnostics, sources } = await compileText(text);
  expect(model === null).toBe(diagnostics.some((each) => each.severity === "error"));
  for (const { span, message } of diagnostics) {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeLessThanOrEqual(text.length);
    // What is quoted from the source may hold such words; the text around it may not.
    expect(message.replace(/`[^`]*`/g, "")).not.toMatch(/undefined|null|NaN|\[object/);
  }
  renderDiagnostics(diagnostics, sources, { colour: true });
}

const words = [
  ...'{ } ( ) [ ] < > <= = : ; , . ? @ | - # " \' \\ /* */ /// // 0 1 -1 300 0x 1s 1.5 "a" é'.split(" "),
  ..."module import const enum open flags type struct union error interface throws with stream bulk accept".split(
    " ",
  ),
  ..."u8 i16 u64 f32 bool bytes string json pad u16be A B C x y none true null timeout wire unit once idempotent range".split(
    " ",
  ),
  "\n",
];

/** Larger pieces, so that a soup gets past the grammar now and then. */
const pieces = [
  "struct A { x: B; y: A[<=3]; }",
  "struct B { x: u8?; z: string; }",
  "enum C: u8 { X = 1, Y = 1 }",
  "type D = D?;",
  "const x: u8 = y;",
  "interface A { f(a: B = 1): stream<C>;",
  '@wire("a") f(x: string, y: C): (a: u8, b: bytes)? throws;',
  "flags L: u8 { X = 1, Y = 2, Z = X | Y | x }",
  "const y: L = X | L.Y | y;",
  "union B: u8 { 1: a: A; 2: b; 3: c: string; }",
  "error E = 1 { _: pad[4]; @range(1, x) y: u8; }",
  "error none = 200 { message: string; }",
  "interface A throws E, none {",
  "@once @idempotent g(_: pad[x], l: L = X | Y): B throws none;",
  "h(): accept<B> with (size: u32be) throws E, E;",
  "bulk<bytes> with (size: u64)",
  "}",
];

test("random strings", async () => {
  await fc.assert(fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), check), { numRuns: 300 });
});

test("random bytes", async () => {
  const bytes = fc.uint8Array({ maxLength: 100 });
  await fc.assert(
    fc.asyncProperty(bytes, async (input) => {
      const { model, diagnostics } = await compileText(input);
      expect(model === null).toBe(diagnostics.some((each) => each.severity === "error"));
    }),
    { numRuns: 300 },
  );
});

test("random words", async () => {
  const soup = fc.array(fc.constantFrom(...words, ...pieces), { maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(soup, (tokens) => check(tokens.join(" "))),
    { numRuns: 1500 },
  );
});

test.each([
  ["camera.idl", camera],
  ["the whole language", language],
])("%s with something cut, doubled or put in", async (_, whole) => {
  const place = fc.nat({ max: whole.length });
  const edit = fc.record({
    from: place,
    length: fc.nat({ max: 40 }),
    insert: fc.constantFrom("", ...words, ...pieces),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      let text = whole;
      for (const { from, length, insert } of edits)
        text = text.slice(0, from) + insert + text.slice(from + length);
      await check(text);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["brackets", "(".repeat(100_000)],
  ["generics", `interface A { f(): ${"stream<".repeat(10_000)}`],
  ["suffixes", `struct A { x: u8${"[1]".repeat(100_000)}; }`],
  ["optionals", `struct A { x: u8${"?".repeat(100_000)}; }`],
  ["braces", "struct A { ".repeat(10_000)],
  ["a long chain of structs", chain(30_000)],
  ["a long chain of aliases", `${aliases(10_000)} type T10000 = u8; interface I { f(): T0; }`],
  ["a long circle of structs", `${chain(30_000)} struct S30000 { x: S0; }`],
  ["a long circle of unions", `${unions(30_000)} union U30000: u8 { 1: x: U0; }`],
  ["a mistake in each of many members", `flags A: u8 { ${"X = X | ".repeat(20_000)} X }`],
  ["a mistake in each of many fields", `struct A { ${"x: y = 1 = ".repeat(20_000)} }`],
  [
    "megabytes of JSON",
    JSON.stringify(Array.from({ length: 60_000 }, (_, id) => ({ id, name: "x", v: [1] }))),
  ],
  ["a set of many names", `flags A: u8 { X = 1 } const B: A = ${"X | ".repeat(20_000)}X;`],
  ["thousands of errors", `interface I { f() throws ${"E, ".repeat(5000)}E; }`],
  ["a number of a million digits", `const A: u8 = ${"9".repeat(1_000_000)};`],
  ["a name of a million letters", `struct ${"a".repeat(1_000_000)} { x: ${"b".repeat(1_000_000)}; }`],
  ["an open string of a million letters", `const A: string = "${"a".repeat(1_000_000)}`],
  ["an open comment of four million letters", `/*${"a".repeat(4_000_000)}`],
  ["a closed string of four million letters", `const A: string = "${"\\n".repeat(1_900_000)}";`],
  ["a million unknown signs", "# ".repeat(1_000_000)],
  ["a million separators", ";".repeat(1_000_000)],
  [
    "many unknown types",
    `struct A { ${Array.from({ length: 20_000 }, (_, n) => `f${n}: Type${n};`).join(" ")} }`,
  ],
])("%s", async (_, text) => {
  await check(text);
});

function unions(length: number): string {
  return Array.from({ length }, (_, index) => `union U${index}: u8 { 1: x: U${index + 1}; }`).join(" ");
}

function aliases(length: number): string {
  return Array.from({ length }, (_, index) => `type T${index} = T${index + 1};`).join(" ");
}

function chain(length: number): string {
  return Array.from({ length }, (_, index) => `struct S${index} { x: S${index + 1}; }`).join(" ");
}
