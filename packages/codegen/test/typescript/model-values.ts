/**
 * Random values of a type, valid ones and ones with a single fault, and their bytes, by the rules of the
 * language written down once more: nothing in here comes from what is tested.
 */
import type { Field, Length, StructDeclaration, Type, Value } from "@rpcgen/idl/model";
import fc from "fast-check";

type Bytes = readonly number[];

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

const COUNT_SIZES = { u8: 1, u16: 2, u32: 4 } as const;

function isNumber(type: Type): type is Extract<Type, { kind: "integer" | "float" }> {
  return type.kind === "integer" || type.kind === "float";
}

function isBig(name: string): boolean {
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

function counts(length: Length): { readonly minLength: number; readonly maxLength: number } {
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

// ---------------------------------------------------------------- values with a fault

export interface Faulty {
  readonly value: unknown;
  /** Of the culprit, beginning with the separator that leads to it. */
  readonly path: string;
}

const here = (value: unknown): Faulty => ({ value, path: "" });

/** A value of which exactly one place does not fit. */
export function faulty(type: Type): fc.Arbitrary<Faulty> {
  switch (type.kind) {
    case "integer": {
      const wrong = [type.min - 1n, type.max + 1n].map((value) => (isBig(type.name) ? value : Number(value)));
      return fc.constantFrom(...wrong, isBig(type.name) ? 0 : 0n, 0.5, "0", undefined).map(here);
    }
    case "float":
      return fc.constantFrom(...(type.name === "f32" ? [1e39, -1e39] : []), "0", 0n, null).map(here);
    case "bool":
      return fc.constantFrom(0, "true", null).map(here);
    case "enum":
    case "flags":
      return faulty(type.declaration.base);
    case "bytes":
      return wrongs(["text", [1]], type.length, (count) => new Uint8Array(count));
    case "string":
      return wrongs([7, "\ud800"], type.length, (count) => "x".repeat(count));
    case "list":
      return faultyList(type);
    case "json":
      return fc.constantFrom(Number.NaN, undefined, 1n).map(here);
    case "optional":
      return type.value.kind === "float"
        ? fc.constantFrom("0", 0n).map(here)
        : faulty(type.value).filter(isValue);
    case "struct":
      return fc.oneof(fc.constantFrom(null, 7).map(here), faultyFields(type.declaration));
    case "union":
      return faultyUnion(type);
    case "pad":
      throw new Error("padding has no value");
  }
}

/** Null would be no fault of an optional. */
function isValue({ value, path }: Faulty): boolean {
  return value !== null || path !== "";
}

/** Wrong values, and the right kind of value with a wrong count, made when it is wanted: some are large. */
function wrongs(
  values: readonly unknown[],
  length: Length,
  make: (count: number) => unknown,
): fc.Arbitrary<Faulty> {
  const wrong = values.map((value) => () => value);
  if (length.kind !== "tail") {
    const count = 1 + (length.kind === "fixed" ? length.count : length.max);
    wrong.push(() => make(count));
  }
  return fc.constantFrom(...wrong).map((one) => here(one()));
}

function faultyList({ item, length }: Extract<Type, { kind: "list" }>): fc.Arbitrary<Faulty> {
  const whole = wrongs(["list", null], length, (count) =>
    isNumber(item) ? Reflect.construct(LISTS[item.name], [count]) : new Array<null>(count).fill(null),
  );
  if (isNumber(item)) return whole;
  const { minLength, maxLength } = counts(length);
  const inside = fc
    .tuple(fc.array(valid(item), { minLength: Math.max(minLength, 1), maxLength }), faulty(item), fc.nat())
    .map(([items, fault, at]) => {
      const index = at % items.length;
      return { value: items.with(index, fault.value), path: `[${index}]${fault.path}` };
    });
  return fc.oneof(whole, { weight: 3, arbitrary: inside });
}

export function faultyFields({ fields }: Pick<StructDeclaration, "fields">): fc.Arbitrary<Faulty> {
  const all = valued(fields);
  return fc.oneof(
    ...all.map((field) =>
      fc.tuple(validFields(all), faulty(field.type)).map(([value, fault]) => {
        const { typescript: name } = field.names;
        return { value: { ...value, [name]: fault.value }, path: `.${name}${fault.path}` };
      }),
    ),
  );
}

function faultyUnion({ declaration }: Extract<Type, { kind: "union" }>): fc.Arbitrary<Faulty> {
  const unknown = fc.constant({ value: { kind: "unheard of" }, path: ".kind" });
  const payloads = declaration.variants.flatMap(({ names: { typescript: kind }, type }) =>
    type === null
      ? []
      : [faulty(type).map(({ value, path }) => ({ value: { kind, value }, path: `.${kind}${path}` }))],
  );
  return fc.oneof(unknown, fc.constant(here(null)), ...payloads);
}
