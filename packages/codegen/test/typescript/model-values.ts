/**
 * Random values of a type, and their bytes by the rules of the language written down once more: nothing in
 * here comes from what is tested.
 */
import type { Field, Length, Type, Value } from "@rpcgen/idl/model";
import fc from "fast-check";

type Bytes = readonly number[];

export const LISTS = {
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

const COUNT_SIZES = { u8: 1, u16: 2, u32: 4 } as const;

export function isNumber(type: Type): type is Extract<Type, { kind: "integer" | "float" }> {
  return type.kind === "integer" || type.kind === "float";
}

export function isBig(name: string): boolean {
  return name === "u64" || name === "i64";
}

export function valued(fields: readonly Field[]): readonly Field[] {
  return fields.filter(({ type }) => type.kind !== "pad");
}

// ---------------------------------------------------------------- bytes

function integerBytes(value: bigint, size: number, bigEndian: boolean): Bytes {
  const bytes = Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
  return bigEndian ? bytes.reverse() : bytes;
}

function numberBytes(type: Extract<Type, { kind: "integer" | "float" }>, value: number | bigint): Bytes {
  if (type.kind === "integer") return integerBytes(BigInt(value), type.size.min, type.bigEndian);
  const list = type.name === "f32" ? Float32Array.of(Number(value)) : Float64Array.of(Number(value));
  const bytes = [...new Uint8Array(list.buffer)];
  return type.bigEndian ? bytes.reverse() : bytes;
}

function counted(length: Length, count: number, content: Bytes): Bytes {
  if (length.kind !== "bounded") return content;
  return [...integerBytes(BigInt(count), COUNT_SIZES[length.count], false), ...content];
}

/** How a value lies on the wire; on a host that is little-endian. */
export function packed(type: Type, value: unknown): Bytes {
  switch (type.kind) {
    case "integer":
    case "float":
      return numberBytes(type, value as number | bigint);
    case "bool":
      return [value === true ? 1 : 0];
    case "enum":
    case "flags":
      return numberBytes(type.declaration.base, value as number | bigint);
    case "bytes":
      return counted(type.length, (value as Uint8Array).length, [...(value as Uint8Array)]);
    case "string": {
      const text = [...new TextEncoder().encode(value as string)];
      if (type.length.kind !== "fixed") return counted(type.length, text.length, text);
      return [...text, ...new Array<number>(type.length.count - text.length).fill(0)];
    }
    case "list": {
      const items = Array.from(value as Iterable<unknown>);
      return counted(
        type.length,
        items.length,
        items.flatMap((item) => packed(type.item, item)),
      );
    }
    case "json":
      return [...new TextEncoder().encode(JSON.stringify(value))];
    case "optional":
      if (value === null) return type.form === "tail" ? [] : [0];
      return [...(type.form === "tail" ? [] : [1]), ...packed(type.value, value)];
    case "struct":
      return packedFields(type.declaration.fields, value as Record<string, unknown>);
    case "union": {
      const { kind, value: payload } = value as { readonly kind: string; readonly value?: unknown };
      const variant = type.declaration.variants.find(({ names }) => names.typescript === kind);
      if (variant === undefined) throw new Error(`no variant ${kind}`);
      const tag = numberBytes(type.declaration.base, variant.tag);
      return variant.type === null ? tag : [...tag, ...packed(variant.type, payload)];
    }
    case "pad":
      return new Array<number>(type.count).fill(0);
  }
}

export function packedFields(fields: readonly Field[], value: Readonly<Record<string, unknown>>): Bytes {
  return fields.flatMap(({ type, names }) => packed(type, value[names.typescript]));
}

// ---------------------------------------------------------------- valid values

function numberOf(value: Value): number {
  if (value.kind === "integer" || value.kind === "float") return Number(value.value);
  throw new Error(`a bound that is ${value.kind}`);
}

function integers(min: bigint, max: bigint, big: boolean): fc.Arbitrary<unknown> {
  const any = fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max));
  return big ? any : any.map(Number);
}

function ranged({ type, range }: Field): fc.Arbitrary<unknown> {
  if (range === null) return valid(type);
  if (type.kind === "integer") {
    const [min, max] = [range.min, range.max].map((bound) => (bound.kind === "integer" ? bound.value : 0n));
    return integers(min ?? 0n, max ?? 0n, isBig(type.name));
  }
  const bounds = { min: numberOf(range.min), max: numberOf(range.max), noNaN: true };
  return type.kind === "float" && type.name === "f32" ? fc.float(bounds) : fc.double(bounds);
}

export function counts(length: Length): { readonly minLength: number; readonly maxLength: number } {
  if (length.kind === "fixed") return { minLength: length.count, maxLength: length.count };
  return { minLength: 0, maxLength: length.kind === "bounded" ? Math.min(length.max, 4) : 4 };
}

function texts(length: Length): fc.Arbitrary<string> {
  const max =
    length.kind === "fixed" ? length.count : length.kind === "bounded" ? Math.min(length.max, 60) : 60;
  const any = fc.oneof(fc.string({ unit: "binary", maxLength: max }), fc.string({ maxLength: max }));
  return any.map((text) => {
    let cut = length.kind === "fixed" ? text.replaceAll("\0", "") : text;
    while (new TextEncoder().encode(cut).length > max) cut = [...cut].slice(0, -1).join("");
    return cut;
  });
}

export function valid(type: Type): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "integer":
      return integers(type.min, type.max, isBig(type.name));
    case "float":
      return type.name === "f32" ? fc.float() : fc.double();
    case "bool":
      return fc.boolean();
    case "enum":
    case "flags": {
      const { base, members } = type.declaration;
      const isClosed = type.kind === "enum" && !type.declaration.open;
      const values = members.map(({ value }) => (isBig(base.name) ? value : Number(value)));
      return isClosed ? fc.constantFrom(...values) : fc.oneof(fc.constantFrom(...values), valid(base));
    }
    case "bytes":
      return fc.uint8Array(counts(type.length));
    case "string":
      return texts(type.length);
    case "list":
      return fc.array(valid(type.item), counts(type.length)).map((items) => asList(type.item, items));
    case "json":
      return fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    case "optional":
      return fc.option(valid(type.value));
    case "struct":
      return validFields(type.declaration.fields);
    case "union":
      return fc.oneof(
        ...type.declaration.variants.map(({ names: { typescript: kind }, type: payload }) =>
          payload === null ? fc.constant({ kind }) : valid(payload).map((value) => ({ kind, value })),
        ),
      );
    case "pad":
      throw new Error("padding has no value");
  }
}

function asList(item: Type, items: readonly unknown[]): unknown {
  return isNumber(item) ? Reflect.construct(LISTS[item.name], [items]) : items;
}

export function validFields(fields: readonly Field[]): fc.Arbitrary<Record<string, unknown>> {
  const all = valued(fields).map((field) => [field.names.typescript, ranged(field)] as const);
  return fc.record(Object.fromEntries(all));
}
