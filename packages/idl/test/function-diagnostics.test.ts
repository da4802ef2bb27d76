/** Mistakes in functions and annotations. */
import { describe } from "vitest";
import { table } from "./diagnostics-table.js";

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
