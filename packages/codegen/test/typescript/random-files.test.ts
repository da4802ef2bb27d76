/**
 * Random interface files: every value packs by the rules, comes back as it was and keeps the promised size;
 * a value with one fault is refused with the path of the fault, and any bytes are refused or make sense.
 */
import type { ErrorDeclaration, FunctionDeclaration, Model, Type } from "@rpcgen/idl/model";
import type { RemoteError } from "@rpcgen/runtime";
import { Reader } from "@rpcgen/runtime/codec/v1";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { faultyFields } from "./faulty-values.js";
import { loadGenerated } from "./load-generated.js";
import { packedFields, validFields, valued } from "./model-values.js";
import { idlFiles } from "./random-idl.js";

const FILES = 12;
const FUNCTIONS = 10;
const RUNS = 15;
const seed = Number(process.env.RANDOM_SEED ?? Date.now() & 0x7fffffff);

interface Codec {
  readonly argumentSize: { readonly min: number; readonly max: number | null };
  encodeArgument(argument: readonly unknown[]): Uint8Array;
  decodeArgument(bytes: Uint8Array): readonly unknown[];
}

interface ErrorCodec {
  encode(error: unknown): Uint8Array;
  decode(from: Reader): RemoteError;
}

const seen = new Map<string, number>();

describe(`random files of seed ${seed} (RANDOM_SEED)`, () => {
  const files = fc.sample(idlFiles(FUNCTIONS), { numRuns: FILES, seed });
  it.each(files.map((idl, i) => [i, idl] as const))("file %i", async (_, idl) => {
    const { model, exports } = await loadGenerated(idl);
    note(model);
    const codecs = exports.RandomFunctions as Record<string, Codec>;
    for (const [i, fn] of (model.interfaces[0]?.functions ?? []).entries()) {
      const [error] = fn.errors;
      if (error === undefined) throw new Error(`f${i} has no error`);
      checkArguments(fn, codecs[`f${i}`] as Codec, idl);
      checkError(error, exports, idl);
    }
  });
});

/** A failure shows the file, which a seed alone would not. */
function holds<T>(values: fc.Arbitrary<T>, idl: string, check: (value: T) => void): void {
  try {
    fc.assert(fc.property(values, check), { numRuns: RUNS, seed });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${idl}`, { cause: error });
  }
}

function checkArguments(fn: FunctionDeclaration, codec: Codec, idl: string): void {
  const { fields } = fn.parameters;
  const names = valued(fields).map(({ names: { typescript } }) => typescript);
  const listed = (value: Readonly<Record<string, unknown>>) => names.map((name) => value[name]);
  const callNumber = fn.once ? [0, 0, 0, 0] : [];
  holds(validFields(fields), idl, (value) => {
    const bytes = codec.encodeArgument(listed(value));
    expect([...bytes]).toEqual([...callNumber, ...packedFields(fields, value)]);
    expect(codec.decodeArgument(bytes)).toEqual(listed(value));
    expect(bytes.length).toBeGreaterThanOrEqual(codec.argumentSize.min);
    expect(bytes.length).toBeLessThanOrEqual(codec.argumentSize.max ?? Number.POSITIVE_INFINITY);
  });
  holds(faultyFields({ fields }), idl, ({ value, path }) => {
    const wrong = value as Readonly<Record<string, unknown>>;
    const message = expect.stringContaining(`${path.slice(1)}: `);
    expect(() => codec.encodeArgument(listed(wrong))).toThrow(
      expect.objectContaining({ name: "RpcError", code: "bad-argument", message }),
    );
  });
  holds(
    damaged(validFields(fields), (value) => codec.encodeArgument(listed(value))),
    idl,
    (bytes) => {
      let value: readonly unknown[];
      try {
        value = codec.decodeArgument(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: "RpcError", code: "bad-argument", phase: "decode" });
        return;
      }
      expect(() => codec.encodeArgument(value)).not.toThrow();
    },
  );
}

/** Random bytes, and messages with a few bytes changed, cut off or added. */
function damaged<T>(values: fc.Arbitrary<T>, encode: (value: T) => Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  const near = fc
    .tuple(values, fc.array(change, { maxLength: 3 }), fc.integer({ min: -3, max: 3 }))
    .map(([value, changes, more]) => {
      const bytes = [...encode(value)];
      for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return Uint8Array.from(
        more < 0 ? bytes.slice(0, more) : [...bytes, ...new Array<number>(more).fill(1)],
      );
    });
  return fc.oneof(fc.uint8Array({ maxLength: 60 }), { weight: 3, arbitrary: near });
}

function checkError(error: ErrorDeclaration, exports: Readonly<Record<string, unknown>>, idl: string): void {
  const codec = exports[`${error.names.typescript}Codec`] as ErrorCodec;
  const Class = exports[error.names.typescript] as new (fields: unknown) => RemoteError;
  holds(validFields(error.fields), idl, (value) => {
    const thrown = new Class(value);
    const answer = codec.encode(thrown);
    expect([...answer]).toEqual([error.number, ...packedFields(error.fields, value)]);
    const from = new Reader(answer, 1);
    expect(codec.decode(from)).toMatchObject({ ...value });
    expect(() => from.end()).not.toThrow();
  });
}

// ---------------------------------------------------------------- what was covered

const KINDS = [
  ...["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64"],
  ...["u16be", "i16be", "u32be", "i32be", "u64be", "i64be", "f32be", "f64be"],
  ...["bool", "enum", "open enum", "flags", "struct", "union", "pad", "json", "range", "once"],
  ...["bytes fixed", "bytes bounded", "bytes tail", "string fixed", "string bounded", "string tail"],
  ...["list fixed", "list bounded", "list tail", "optional presence", "optional tail"],
];

function note(model: Model): void {
  for (const declared of model.interfaces) {
    for (const fn of declared.functions) {
      if (fn.once) count("once");
      for (const field of [...fn.parameters.fields, ...fn.errors.flatMap(({ fields }) => fields)])
        noteType(field.type);
    }
  }
  const structs = model.declarations.filter((one) => one.kind === "struct");
  for (const { range } of structs.flatMap(({ fields }) => fields)) if (range !== null) count("range");
}

function count(kind: string): void {
  seen.set(kind, (seen.get(kind) ?? 0) + 1);
}

function noteType(type: Type): void {
  count(kindOf(type));
  if (type.kind === "list") noteType(type.item);
  if (type.kind === "optional") noteType(type.value);
  if (type.kind === "struct") for (const field of type.declaration.fields) noteType(field.type);
  if (type.kind !== "union") return;
  for (const variant of type.declaration.variants) if (variant.type !== null) noteType(variant.type);
}

function kindOf(type: Type): string {
  switch (type.kind) {
    case "integer":
    case "float":
      return type.name + (type.bigEndian ? "be" : "");
    case "bytes":
    case "string":
    case "list":
      return `${type.kind} ${type.length.kind}`;
    case "optional":
      return `optional ${type.form}`;
    case "enum":
      return type.declaration.open ? "open enum" : "enum";
    default:
      return type.kind;
  }
}

afterAll(() => {
  console.log(KINDS.map((kind) => `${kind} ${seen.get(kind) ?? 0}`).join(", "));
  for (const kind of KINDS) expect(seen.get(kind) ?? 0, `no ${kind} was covered`).toBeGreaterThan(0);
  expect([...seen.keys()].filter((kind) => !KINDS.includes(kind))).toEqual([]);
});
