import { describe, expect, test } from "vitest";
import { compileText } from "../../test/memory-host.js";

async function textOf(signature: string, declarations = context): Promise<string> {
  const { model, diagnostics } = await compileText(`${declarations} interface I { ${signature}; }`);
  expect(diagnostics.filter((each) => each.severity === "error")).toEqual([]);
  return model?.interfaces[0]?.canonicalText ?? "";
}

const context = `
  enum Mode: u8 { B = 2, A = 1 } open enum Size: u16 { S = 1 } flags Led: u32be { RED = 1 }
  struct Point { x: u16; y: u16be; } type Alias = Point;
  union Shape: u8 { 9: none; 1: at: Point; 2: path: Point[]; }
  error Busy = 3 { left: u8; } error Hot = 1 {}
`;

describe("a line of it", () => {
  test.each([
    ["f()", "0x0002b5c3 f () -> ()"],
    ["f(a: u8, b: i64be, c: f32, d: bool): json", "0x0002b5c3 f (u8, i64be, f32, bool) -> (json)"],
    ["f(a: bytes[3], b: string[<=300]): string", "0x0002b5c3 f (bytes[3], string[u16 <= 300]) -> (string)"],
    ["f(a: u8[4][u32 <= 2]): u8[]", "0x0002b5c3 f (u8[4][u32 <= 2]) -> (u8[])"],
    ["f(a: Mode, b: Size, c: Led?): u8?", "0x0002b5c3 f (u8{1, 2}, u16, u32be?) -> (u8?)"],
    ["f(a: Alias[2], _: pad[4]): Point", "0x0002b5c3 f ({u16, u16be}[2], pad[4]) -> ({u16, u16be})"],
    ["f(a: Shape)", "0x0002b5c3 f (u8{1: {u16, u16be}, 2: {u16, u16be}[], 9}) -> ()"],
    ["f(): (a: u8, b: u8)?", "0x0002b5c3 f () -> (u8, u8)?"],
    ["@once f(a: u8): u8 throws", "0x0002b5c3 f @once (u8) -> (u8) throws"],
    ["f() throws Busy, Hot", "0x0002b5c3 f () -> () throws 1(), 3(u8)"],
    ["f(): stream<Point> with (w: u8)", "0x0002b5c3 f () -> stream<{u16, u16be}> with (u8)"],
    ["f(): accept<bytes>", "0x0002b5c3 f () -> accept<bytes>"],
    ["f(): bulk<bytes> with (w: u16, size: u32)", "0x0002b5c3 f () -> bulk<bytes> with (u16, size u32)"],
    ["f(): bulk<bytes[9]> with (size: u32) throws", "0x0002b5c3 f () -> bulk<bytes[9]> with (u32) throws"],
  ])("%s", async (signature, line) => {
    expect(await textOf(signature)).toBe(`${line}\n`);
  });
});

test("lines are sorted by id, and those of one id by the size of their argument", async () => {
  const lines = (await textOf('zz(); @wire("a") big(x: u32); b(); @wire("a") small(x: u8)')).split("\n");
  expect(lines).toEqual([
    "0x0002b5c4 a (u8) -> ()",
    "0x0002b5c4 a (u32) -> ()",
    "0x0002b5c7 b () -> ()",
    "0x005971c5 zz () -> ()",
    "",
  ]);
});

test("what decides no bytes is not in it", async () => {
  const one = await textOf("f(a: P, b: u8 = 1): P throws", "struct P { x: u16; @range(0, 9) y: u8; }");
  const two = await textOf(
    "/// Says more.\n @timeout(recv = 1s) @idempotent f(here: Q, c: u8): (answer: Q) throws",
    'struct Q { @unit("px") left: u16; top: L; } type L = u8;',
  );
  expect(two).toBe(one);
});

test.each([
  ["the type of a field", "struct P { x: u32; }"],
  ["the order of its bytes", "struct P { x: u16be; }"],
  ["a further field", "struct P { x: u16; y: u8; }"],
  ["padding", "struct P { x: u16; _: pad[1]; }"],
  ["a bound", "struct P { x: u16[<=2]; }"],
])("%s changes the fingerprint", async (_, declarations) => {
  const fingerprint = async (text: string) =>
    (await compileText(`${text} interface I { f(): P; }`)).model?.interfaces[0]?.fingerprint;
  expect(await fingerprint(declarations)).not.toBe(await fingerprint("struct P { x: u16; }"));
});

test("the fingerprint is the beginning of the SHA-256 of the text", async () => {
  const { model } = await compileText("interface Camera { ping(); } interface Empty { }");
  expect(model?.interfaces).toMatchObject([
    { canonicalText: "0x7c75f255 ping () -> ()\n", nameHash: 2716359356, fingerprint: "d4ccb5e5b0181f8a" },
    { canonicalText: "", fingerprint: "e3b0c44298fc1c14" },
  ]);
});
