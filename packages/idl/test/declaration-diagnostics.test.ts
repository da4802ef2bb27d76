/** Mistakes in flags, unions, errors, padding and ranges. */
import { describe } from "vitest";
import { table } from "./diagnostics-table.js";

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
