/** Every code of the catalogue is reported by some file, and its example mended is free of mistakes. */
import { describe, expect, test } from "vitest";
import type { Code } from "../src/diagnostics/catalogue/catalogue.js";
import { type Board, catalogue, type Entry, explain } from "../src/index.js";
import { changesOf } from "./changes-of.js";
import { compileText, type Files } from "./memory-host.js";

const entries: readonly (readonly [string, Entry])[] = Object.entries(catalogue);

/** Mistakes that no one-file example can show by itself. */
interface Special {
  readonly input: string | Uint8Array;
  readonly others?: Files;
  readonly board?: Board;
  /** The older file of a change. */
  readonly old?: string;
}
const special: Partial<Record<Code, Special>> = {
  RPC1001: { input: new Uint8Array([0x2f, 0x2f, 0xff]) },
  RPC1002: { input: new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1]) },
  RPC1003: { input: new Uint8Array(4 * 1024 * 1024 + 1).fill(0x20) },
  RPC1004: { input: 'import "missing.idl";' },
  RPC1014: { input: Array.from({ length: 65_536 }, (_, index) => `type T${index}=u8;`).join("") },
  RPC1015: { input: "} ".repeat(3) + "@ 5 ".repeat(2000) },
  RPC2004: {
    input: 'import "a.idl"; struct S { x: Deep; }',
    others: { "a.idl": 'import "b.idl"; struct A { x: Deep; }', "b.idl": "struct Deep { x: u8; }" },
  },
  RPC5001: { input: "interface B { f(); }", old: "interface A { f(); }" },
  RPC5002: { input: "interface A { g(); }", old: "interface A { f(); }" },
  RPC5003: { input: 'interface A { @wire("g") f(); }', old: "interface A { f(); }" },
  RPC5004: { input: "interface A { f(a: u8[<=256]); }", old: "interface A { f(a: u8[<=255]); }" },
  RPC5005: { input: "interface A { f(a: u16); }", old: "interface A { f(a: u16be); }" },
  RPC5006: { input: "interface A { f(a: u8, b: u8); }", old: "interface A { f(a: u8); }" },
  RPC5007: { input: "interface A { f() throws; }", old: "interface A { f(); }" },
  RPC9003: { input: "interface I { f(): f64; }", board: { floatBits: 32, heapBytes: null } },
  RPC9004: { input: "interface I { f(): u64[10]; }", board: { floatBits: 64, heapBytes: 79 } },
  RPC9005: { input: "interface A { f(a: u8[<=20]); }", old: "interface A { f(a: u8[<=10]); }" },
  RPC9006: { input: "interface A { f(a: u8); }", old: "interface A { f(a: u8 = 1); }" },
};

describe.each(entries)("%s", (code, entry) => {
  test("is reported", async () => {
    const known = Object.entries(special).find(([each]) => each === code)?.[1];
    const input = entry.wrong ?? known?.input;
    if (input === undefined) throw new Error(`${code} has no file that makes the mistake`);
    const { diagnostics, model } = await compileText(input, known?.others, { board: known?.board ?? null });
    const found = known?.old === undefined ? diagnostics : await changesOf(known.old, String(input));
    expect(found.map((each) => each.code)).toContain(code);
    if (known?.old !== undefined) return;
    expect(model === null).toBe(
      entry.severity === "error" || diagnostics.some((d) => d.severity === "error"),
    );
  });

  test("has an example, mended too, or is one that a file cannot show", () => {
    expect(entry.wrong === null).toBe(entry.right === null);
    expect(entry.wrong === null).toBe(Object.hasOwn(special, code));
  });
});

const mended = entries.flatMap(([code, { right }]) => (right === null ? [] : [[code, right] as const]));

test.each(mended)("%s is mended by: %s", async (_, right) => {
  const { diagnostics, model } = await compileText(right);
  expect(diagnostics.map((each) => each.message)).toEqual([]);
  expect(model).not.toBeNull();
});

test("codes are grouped by their severity", () => {
  for (const [code, { severity }] of entries)
    expect([code, severity]).toEqual([code, code < "RPC9" ? "error" : "warning"]);
});

test("a code that does not exist has no explanation", () => {
  expect(explain("RPC0000")).toBeNull();
  expect(explain("toString")).toBeNull();
  expect(explain("RPC2001")?.title).toBe("An unknown type");
});
