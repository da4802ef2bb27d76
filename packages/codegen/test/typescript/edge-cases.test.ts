/** The table of edge cases that all languages share: `test/codec/edge-cases.json`, whose README says how to read it. */
import { readFileSync } from "node:fs";
import type { Type } from "@rpcgen/idl/model";
import { beforeAll, describe, expect, it } from "vitest";
import { loadGenerated } from "./load-generated.js";

interface Case {
  readonly type: string;
  readonly value?: unknown;
  readonly bytes?: string;
  readonly only?: "encode" | "decode";
  readonly refused?: string;
  readonly about?: string;
}

interface Codec {
  encodeArgument(argument: readonly unknown[]): Uint8Array;
  decodeArgument(bytes: Uint8Array): readonly unknown[];
}

const file = new URL("../../../../test/codec/edge-cases.json", import.meta.url);
const { declarations, cases } = JSON.parse(readFileSync(file, "utf8")) as {
  readonly declarations: readonly string[];
  readonly cases: readonly Case[];
};
const types = [...new Set(cases.map(({ type }) => type))];
const codecs = new Map<string, { readonly codec: Codec; readonly type: Type }>();

beforeAll(async () => {
  const functions = types.map((type, i) => `  f${i}(value: ${type});`);
  const idl = [...declarations, "interface Cases {", ...functions, "}"].join("\n");
  const { model, exports } = await loadGenerated(idl);
  const all = exports.CasesFunctions as Record<string, Codec>;
  for (const [i, name] of types.entries()) {
    const type = model.interfaces[0]?.functions[i]?.parameters.fields[0]?.type;
    const codec = all[`f${i}`];
    if (type === undefined || codec === undefined) throw new Error(`${name} has no codec`);
    codecs.set(name, { codec, type });
  }
});

describe.each(types)("%s", (name) => {
  const own = cases.filter(({ type }) => type === name);
  it.each(own.map((one) => [titleOf(one), one] as const))("%s", (_, one) => {
    const { codec, type } = codecs.get(name) ?? { codec: undefined, type: undefined };
    if (codec === undefined) throw new Error(`${name} has no codec`);
    const bytes =
      one.bytes === undefined
        ? undefined
        : Uint8Array.from(Buffer.from(one.bytes.replaceAll(" ", ""), "hex"));
    if (one.refused !== undefined) {
      const run = () =>
        bytes === undefined ? codec.encodeArgument([fromJson(one.value, type)]) : codec.decodeArgument(bytes);
      const message = one.refused === "" ? /./ : new RegExp(`^${escaped(one.refused)}: `);
      expect(run).toThrow(
        expect.objectContaining({
          name: "RpcError",
          code: "bad-argument",
          message: expect.stringMatching(message),
        }),
      );
      return;
    }
    const value = fromJson(one.value, type);
    if (one.only !== "decode") expect(codec.encodeArgument([value])).toEqual(bytes);
    if (one.only !== "encode") expect(codec.decodeArgument(bytes as Uint8Array)).toEqual([value]);
    expect(one.only === "decode" ? codec.encodeArgument([value]) : []).not.toEqual(bytes);
  });
});

it("has cases of every kind", () => {
  const encoderRefusals = cases.filter(({ bytes }) => bytes === undefined);
  const decoderRefusals = cases.filter(({ bytes, refused }) => bytes !== undefined && refused !== undefined);
  expect(encoderRefusals.length).toBeGreaterThan(50);
  expect(decoderRefusals.length).toBeGreaterThan(50);
});

function titleOf({ value, bytes, refused, only, about }: Case): string {
  const shown = [value === undefined ? "" : JSON.stringify(value), bytes ?? ""].map((text) =>
    text.slice(0, 40),
  );
  const verb = refused === undefined ? (only ?? "both ways") : "refused";
  return [verb, ...shown, about ?? ""].filter((part) => part !== "").join(" ");
}

function escaped(text: string): string {
  return text.replace(/[.[\]]/g, "\\$&");
}

const LISTS = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  u64: BigUint64Array,
  i64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** A value of the table as TypeScript has it; one that does not fit its type stays as it is. */
function fromJson(value: unknown, type: Type): unknown {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return fromObject(value as Tagged, type);
  switch (type.kind) {
    case "integer":
      return isBig(type.name) && Number.isInteger(value) ? BigInt(value as number) : value;
    case "enum":
    case "flags":
      return fromJson(value, type.declaration.base);
    case "optional":
      return value === null ? null : fromJson(value, type.value);
    case "list":
      return Array.isArray(value) ? fromArray(value, type.item) : value;
    default:
      return value;
  }
}

type Tagged = Readonly<Record<string, unknown>>;

function fromObject(value: Tagged, type: Type): unknown {
  if (typeof value.$int === "string") return fromInt(BigInt(value.$int), type);
  if (typeof value.$float === "string") return Number(value.$float);
  if (typeof value.$bytes === "string") return Uint8Array.from(Buffer.from(value.$bytes, "hex"));
  if (type.kind === "optional") return fromObject(value, type.value);
  if (type.kind === "struct") {
    const fields = type.declaration.fields.filter((field) => field.type.kind !== "pad");
    return Object.fromEntries(
      fields.map(({ names, type: own }) => [names.typescript, fromJson(value[names.source], own)]),
    );
  }
  if (type.kind !== "union") return value;
  const variant = type.declaration.variants.find(({ names }) => names.source === value.kind);
  if (variant?.type == null) return value;
  return { kind: variant.names.typescript, value: fromJson(value.value, variant.type) };
}

function fromInt(value: bigint, type: Type): unknown {
  if (type.kind === "enum" || type.kind === "flags") return fromInt(value, type.declaration.base);
  return type.kind === "integer" && isBig(type.name) ? value : Number(value);
}

function fromArray(values: readonly unknown[], item: Type): unknown {
  const items = values.map((value) => fromJson(value, item));
  if (item.kind !== "integer" && item.kind !== "float") return items;
  return Reflect.construct(LISTS[item.name], [items]);
}

function isBig(name: string): boolean {
  return name === "u64" || name === "i64";
}
