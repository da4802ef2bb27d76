/** One line of source, the diagnostics it gives: `code@offset` in order of place. */
import { describe, expect, test } from "vitest";
import { compileText } from "./memory-host.js";

async function codesOf(source: string): Promise<readonly string[]> {
  const { diagnostics } = await compileText(source);
  return diagnostics
    .filter((each) => each.severity === "error")
    .map((each) => `${each.code}@${each.span.start}`);
}

function table(rows: readonly (readonly [string, ...string[]])[]): void {
  test.each(rows.map(([source, ...codes]) => [source, codes] as const))("%s", async (source, codes) => {
    expect(await codesOf(source)).toEqual(codes);
  });
}

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

describe("flags and open enums", () => {
  table([
    ["open enum A: u8 { X = 1 } const B: A = A.X; const C: A = 1;", "RPC3002@57"],
    [
      "open struct A { x: B; } open flags B: u8 { X = 1 } open module a; open type C = u8; open; open",
      "RPC1011@5",
      "RPC1011@29",
      "RPC1011@56",
      "RPC1011@71",
      "RPC1011@88",
      "RPC1011@94",
    ],
    ["flags A: u8 { X = 1, Y = 2, BOTH = X | Y, SAME = A.X | A.Y }", "RPC3012@49"],
    ["flags A: u8 { BOTH = X | Y, X = 1, Y = 2 }", "RPC3002@21", "RPC3002@25"],
    ["flags A: u8 { X = 1, Z = X | N } const N: u8 = 0x80;"],
    ["flags A: u8 { X = 1, Z = X | N } flags N: u8 { B = 1 }", "RPC2009@29"],
    ["flags A: u8 { X = A.Z }", "RPC3002@18"],
    ["flags A: u8 { X = 256, NONE = 0 } flags B: u64 { TOP = 0x8000000000000000 }", "RPC3001@18"],
    [
      "flags A: i8 { X = 1 } flags B { X = 1 } flags C: f32 {}",
      "RPC3011@9",
      "RPC3011@28",
      "RPC3010@46",
      "RPC3011@49",
    ],
    ["flags A: u8 { X, Y = 1 }", "RPC3015@14"],
    [
      "flags A: u8 { X = 1, Y = 2 } const B: A = X | A.Y; const C: A = B; const D: A = B | X; const E: A = 0;",
    ],
    [
      "flags A: u8 { X = 1 } const B: A = 1; const C: A = Y; const D: A = A.Y;",
      "RPC3002@35",
      "RPC2007@51",
      "RPC2008@69",
    ],
    [
      "flags A: u8 { X = 1 } flags B: u8 { X = 1, Y = 2 } const C: A = A.X | B.Y; const D: A = X | true; const E: u8 = A.X | A.X; const F: A = B.X;",
      "RPC3002@70",
      "RPC3002@92",
      "RPC3002@112",
      "RPC3002@136",
    ],
    [
      "enum A: u8 { X = 1, Y = 2 } const B: A = A.X | A.Y; const C: u8 = 1 | 2;",
      "RPC3002@41",
      "RPC3002@47",
      "RPC1011@68",
    ],
    ["flags A: u8 { X = 1, Y = 2 } interface I { f(a: A = X | Y, b: A? = Y, c: A[2]); }", "RPC4011@70"],
    ["flags Led: u8 { get_it = 1, getIt = 2, class = 4, class_ = 8 }", "RPC2006@50", "RPC2006@50"],
  ]);
});

describe("unions", () => {
  table([
    ["union A: u8 { 1: a: u8; 2: b; 3: c: A[2]; }", "RPC2010@6"],
    ["union A: u8 { 1: a: u8; 1: b; 0x1: c: u8; }", "RPC3012@24", "RPC3012@30"],
    [
      "union A: u8 { 256: a: u8; -1: b; 1.5: c; 1s: d; }",
      "RPC3001@14",
      "RPC3001@26",
      "RPC3002@33",
      "RPC3002@41",
    ],
    ["union A: i16be { -1: a: u8; 300: b; }"],
    ["union A { 1: a; } union B: bool { 1: a; } union C: u8 {}", "RPC3011@6", "RPC3011@27", "RPC3010@48"],
    ["union A: u8 { 1: a: u8, 2: b: u8 }", "RPC1012@22", "RPC1012@32"],
    ["union A: u8 { a: u8; }", "RPC1011@14"],
    ["union A: u8 { 1: ; 2: b: Typo; 3: c: ; }", "RPC1011@17", "RPC2001@25", "RPC1011@37"],
    ["union A: u8 { 1: a: u8; 2: a: u16; 3: get_a; 4: getA; }", "RPC2005@27", "RPC2006@48"],
    ["union A: u8 { 1: a: stream<u8>; 2: b: pad[4]; 3: c: pad; }", "RPC4001@20", "RPC3018@38", "RPC3018@52"],
    [
      "union A: u8 { 1: a: bytes; 2: b; } struct B { a: A; b: A; } interface I { f(a: A, b: u8); g(a: A[2]); h(a: A): A; }",
      "RPC3004@49",
      "RPC3004@79",
      "RPC3004@95",
    ],
    ["union A: u8 { 1: b: B; } struct B { c: C?; } union C: u8 { 7: a: A; }", "RPC2010@6"],
    ["union A: u64 { 1: a: bytes[4294967290]; }", "RPC3007@6"],
    ["union A: u8 { 1: a; } const B: A = 1; interface I { f(a: A = 1); }", "RPC3013@31", "RPC4012@61"],
    [`union A: u8 { 1: x: u8${"[1]".repeat(63)}; }`, "RPC3014@6"],
    [
      '@wire("a") union A: u8 { @range(1, 2) 1: a: u8; @unit("s") @deprecated("b") 2: c: u8; }',
      "RPC4008@1",
      "RPC4008@26",
    ],
  ]);
});

describe("errors", () => {
  table([
    ["error A = 1 {} error B = 127 { x: u8; why: string; } interface I throws A { f() throws B; }"],
    [
      "error A = 0 {} error B = 128 {} error C = -1 {} const N: u8 = 5; error D = N {}",
      "RPC4018@10",
      "RPC4018@25",
      "RPC4018@42",
    ],
    ['error A = "x" {} error B = 1.5 {} error C {}', "RPC3002@10", "RPC3002@27", "RPC1011@42"],
    ["error A = 1 { x: u8 = 1; x: u8; y: string; z: u8; }", "RPC4014@22", "RPC2005@25", "RPC3004@35"],
    ["error none = 1 {} interface I { f() throws None; }", "RPC2003@6", "RPC2011@43"],
    [
      "error A = 1 {} struct B { a: A; } const C: u8 = A; interface I { f(): A throws B; }",
      "RPC2009@29",
      "RPC2009@48",
      "RPC2009@70",
      "RPC2009@79",
    ],
    ["error A = 1 {} interface I { f() throws A, A; }", "RPC2005@43"],
    [
      "error A = 1 {} error B = 1 {} interface I throws A { f() throws B; g() throws A; h() throws none; }",
      "RPC4017@64",
    ],
    ["error A = 1 {} error B = 1 {} interface I throws A, B { f(); g(); }", "RPC4017@52"],
    [
      "error A = 1 {} interface I throws A { f() throws none; g() throws none, A; } interface J throws none {}",
      "RPC4016@66",
      "RPC4016@96",
    ],
    ["error A = 1 { b: B; } struct B { a: bytes[4294967291]; }", "RPC3007@6"],
    ["error A = 1 { message: u8; message_: u8; }", "RPC2006@27"],
    ["error A = 1 { a: u8?; } error B = 2 { a: string?; }", "RPC3006@41"],
    ['import "e.idl"; interface I { f() throws Hidden; }', "RPC1004@7"],
  ]);
});

describe("padding and byte order", () => {
  table([
    ["struct A { x: u8; _: pad[3]; y: u16be; _: pad[2]; }"],
    ["struct A { x: pad[3]; _: u8; z: u8; }", "RPC3018@11", "RPC3018@22"],
    ["struct A { _: pad; x: u8; }", "RPC3018@11"],
    ["struct A { _: pad[<=4]; x: u8; }", "RPC3018@11"],
    ["struct A { _: pad[4][2]; _: pad[2]?; x: u8; }", "RPC3018@11", "RPC3018@25"],
    ["struct A { _: pad[0]; x: u8; }", "RPC3003@18"],
    ["struct A { _: pad[4]; }", "RPC3010@7"],
    ["type P = pad[4]; struct pad { x: u8; } const A: pad = 1;", "RPC3018@9", "RPC2003@24", "RPC3018@48"],
    [
      "interface I { f(a: u8, _: pad[3], b: u32): (x: u8, _: pad[3]); g(): (_: pad[3]); h(): pad[3]; }",
      "RPC4015@68",
      "RPC3018@86",
    ],
    ["struct A { a: u8be; b: i8be; c: f32be[2]; d: f64be?; }", "RPC2001@14", "RPC2001@23"],
    ["enum A: u16be { X = 1 } struct B { x: u8[u16be <= 4]; }", "RPC3009@41"],
    ["const A: u16be = 65536;", "RPC3001@17"],
  ]);
});

describe("ranges", () => {
  table([
    [
      "const N: u8 = 9; struct A { @range(0, N) a: u8; @range(min = -1.5) b: f32; @range(max = 4, min = 4) c: i64; }",
    ],
    [
      "struct A { @range a: u8; @range() b: u8; @range(1) c: u8; @range(1, 2, 3) d: u8; }",
      "RPC4010@11",
      "RPC4010@25",
      "RPC4010@41",
      "RPC4010@58",
    ],
    [
      "struct A { @range(from = 1) a: u8; @range(min = 1, min = 2) b: u8; @range(1, max = 2) c: u8; }",
      "RPC4010@11",
      "RPC4010@35",
      "RPC4010@67",
    ],
    [
      "struct A { @range(-1, 256) a: u8; @range(0.5, 2) b: u8; @range(0, 1e39) c: f32; }",
      "RPC3001@18",
      "RPC3001@22",
      "RPC3002@41",
      "RPC3001@66",
    ],
    [
      'struct A { @range("a", null) a: u8; @range(N, 1s) b: u8; }',
      "RPC3002@18",
      "RPC3002@23",
      "RPC2007@43",
      "RPC3002@46",
    ],
    [
      "struct A { @range(2, 1) a: u8; @range(0.1, 0.09) b: f32; @range(0.3, 0.30000000001) c: f32; }",
      "RPC4023@11",
      "RPC4023@31",
    ],
    [
      "enum E: u8 { X = 1 } struct A { @range(0, 1) a: bool; @range(0, 1) b: E; @range(0, 1) c: u8?; @range(0, 1) d: u8[2]; @range(0, 1) e: Typo; }",
      "RPC4022@32",
      "RPC4022@54",
      "RPC4022@73",
      "RPC4022@94",
      "RPC2001@133",
    ],
    [
      "type L = u16; error X = 1 { @range(1, 300) a: L; } @range(1, 2) type M = u8; interface I { f(): (@range(1, 2) a: u8); }",
      "RPC4008@52",
      "RPC4008@98",
    ],
    [
      "interface I { f(@range(1, 5) a: u8 = 5, @range(1, 5) b: u8 = 6, @range(0.1, 1) c: f32 = 0.1); }",
      "RPC4024@61",
    ],
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

describe("functions", () => {
  table([
    [
      "interface I { f(): stream<stream<u8>>; g(): stream<u8>?; h(): (a: bulk<bytes>); }",
      "RPC4001@26",
      "RPC4001@44",
      "RPC4001@66",
    ],
    ["type S = stream<u8>; struct A { x: bulk<bytes>; }", "RPC4001@9", "RPC4001@35"],
    [
      "interface I { f(): bulk<string>; g(): bulk<bytes[<=4]>; h(): bulk<bytes[4]>; }",
      "RPC4002@24",
      "RPC4002@43",
    ],
    ["type O = u8?; interface I { f(): stream<O>; }", "RPC4003@40"],
    // The two names of each have one hash.
    ["interface I { cb(); bC(); }", "RPC4004@20"],
    ["interface I { add_window_line(); play_log_mode(); }", "RPC4004@33"],
    ['interface I { @wire("add_window_line") f(); @wire("play_log_mode") g(a: u8); }', "RPC4004@67"],
    ['interface I { @wire("f") g(); f(); }', "RPC4004@30"],
    ['interface I { @wire("f") g(); @wire("f") f(a: u8); }'],
    ['interface I { @wire("f") g(a: u8 = 1); @wire("f") h(); }', "RPC4005@50"],
    [
      'interface I { @wire("f") g(a: u8[<=4]); @wire("f") h(a: u8[6]); @wire("f") i(a: bytes[5]); }',
      "RPC4005@75",
    ],
    [
      'interface I { rpcgen_schema(); @wire("rpcgen_schema") f(); }',
      "RPC4006@14",
      "RPC4006@54",
      "RPC4004@54",
    ],
    ["@nonsense struct A { @Unit(1) x: u8; }", "RPC4007@1", "RPC4007@22"],
    ["@timeout(recv = 1s) struct A { @wire(1) x: u8; }", "RPC4008@1", "RPC4008@32"],
    ['interface I { @deprecated("a") @deprecated("b") f(); }', "RPC4009@32"],
    [
      "interface I { @timeout f(); @timeout() g(); @timeout(1s) h(); @timeout(recv = 1s, recv = 2s) i(); }",
      "RPC4010@14",
      "RPC4010@28",
      "RPC4010@44",
      "RPC4010@62",
    ],
    [
      "interface I { @timeout(recv = 0s) f(); @timeout(recv = 0.0001s) g(); @timeout(wait = 1s) h(); }",
      "RPC4010@14",
      "RPC1007@55",
      "RPC4010@69",
    ],
    [
      'interface I { @wire("é") f(); @wire("") g(); @wire("a b") h(); @wire(f) i(); @wire k(); }',
      "RPC4010@14",
      "RPC4010@30",
      "RPC4010@45",
      "RPC4010@63",
      "RPC4010@77",
    ],
    [
      '@media("jpeg") type A = bytes; @deprecated("") type B = u8; @unit("a", "b") type C = u8;',
      "RPC4010@0",
      "RPC4010@31",
      "RPC4010@60",
    ],
    ["interface I { f(a: u8 = 1, b: u8, c: u8); }", "RPC4011@27", "RPC4011@34"],
    [
      "struct P { x: u8; } interface I { f(a: P = 0, b: u8[2] = 0, c: json = 1); g(a: P? = null); h(a: P? = 1); }",
      "RPC4012@43",
      "RPC4012@57",
      "RPC4012@70",
      "RPC4012@101",
    ],
    [
      'interface I { f(a: string = "x"); g(a: string = ""); h(a: u8? = 5); i(a: u8? = null); j(a: u8? = 5, b: u8 = 1); }',
      "RPC4013@28",
      "RPC4013@64",
    ],
    ["interface I { f(): (a: u8 = 1); } struct A { x: u8 = 1; }", "RPC4014@28", "RPC4014@53"],
    ["interface I { f(): (); g(): ()?; }", "RPC4015@19", "RPC4015@28"],
    [
      "interface I { a(): stream<u8> with (x: u8, y: json); b(): accept<u8[4]> with (x: u8?); c(): bulk<bytes> with (size: u16be); }",
    ],
    [
      "interface I { a(): u8 with (x: u8); b() with (x: u8); c(): (x: u8) with (y: u8); d(): stream<u8> with (); }",
      "RPC4019@22",
      "RPC4019@40",
      "RPC4019@67",
      "RPC4015@97",
    ],
    [
      "interface I { a(): stream<u8> with (x: u8 = 1, x: u8); b(): bulk<bytes> with (size: u64); c(): bulk<bytes> with (size: u8?); d(): bulk<bytes[4]> with (size: f32); }",
      "RPC4014@44",
      "RPC2005@47",
      "RPC4020@78",
      "RPC4020@113",
    ],
    [
      "interface I { a(): accept<u8?>; b(): accept<accept<u8>>; c(x: accept<u8>); d(): acept<u8>; }",
      "RPC4003@26",
      "RPC4001@44",
      "RPC4001@62",
      "RPC2001@80",
    ],
    ["interface I { a(): stream<u8> throws with (x: u8); }", "RPC1011@37"],
    [
      "error with = 1 {} interface I { a() throws with; b(): bulk<bytes> throws with with (x: u8); }",
      "RPC1011@78",
    ],
    [
      "interface I { @once a(): u8; @once @idempotent b() throws; @once c(): bytes; @once d(): stream<u8>; @once e(): accept<u8>; @once f(): bulk<bytes>; @once g(): json?; }",
      "RPC4021@65",
      "RPC4021@83",
      "RPC4021@106",
      "RPC4021@129",
      "RPC4021@153",
    ],
    [
      "@once interface I { @once(1) a(); @idempotent() b(); @once @once c(); }",
      "RPC4008@1",
      "RPC4010@20",
      "RPC4009@60",
    ],
    [
      "interface I { @once a(x: bytes[4294967290]); b(): bytes[4294967291] throws; }",
      "RPC3007@20",
      "RPC3007@45",
    ],
    ['interface I { @wire("f") a(x: u32); @once @wire("f") b(); }', "RPC4005@53"],
    ["interface I { f(mode: u8 = 300, on: bool = 1); }", "RPC3001@27", "RPC3002@43"],
    [
      "error X = 1 {} interface I { f(): u8 throws X, none; } interface J throws none { }",
      "RPC4016@47",
      "RPC4016@74",
    ],
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
