/** Mistakes of syntax, names, types and values; hints and warnings. */
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../src/index.js";
import { table } from "./diagnostics-table.js";
import { compileText } from "./memory-host.js";

describe("syntax", () => {
  table([
    ["", ...[]],
    ["// only a comment"],
    ["/* two */ /* comments */"],
    ["module a;;", "RPC1011@9"],
    ["struct A { x: u8; };", "RPC1011@19"],
    ["struct A { x: u8, }", "RPC1012@16"],
    ["struct A { x: u8 }", "RPC1012@16"],
    ["enum A: u8 { B = 1 C = 2 }", "RPC1012@18"],
    ["interface A { f(x: u8; y: u8); }", "RPC1012@21"],
    ["interface A { f(x: u8,): (y: u8,); }"],
    ["struct A { type: u8; stream: u8; error: u8; module: u8; throws: u8; with: u8; open: u8; }"],
    ["struct struct { x: u8; } struct interface { x: struct; }"],
    ["interface A { throws(): u8 throws; with(): u8; interface(); }"],
    ["const A: u8 = 0xFF; const B: u8 = 0b11111111; const C: i8 = -128; const D: u8 = +1;"],
    ["const A: u8 = 007;", "RPC1007@14"],
    ["const A: u8 = 1_000;", "RPC1007@14"],
    ["const A: u8 = 0x;", "RPC1007@14"],
    ["const A: f32 = 1.;", "RPC1011@16"],
    ['const A: string = "\\q\\u{110000}\\u{d800}";', "RPC1010@19", "RPC1010@21", "RPC1010@31"],
    ['const A: string = "\\u{1F4F7}\\n\\t\\r\\0\\\\\\"";'],
    ['import "', "RPC1008@7", "RPC1012@8"],
    ["@media(1) module a;", "RPC4008@1"],
    ["struct A { @ x: u8; }", "RPC1011@14"],
    ["struct", "RPC1011@6"],
  ]);
});

describe("names", () => {
  table([
    ["struct A { x: B; } struct B { x: u8; }"],
    ["struct A { x: u9; }", "RPC2001@14"],
    ["struct A { x: stream; }", "RPC2001@14"],
    ["struct A { x: Foo<u8>; }", "RPC4001@14"],
    ["interface A { f(): Foo<u8>; }", "RPC2001@19"],
    ["struct A { x: u8; } struct A { x: u8; } struct A { x: u8; }", "RPC2002@27", "RPC2002@47"],
    ["struct u16be { x: u8; } enum pad: u8 { A = 1 }", "RPC2003@7", "RPC2003@29"],
    ["interface A { f(x: u8, x: u8): (y: u8, y: u8); }", "RPC2005@23", "RPC2005@39"],
    ["enum A: u8 { B = 1, B = 2 }", "RPC2005@20"],
    ["interface A { f(); f(); }", "RPC2005@19"],
    ["interface A { get_it(); getIt(); }", "RPC2006@24"],
    ["interface A { f(lambda: u8, lambda_: u8); }", "RPC2006@28"],
    ["interface A { f(a_b: u8, aB: u8); }", "RPC2006@25"],
    ["struct Promise { x: u8; } struct Promise_ { x: u8; }", "RPC2006@33"],
    ["struct createA { x: u8; } interface A { f(); }", "RPC2006@36"],
    ["const A: u8 = B;", "RPC2007@14"],
    ["const A: u8 = B.C;", "RPC2007@14"],
    ["enum A: u8 { X = 1 } const B: A = A.Y;", "RPC2008@36"],
    ["struct A { x: u8; } const B: u8 = A;", "RPC2009@34"],
    ["interface A { f(): A; }", "RPC2009@19"],
    ["struct A { x: A; }", "RPC2010@7"],
    ["struct A { x: B[]; } struct B { x: C?; } struct C { x: A[2]; }", "RPC2010@7"],
    ["type A = B; type B = A;", "RPC2010@5"],
    ["const A: u8 = B; const B: u8 = A;", "RPC2010@6"],
    ["struct A { x: u8[N]; } const N: u8 = M.X; enum M: u8 { X = N }", "RPC2010@29"],
    ["struct A { x: A; y: Typo; }", "RPC2010@7", "RPC2001@20"],
  ]);
});

describe("types and values", () => {
  table([
    ["const A: i8 = 127; const B: i8 = 128;", "RPC3001@33"],
    ["const A: u64 = 18446744073709551615; const B: u64 = 18446744073709551616;", "RPC3001@52"],
    ["const A: i64 = -9223372036854775808; const B: i64 = -9223372036854775809;", "RPC3001@52"],
    ["const A: f32 = 3.4e38; const B: f32 = 3.5e38; const C: f64 = 1e999;", "RPC3001@38", "RPC3001@61"],
    ["const A: u8 = 1.5; const B: bool = 1; const C: string = 1;", "RPC3002@14", "RPC3002@35", "RPC3002@56"],
    ["const A: u8 = 1s; const B: u8 = null;", "RPC3002@14", "RPC3002@32"],
    ["const A: u16 = 256; const B: u8 = A;", "RPC3001@34"],
    ["enum A: u8 { X = 1 } enum B: u8 { X = 1 } const C: A = B.X;", "RPC3002@55"],
    [
      "struct A { a: u8[0]; b: u8[-1]; c: u8[<=0]; d: u8[4294967292]; }",
      "RPC3003@17",
      "RPC3003@27",
      "RPC3003@40",
      "RPC3003@50",
    ],
    ["const N: i8 = -1; struct A { a: bytes[N]; }", "RPC3003@38"],
    ['struct A { a: bytes["x"]; b: bytes[1.5]; c: bytes[null]; }', "RPC3002@20", "RPC3002@35", "RPC3002@50"],
    ["struct A { x: string; y: u8; }", "RPC3004@14"],
    ["struct A { x: string[][4]; }", "RPC3004@14"],
    ["struct A { x: json[4]; }", "RPC3004@14"],
    ["struct A { x: bytes?[4]; }", "RPC3004@14"],
    ["struct A { x: u8[]; } struct B { a: A[2]; b: A; c: A; }", "RPC3004@36", "RPC3004@45"],
    ["struct A { x: u8[]; } interface I { f(): A; g(a: A); h(): (a: u8, b: A); i(): stream<A>; }"],
    ["interface I { f(a: json, b: u8); }", "RPC3004@19"],
    ["type A = u8?; struct B { a: A?; b: u8??; }", "RPC3005@28", "RPC3005@35"],
    [
      "interface I { f(): bytes?; g(x: u8[]?); h(): json?; i(): (a: string)?; }",
      "RPC3006@19",
      "RPC3006@32",
      "RPC3006@57",
    ],
    ["struct A { x: string?; }"],
    ["struct A { x: u64[536870911]; } struct B { x: u64[536870912]; }", "RPC3007@46"],
    ["struct A { x: bytes[4294967291]; } interface I { f(a: A, b: u8); }", "RPC3007@49"],
    ["struct A { x: u8[u8 <= 255]; y: u8[u16 <= 255]; z: u8[u8 <= 256]; }", "RPC3008@54"],
    ["struct A { x: u8[i8 <= 5]; y: u8[5 <= 5]; }", "RPC3009@17", "RPC3009@33"],
    ["enum A: u8 {} struct B {}", "RPC3010@5", "RPC3010@21"],
    ["enum A { X = 1 } enum B: bool { X = 1 }", "RPC3011@5", "RPC3011@25"],
    ["enum A: u8 { X = 1, Y = 0x1 }", "RPC3012@24"],
    ["enum A: u8 { X = 256, Y = -1 }", "RPC3001@17", "RPC3001@26"],
    ["const A: bytes[2] = 1; const B: u8? = 1; const C: json = 1;", "RPC3013@9", "RPC3013@32", "RPC3013@50"],
    [`struct A { x: u8${"[1]".repeat(62)}; y: u8; }`],
    [`struct A { x: u8${"[1]".repeat(62)}; } struct B { x: A; }`, "RPC3014@213"],
    ["enum A: u8 { X }", "RPC3015@13"],
    [
      'const A: string[<=4] = "é€"; const B: string[4] = "é€"; const C: string[5] = "é€";',
      "RPC3016@23",
      "RPC3016@50",
    ],
    ['const A: string[4] = "\\0"; const B: string[<=4] = "\\0";', "RPC3017@21"],
  ]);
});

describe("hints", () => {
  test.each([
    ["struct Rect { x: u8; } struct A { x: Rct; }", "Did you mean `Rect`?"],
    ["struct A { x: strng; }", "Did you mean `string`?"],
    ["const LIMIT: u8 = 1; struct A { x: u8[LIMT]; }", "Did you mean `LIMIT`?"],
    ["enum Mode: u8 { AUTO = 1 } interface A { f(m: Mode = Mode.AUTTO); }", "Did you mean `Mode.AUTO`?"],
    ["interface A { @deprecate(1) f(); }", "Did you mean `@deprecated`?"],
    ["interface A { f(a: u8[], b: u8); }", "Give it a bound: `u8[<=16]`."],
    ["interface A { f(a: bytes, b: u8); }", "Give it a bound: `bytes[<=64]`."],
    ["interface A { f(a: json, b: u8); }", null],
    ["struct A { x: u8[u8 <= 70000]; }", "Write `u32 <= 70000`."],
    ["enum A: u8 { X = 4, Y }", "Write `Y = 5`."],
    ["flags A: u8 { X = 4, Y }", "Write `Y = 8`."],
    ["flags A: i8 { X = 4 }", "Write `flags A: u8`."],
    ["flags A: u8 { RED = 1 } interface I { f(a: A = A.RD); }", "Did you mean `A.RED`?"],
    ["error Busy = 1 {} interface I { f() throws Bussy; }", "Did you mean `Busy`?"],
    ["interface I { f(): streem<u8>; }", "Did you mean `stream<…>`, `accept<…>` or `bulk<…>`?"],
    ["interface I { @onse f(); }", "Did you mean `@once`?"],
    ['interface A { @wire("f") g(); f(); }', 'Write `@wire("f")` on both, if that is meant.'],
  ])("%s", async (source, help) => {
    const { diagnostics } = await compileText(source);
    expect(diagnostics.map((each) => each.help)).toEqual([help]);
  });
});

describe("warnings of a board", () => {
  const source = `
    struct Deep { x: f64be[2]; } union Any: u8 { 1: deep: Deep?; 2: none; } error E = 1 { x: f64; }
    interface I { a(x: f64); b(): Any[4]; c() throws E; d(): stream<Deep>; e(x: f32): u64; f(): bytes; }`;
  const names = (diagnostics: readonly Diagnostic[], code: string) =>
    diagnostics.filter((each) => each.code === code).map((each) => each.values.functions ?? each.values.name);

  test("its floats lose digits of an f64, wherever it is", async () => {
    const { diagnostics } = await compileText(source, {}, { board: { floatBits: 32, heapBytes: null } });
    expect(names(diagnostics, "RPC9003")).toEqual(["`a`, `b`, `c`, `d`"]);
    expect(names(diagnostics, "RPC9004")).toEqual([]);
  });

  test("its heap does not hold a result or an item twice", async () => {
    const { diagnostics, model } = await compileText(source, {}, { board: { floatBits: 64, heapBytes: 31 } });
    expect(names(diagnostics, "RPC9003")).toEqual([]);
    expect(names(diagnostics, "RPC9004")).toEqual(["`b`", "`d`"]);
    expect(model).not.toBeNull();
  });

  test("without a board there is nothing to warn of", async () => {
    const { diagnostics } = await compileText(source);
    expect(diagnostics.map((each) => each.code)).toEqual(["RPC9001"]);
  });
});

describe("warnings", () => {
  test.each([
    ["interface A { f(): string; g(): u8; h(): u8?; i(); j(): bytes; }", ["RPC9001@10"]],
    ["interface A throws { f(): string; }", []],
    ["interface A { f(): stream<u8>; g(): bulk<bytes>; }", []],
    ["struct A { x: u8; } /// nothing\n// follows", ["RPC9002@20"]],
    ['/// the file\nmodule a;\n/// the struct\nstruct A {\n/// the field\n@unit("s") x: u8; }', []],
  ])("%s", async (source, expected) => {
    const { diagnostics, model } = await compileText(source);
    expect(diagnostics.map((each) => `${each.code}@${each.span.start}`)).toEqual(expected);
    expect(model).not.toBeNull();
  });
});
