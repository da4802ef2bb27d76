/** Sizes, offsets and what an empty answer means, of types as they are written. */
import { describe, expect, test } from "vitest";
import type { FunctionDeclaration, Model, SizeRange, StructDeclaration } from "../src/index.js";
import { compileText } from "./memory-host.js";

async function modelOf(source: string): Promise<Model> {
  const { model, diagnostics } = await compileText(source);
  expect(diagnostics.filter((each) => each.severity === "error")).toEqual([]);
  if (model === null) throw new Error("no model");
  return model;
}

async function structOf(source: string): Promise<StructDeclaration> {
  const struct = (await modelOf(source)).declarations.findLast((each) => each.kind === "struct");
  if (struct?.kind !== "struct") throw new Error("no struct");
  return struct;
}

async function functionOf(signature: string): Promise<FunctionDeclaration> {
  const { interfaces } = await modelOf(`${context} interface I { ${signature}; }`);
  const [declaration] = interfaces[0]?.functions ?? [];
  if (declaration === undefined) throw new Error("no function");
  return declaration;
}

const context = `
  enum Mode: u16 { AUTO = 0 } struct Point { x: u16; y: u16; } struct Open { id: u8; data: bytes; }
  flags Led: u8 { RED = 1, GREEN = 2, BOTH = RED | GREEN } enum Big: i32be { ONE = 1 } const LIT: Led = Led.GREEN;
  union Shape: u16 { 1: point: Point; 2: lost; 3: name: string[<=9]; } union Tail: u8 { 0: none; 1: rest: json; }
  error Busy = 3 { left: u8; } error Hot = 1 { message: string; } error Cold = 2 {}
`;

const size = (min: number, max: number | null): SizeRange => ({ min, max });

describe("a type in a struct", () => {
  test.each([
    ["u8", 1, 1],
    ["i16", 2, 2],
    ["u32", 4, 4],
    ["i64", 8, 8],
    ["f32", 4, 4],
    ["f64", 8, 8],
    ["bool", 1, 1],
    ["Mode", 2, 2],
    ["Point", 4, 4],
    ["bytes[5]", 5, 5],
    ["string[5]", 5, 5],
    ["u16[5]", 10, 10],
    ["Point[3][2]", 24, 24],
    ["bytes[<=255]", 1, 256],
    ["bytes[<=256]", 2, 258],
    ["string[<=65535]", 2, 65_537],
    ["string[<=65536]", 4, 65_540],
    ["u16[u32 <= 3]", 4, 10],
    ["string[<=12][<=4]", 1, 53],
    ["string[12][<=4]", 1, 49],
    ["string[<=12][4]", 4, 52],
    ["u8?", 1, 2],
    ["Point?[2]", 2, 10],
    ["Point[<=2]?", 1, 10],
    ["string", 0, null],
    ["bytes?", 1, null],
    ["u16[]", 0, null],
    ["json", 1, null],
    ["json?", 1, null],
    ["Open", 1, null],
    ["u16be", 2, 2],
    ["i64be", 8, 8],
    ["f32be[3]", 12, 12],
    ["Led", 1, 1],
    ["Big", 4, 4],
    ["Shape", 2, 12],
    ["Shape[<=2]", 1, 25],
    ["Tail", 1, null],
    ["Tail?", 1, null],
  ])("%s takes %i to %s bytes", async (type, min, max) => {
    const struct = await structOf(`${context} struct S { x: ${type}; }`);
    expect(struct.size).toEqual(size(min, max));
    expect(struct.fields[0]?.type.size).toEqual(size(min, max));
  });

  test("offsets end behind the first part of variable size", async () => {
    const struct = await structOf("struct S { a: u8; b: u32; c: string[3]; d: u8?; e: u8; f: bytes; }");
    expect(struct.fields.map((field) => field.offset)).toEqual([0, 1, 5, 8, null, null]);
    expect(struct.size).toEqual(size(10, null));
  });

  test("an optional at the end of a struct keeps its presence byte", async () => {
    const { fields } = await structOf("struct S { a: u8; b: u8?; }");
    expect(fields[1]?.type).toMatchObject({ kind: "optional", form: "presence", size: size(1, 2) });
  });

  test("padding moves what follows it", async () => {
    const { fields, size: whole } = await structOf("struct S { a: u8; _: pad[3]; b: u32; _: pad[4]; }");
    expect(fields.map((field) => field.offset)).toEqual([0, 1, 4, 8]);
    expect(fields[1]?.type).toMatchObject({ kind: "pad", count: 3, size: size(3, 3) });
    expect(whole).toEqual(size(12, 12));
  });

  test("a range is of the type of its field", async () => {
    const { fields } = await structOf("struct S { @range(-5, 5) a: i16; @range(0.1, 1) b: f64; }");
    const [first, second] = fields.map((field) => field.range);
    expect(first).toEqual({ min: { kind: "integer", value: -5n }, max: { kind: "integer", value: 5n } });
    expect(second).toEqual({ min: { kind: "float", value: 0.1 }, max: { kind: "float", value: 1 } });
  });

  test("bounds of a 32-bit float are rounded to it, and a side that is not written is its largest", async () => {
    const { fields } = await structOf("struct S { @range(min = 0.1) a: f32; @range(max = 9) b: u8; }");
    const [first, second] = fields.map((field) => field.range);
    expect(first?.min).toEqual({ kind: "float", value: Math.fround(0.1) });
    expect(first?.max).toEqual({ kind: "float", value: Math.fround(3.4028235e38) });
    expect(second).toEqual({ min: { kind: "integer", value: 0n }, max: { kind: "integer", value: 9n } });
  });

  test("the name of an alias stays with the type", async () => {
    const { fields } = await structOf('@media("image/jpeg") type Jpeg = bytes; struct S { a: Jpeg; }');
    expect(fields[0]?.type).toMatchObject({
      kind: "bytes",
      alias: { names: { source: "Jpeg" }, media: "image/jpeg" },
    });
  });
});

describe("a function", () => {
  test.each([
    ["f()", size(0, 0), "nothing", "value"],
    ["f(): u8", size(1, 1), "single", "failed"],
    ["f(): Point?", size(0, 4), "single", "none"],
    ["f(): json?", size(0, null), "single", "none"],
    ["f(): json", size(1, null), "single", "failed"],
    ["f(): string", size(0, null), "single", "value"],
    ["f(): string[<=4]", size(1, 5), "single", "failed"],
    ["f(): Open", size(1, null), "single", "failed"],
    ["f(): (a: u8, b: u8?)", size(1, 2), "several", "failed"],
    ["f(): (a: u8, b: Point)?", size(0, 5), "several", "none"],
    ["f(): (a: u8?)", size(0, 1), "several", "value"],
    ["f(): string throws", size(0, null), "single", "failed"],
    ["f(): stream<u8>", size(0, 0), "nothing", "value"],
    ["f(): bulk<bytes>", size(0, 0), "nothing", "value"],
    ["f(): bulk<bytes> with (size: u32, note: string)", size(4, null), "several", "failed"],
    ["f(): stream<u8> with (a: u8?)", size(0, 1), "several", "value"],
    ["f(): accept<u8> with (a: u8) throws", size(1, 1), "several", "failed"],
    ["f(): (a: u8, _: pad[2])", size(3, 3), "several", "failed"],
    ["f(): Tail?", size(0, null), "single", "none"],
  ] as const)("%s answers with %j", async (signature, result, kind, emptyAnswer) => {
    const declaration = await functionOf(signature);
    expect(declaration.result).toMatchObject({ kind, size: result });
    expect(declaration.emptyAnswer).toBe(emptyAnswer);
    expect(declaration.throws).toBe(signature.endsWith("throws"));
  });

  test.each([
    ["f()", size(0, 0), size(0, 0), 0],
    ["f(a: u32, b: Point?)", size(4, 8), size(4, 8), 2],
    ["f(a: u32, b: Open)", size(5, null), size(5, null), 2],
    ["f(a: u32, b: u16 = 1, c: u8 = 2)", size(7, 7), size(4, 7), 1],
    ["f(a: u8 = 1, b: u8? = null)", size(1, 2), size(0, 2), 0],
    ["@once f()", size(0, 0), size(4, 4), 0],
    ["@once f(a: u32, b: u16 = 1)", size(6, 6), size(8, 10), 1],
    ["f(a: u8, _: pad[3], b: bytes)", size(4, null), size(4, null), 3],
  ])("%s takes %j", async (signature, encoded, accepted, firstDefault) => {
    const { parameters, accepts, firstDefault: first } = await functionOf(signature);
    expect([parameters.size, accepts, first]).toEqual([encoded, accepted, firstDefault]);
  });

  test.each([
    ["f(): stream<Point?[2]>", { kind: "stream", item: { kind: "list", size: size(2, 10) } }],
    ["f(): bulk<bytes>", { kind: "bulk", byteLength: null, sizeField: null }],
    ["f(): bulk<bytes[16]> with (size: u32)", { kind: "bulk", byteLength: 16, sizeField: null }],
    ["f(): bulk<bytes> with (w: u16, size: u32be)", { kind: "bulk", byteLength: null, sizeField: 1 }],
    ["f(): bulk<bytes> with (w: u16)", { kind: "bulk", byteLength: null, sizeField: null }],
    ["f(): accept<Point> with (w: u16)", { kind: "accept", item: { kind: "struct", size: size(4, 4) } }],
    ["f(): u8", { kind: "call" }],
  ])("%s goes on as it says", async (signature, transfer) => {
    expect((await functionOf(signature)).transfer).toMatchObject(transfer);
  });

  test("the last optional of a message has no presence byte, through an alias too", async () => {
    const { interfaces } = await modelOf("type Maybe = u8?; interface I { f(a: Maybe, b: Maybe): Maybe; }");
    const [declaration] = interfaces[0]?.functions ?? [];
    const types = declaration?.parameters.fields.map((field) => field.type);
    expect(types).toMatchObject([
      { form: "presence", size: size(1, 2) },
      { form: "tail", size: size(0, 1), alias: { names: { source: "Maybe" } } },
    ]);
    expect(declaration?.result).toMatchObject({ type: { form: "tail" } });
  });

  test("defaults are values of their type", async () => {
    const { parameters } = await functionOf(
      'f(a: Mode = Mode.AUTO, b: i64 = -0x10, c: f32 = 2, d: bool = true, e: string[4] = "x", g: u8? = 5, h: u8? = null)',
    );
    expect(parameters.fields.map((field) => field.defaultValue)).toMatchObject([
      { kind: "member", member: { names: { source: "AUTO" }, value: 0n } },
      { kind: "integer", value: -16n },
      { kind: "float", value: 2 },
      { kind: "bool", value: true },
      { kind: "string", value: "x" },
      { kind: "integer", value: 5n },
      { kind: "null" },
    ]);
  });

  test("sets of flags are their members and their bits", async () => {
    const { parameters } = await functionOf(
      "f(e: Led? = RED, a: Led = RED | Led.GREEN, b: Led = LIT | RED, c: Led = BOTH, d: Led = 0)",
    );
    const values = parameters.fields.map(({ defaultValue }) =>
      defaultValue?.kind === "flags"
        ? [defaultValue.value, ...defaultValue.members.map((member) => member.names.source)]
        : null,
    );
    expect(values).toEqual([[1n, "RED"], [3n, "RED", "GREEN"], [3n, "GREEN", "RED"], [3n, "BOTH"], [0n]]);
  });

  test("errors of the interface and of the function come together, by number", async () => {
    const { interfaces } = await modelOf(
      `${context} interface I throws Busy { a(); b() throws Hot, Cold, Busy; c() throws; d() throws none; }
       interface J { e(); f() throws; g() throws Hot; h() throws none; }`,
    );
    const thrown = interfaces
      .flatMap((face) => face.functions)
      .map(({ names, throws, errors }) => [names.source, throws, ...errors.map((error) => error.number)]);
    expect(thrown).toEqual([
      ["a", true, 3],
      ["b", true, 1, 2, 3],
      ["c", true, 3],
      ["d", false],
      ["e", false],
      ["f", true],
      ["g", true, 1],
      ["h", false],
    ]);
  });

  test("a field of an error leaves the members of errors alone", async () => {
    const { declarations } = await modelOf("error E = 1 { message: string[8]; args: u8; value: u8; }");
    const [error] = declarations;
    expect(
      error?.kind === "error" && error.fields.map(({ names }) => [names.typescript, names.python]),
    ).toEqual([
      ["message_", "message"],
      ["args", "args_"],
      ["value", "value"],
    ]);
  });

  test("a timeout of its own stands over the interface's, part by part", async () => {
    const { interfaces } = await modelOf(
      "@timeout(send = 1.5s, recv = 5s) interface I { a(); @timeout(recv = 250ms) b(); } interface J { c(); }",
    );
    const timeouts = interfaces.flatMap((face) => face.functions.map((each) => each.timeout));
    expect(timeouts).toEqual([
      { sendMs: 1500, recvMs: 5000 },
      { sendMs: 1500, recvMs: 250 },
      { sendMs: null, recvMs: null },
    ]);
  });
});

describe("an interface", () => {
  test("functions under one wire name share a dispatch, in order of first appearance", async () => {
    const { interfaces } = await modelOf(
      'interface I { @wire("r") read(a: u32): u8; ping(); @wire("r") all(): bulk<bytes>; }',
    );
    const shape = interfaces[0]?.dispatches.map(({ wireName, id, functions }) => [
      wireName,
      id,
      functions.map((each) => each.names.source),
    ]);
    expect(shape).toEqual([
      ["r", (5381 * 33) ^ 0x72, ["read", "all"]],
      ["ping", 2_088_104_533, ["ping"]],
    ]);
  });
});

describe("the model", () => {
  test("names the file and its module", async () => {
    expect(await modelOf("/// Two\n/// lines\nmodule lens;")).toMatchObject({
      fileBase: "input",
      module: "lens",
      doc: "Two\nlines",
    });
    expect(await modelOf("struct A { x: u8; }")).toMatchObject({ module: "input", doc: "" });
  });

  test("lists imported declarations first, each once, and interfaces of the file alone", async () => {
    const { model } = await compileText(
      'import "a.idl"; import "b.idl"; struct S { a: A; } interface I { f(); }',
      {
        "a.idl": 'import "b.idl"; struct A { b: B; } interface Other { f(); }',
        "b.idl": 'import "a.idl"; struct B { x: u8; }',
      },
    );
    expect(model?.declarations.map((each) => each.names.source)).toEqual(["B", "A", "S"]);
    expect(model?.interfaces.map((each) => each.names.source)).toEqual(["I"]);
  });

  test("cannot be changed", async () => {
    const model = await modelOf(`${context} interface I { f(a: Mode = Mode.AUTO): Point; }`);
    const open: unknown[] = [model];
    const seen = new Set<unknown>();
    for (const value of open) {
      if (typeof value !== "object" || value === null || seen.has(value)) continue;
      seen.add(value);
      expect(Object.isFrozen(value)).toBe(true);
      open.push(...Object.values(value));
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  test("is the same on every run", async () => {
    const [one, two] = [await modelOf(context), await modelOf(context)];
    expect(one).toEqual(two);
  });
});
