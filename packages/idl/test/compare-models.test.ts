/** What has changed on the wire between two files: a table of older and newer text, and what is told of them. */
import { describe, expect, test } from "vitest";
import { changesOf } from "./changes-of.js";

/** Texts within `interface A { … }`, and the code and message of each difference. */
type Row = readonly [old: string, now: string, ...told: string[]];

function told(rows: readonly Row[]): void {
  test.each(rows.map(([old, now, ...expected]) => ({ old, now, expected })))(
    "$old -> $now",
    async ({ old, now, expected }) => {
      const changes = await changesOf(inInterface(old), inInterface(now));
      expect(changes.map(({ code, message }) => `${code} ${message}`)).toEqual(expected);
    },
  );
}

/** Declarations stand before a bar. */
function inInterface(text: string): string {
  const [head, body] = text.includes(" | ") ? text.split(" | ") : ["", text];
  return `${head} interface A { ${body} }`;
}

describe("what does no harm", () => {
  told([
    ["f();", "f(); g();"],
    ["f(a: u8);", "f(a: u8, b: u8 = 2);"],
    ["f(a: u8);", "f(other: u8);"],
    ["f(a: u8 = 1);", "f(a: u8 = 2);"],
    ["f();", "@idempotent @timeout(recv = 5s) f();"],
    ["f(a: u8);", "type T = u8; | f(a: T);"],
    ["open enum E: u8 { A = 1 } | f(a: E);", "f(a: u8);"],
    ["f(a: u8);", "flags E: u8 { A = 1 } | f(a: E);"],
    ["open enum E: u8 { A = 1 } | f(a: E);", "open enum E: u8 { A = 1, B = 2 } | f(a: E);"],
    ["struct S { x: u8; y: u8; } | f(): S;", "f(): (a: u8, b: u8);"],
    ["f(): u8;", "f(): (a: u8);"],
    ["error E = 1 {} error F = 2 {} | f() throws E, F;", "error E = 1 {} | f() throws E;"],
    ["f(a: u8[<=200]);", "f(a: u8[u8 <= 200]);"],
  ]);
});

describe("functions and interfaces", () => {
  told([
    ["f(); g();", "f();", "RPC5002 The function `g` of `old.idl` is no longer there."],
    ["f();", '@wire("x") f();', "RPC5003 `f` was called by `f` and is called by `x` now."],
    ["f();", "f() throws;", "RPC5007 `f`: its answer starts with a status byte now."],
    ["f() throws;", "f();", "RPC5007 `f`: its answer no longer starts with a status byte."],
    ["f();", "@once f();", "RPC5007 `f`: its argument starts with a call number now."],
  ]);

  test("an interface that is gone is told once, not with each of its functions", async () => {
    const changes = await changesOf("interface A { f(); g(); } interface B { h(); }", "interface B { h(); }");
    expect(changes.map(({ code }) => code)).toEqual(["RPC5001"]);
    expect(changes[0]?.help).toBeNull();
  });

  test("an interface of another name keeps its functions", async () => {
    const changes = await changesOf("interface A { f(a: u8); g(); }", "interface B { f(a: u16); }");
    expect(changes.map(({ code }) => code)).toEqual(["RPC5001", "RPC5002", "RPC5005"]);
    expect(changes[0]?.help).toContain("`B`");
  });

  test("a function of a near name and how to keep the old one on the wire", async () => {
    const [change] = await changesOf("interface A { color(); }", "interface A { colour(); }");
    expect(change?.help).toBe(
      'If it is `colour` now, `@wire("color")` before it keeps the old name on the wire.',
    );
  });

  test("functions of one wire name are paired by their own names", async () => {
    const old = 'interface A { @wire("r") a(x: u32); @wire("r") b(x: u8); }';
    expect(await changesOf(old, 'interface A { @wire("r") b(x: u8); @wire("r") a(x: u32); }')).toEqual([]);
  });
});

describe("counts", () => {
  told([
    [
      "f(a: bytes[<=255]);",
      "f(a: bytes[<=256]);",
      "RPC5004 `a` of `f` may hold 256 now, not 255: its count moves from u8 to u16.",
    ],
    [
      "f(): string[<=65536];",
      "f(): string[<=65535];",
      "RPC5004 The result of `f` may hold 65535 now, not 65536: its count moves from u32 to u16.",
    ],
    [
      "f(a: u8[<=10][<=300]);",
      "f(a: u8[<=10][<=20]);",
      "RPC5004 `a` of `f` may hold 20 now, not 300: its count moves from u16 to u8.",
    ],
    ["f(a: u8[<=10]);", "f(a: u8[<=20]);", "RPC9005 `a` of `f`: at most 10 before, 20 now."],
    ["f(a: u8[4]);", "f(a: u8[5]);", "RPC5005 `a` of `f` was `u8[4]` and is `u8[5]`."],
    ["f(a: u8[]);", "f(a: u8[<=5]);", "RPC5005 `a` of `f` was `u8[]` and is `u8[u8 <= 5]`."],
  ]);

  test("the width is named where it can be kept", async () => {
    const helpOf = async (old: string, now: string) =>
      (await changesOf(inInterface(old), inInterface(now)))[0]?.help;
    expect(await helpOf("f(a: bytes[<=300]);", "f(a: bytes[<=9]);")).toBe(
      "Write `bytes[u16 <= 9]` to keep the width.",
    );
    expect(await helpOf("f(a: u8[<=300]);", "f(a: u8[<=9]);")).toBe("Write `T[u16 <= 9]` to keep the width.");
    expect(await helpOf("f(a: u8[<=9]);", "f(a: u8[<=300]);")).toBeNull();
  });
});

describe("types", () => {
  told([
    ["f(a: u8);", "f(a: i8);", "RPC5005 `a` of `f` was `u8` and is `i8`."],
    [
      "f(a: u8?);",
      "f(a: u8?, b: u8 = 1);",
      "RPC5005 `a` of `f` was `u8?` without a presence byte and is `u8?` with a presence byte.",
    ],
    ["f(): u8;", "f(): u8?;", "RPC5005 The result of `f` was always there and is optional."],
    ["f(): u8;", "f(): (a: u8, b: u8);", "RPC5005 The result of `f` was `u8` and is 2 values."],
    ["f(): u8;", "f();", "RPC5005 The result of `f` was `u8` and is nothing."],
    [
      "struct S { x: u8; } | f(a: S[2]);",
      "struct S { x: u8; y: u8; } | f(a: S[2]);",
      "RPC5006 `a[]` of `f` had 1 value and has 2 values.",
    ],
    [
      "struct S { x: u8; } | f(): S[<=9]; ",
      "struct S { x: u16; } | f(): S[<=9];",
      "RPC5005 `[].x` in the result of `f` was `u8` and is `u16`.",
    ],
    ["f(a: u8);", "f(a: u8, b: u8);", "RPC5006 The argument of `f` had 1 value and has 2 values."],
    ["f(a: u8, b: u8);", "f(a: u8);", "RPC5006 The argument of `f` had 2 values and has 1 value."],
    ["f(a: u8 = 1);", "f(a: u8);", "RPC9006 `a` of `f` had a default in `old.idl` and must be sent now."],
    [
      "struct S { _: pad[1]; x: u8; } | f(a: S);",
      "struct S { _: pad[2]; x: u8; } | f(a: S);",
      "RPC5005 `a._` of `f` was `pad[1]` and is `pad[2]`.",
    ],
  ]);
});

describe("enums, unions and errors", () => {
  told([
    [
      "enum E: u8 { A = 1, B = 2 } | f(a: E);",
      "enum E: u8 { A = 1, C = 3 } | f(a: E);",
      "RPC9005 `a` of `f`: it may be `C` (3) now.",
      "RPC9005 `a` of `f`: it may no longer be `B` (2).",
    ],
    [
      "enum E: u8 { A = 1 } | f(a: E);",
      "open enum E: u8 { A = 1 } | f(a: E);",
      "RPC9005 `a` of `f`: one of an enum before, any number now.",
    ],
    [
      "enum E: u8 { A = 1 } | f(a: E);",
      "enum E: u16 { A = 1 } | f(a: E);",
      "RPC5005 `a` of `f` was `u8{1}` and is `u16{1}`.",
    ],
    [
      "union U: u8 { 1: a: u8; 2: b; } | f(a: U);",
      "union U: u8 { 1: a: u16; 2: b: u8; 3: c; } | f(a: U);",
      "RPC9005 `a` of `f`: it may be the variant `c` (3) now.",
      "RPC5005 `a.a` of `f` was `u8` and is `u16`.",
      "RPC5005 `a.b` of `f` was without a value and is `u8`.",
    ],
    [
      "error E = 1 { a: u8; } | f() throws E;",
      "error E = 1 { a: u8; b: u8; } error F = 2 {} | f() throws E, F;",
      "RPC5006 Error `E` of `f` had 1 value and has 2 values.",
      "RPC9005 Error `F` of `f`: status 2 is new, and an older master takes it for damage.",
    ],
  ]);
});

describe("streams and bulk", () => {
  told([
    ["f(): stream<u8>;", "f(): stream<u16>;", "RPC5005 An item of the stream of `f` was `u8` and is `u16`."],
    ["f(): stream<u8>;", "f(): accept<u8>;", "RPC5005 The answer of `f` was a `stream` and is an `accept`."],
    [
      "f(): u8;",
      "f(): stream<u8> with (a: u8);",
      "RPC5005 The answer of `f` was a plain result and is a `stream`.",
    ],
    [
      "f(): bulk<bytes[4]>;",
      "f(): bulk<bytes[5]>;",
      "RPC5005 The answer of `f` was `bulk<bytes[4]>` and is `bulk<bytes[5]>`.",
    ],
  ]);
});

test("structs within structs, each twice, are compared in no time", async () => {
  const nested = (inner: string) => {
    const structs = Array.from({ length: 14 }, (_, n) => `struct S${n + 1} { a: S${n}; b: S${n}; }`);
    return `struct S0 { x: ${inner}; } ${structs.join(" ")} interface A { f(s: S14); }`;
  };
  const changes = await changesOf(nested("u8"), nested("i8"));
  expect(changes).toHaveLength(1);
  expect(changes[0]?.message).toContain("was `u8` and is `i8`");
});
