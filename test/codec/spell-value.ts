/** Samples in the two languages, and one text for what either has decoded, by which they are compared. */
import type { Type } from "@rpcgen/idl/model";
import { type Sample, valueFields } from "./random-value.js";

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

export function typescriptOf(sample: Sample, type: Type): unknown {
  if (type.kind === "optional" && sample.kind !== "none") return typescriptOf(sample, type.value);
  if (type.kind === "enum" || type.kind === "flags") return typescriptOf(sample, type.declaration.base);
  switch (sample.kind) {
    case "none":
      return null;
    case "integer":
      return type.kind === "integer" && type.name.endsWith("64") ? sample.value : Number(sample.value);
    case "list": {
      if (type.kind !== "list") throw new Error(`a list for a ${type.kind}`);
      const items = sample.items.map((item) => typescriptOf(item, type.item));
      const isTyped = type.item.kind === "integer" || type.item.kind === "float";
      return isTyped ? Reflect.construct(LISTS[type.item.name], [items]) : items;
    }
    case "struct": {
      if (type.kind !== "struct") throw new Error(`a struct for a ${type.kind}`);
      const entries = valueFields(type.declaration.fields).map((field, index) => {
        const own = sample.fields[index];
        if (own === undefined) throw new Error("a value for each field");
        return [field.names.typescript, typescriptOf(own, field.type)];
      });
      return Object.fromEntries(entries);
    }
    case "variant": {
      if (type.kind !== "union") throw new Error(`a variant for a ${type.kind}`);
      const variant = sample.index === null ? undefined : type.declaration.variants[sample.index];
      const kind = variant?.names.typescript ?? "stranger";
      if (variant?.type == null || sample.value === null) return { kind };
      return { kind, value: typescriptOf(sample.value, variant.type) };
    }
    default:
      return sample.value;
  }
}

/** A Python expression; `F` there makes a float of its bytes, because not every board reads decimals exactly. */
export function pythonOf(sample: Sample, type: Type): string {
  if (type.kind === "optional" && sample.kind !== "none") return pythonOf(sample, type.value);
  switch (sample.kind) {
    case "none":
      return "None";
    case "integer":
      return String(sample.value);
    case "float":
      return `F("${floatHex(sample.value)}")`;
    case "bool":
      return sample.value ? "True" : "False";
    case "bytes":
      return `bytes.fromhex("${Buffer.from(sample.value).toString("hex")}")`;
    case "text":
      return pythonText(sample.value);
    case "json":
      return pythonJson(sample.value);
    case "list":
      return `[${sample.items.map((item) => pythonOf(item, type.kind === "list" ? type.item : type)).join(", ")}]`;
    case "struct": {
      const fields = type.kind === "struct" ? valueFields(type.declaration.fields) : [];
      return pythonTuple(sample.fields, (index) => fields[index]?.type);
    }
    case "variant": {
      const variant =
        type.kind === "union" && sample.index !== null ? type.declaration.variants[sample.index] : undefined;
      const value =
        variant?.type == null || sample.value === null ? "None" : pythonOf(sample.value, variant.type);
      return `(${pythonText(variant?.names.source ?? "stranger")}, ${value})`;
    }
  }
}

export function pythonTuple(samples: readonly Sample[], typeOf: (index: number) => Type | undefined): string {
  const items = samples.map((sample, index) => {
    const type = typeOf(index);
    if (type === undefined) throw new Error("a type for each value");
    return `${pythonOf(sample, type)},`;
  });
  return `(${items.join(" ")})`;
}

function floatHex(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return Number.isNaN(value) ? "7ff8000000000000" : bytes.toString("hex");
}

function pythonText(text: string): string {
  const escaped = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 0;
    return /[A-Za-z0-9 _]/.test(character) ? character : `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return `"${escaped.join("")}"`;
}

function pythonJson(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return pythonText(value);
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  const entries = Object.entries(value as object).map(
    ([key, own]) => `${pythonText(key)}: ${pythonJson(own)}`,
  );
  return `{${entries.join(", ")}}`;
}

/** What TypeScript has decoded, as `SHOW` writes it in Python. */
export function shown(value: unknown, type: Type): string {
  switch (type.kind) {
    case "optional":
      return value === null ? "none" : shown(value, type.value);
    case "float":
      return floatHex(value as number);
    case "json":
      return shownJson(value);
    case "bytes":
      return `b${Buffer.from(value as Uint8Array).toString("hex")}`;
    case "string":
      return `s${Buffer.from(value as string).toString("hex")}`;
    case "list":
      return `[${Array.from(value as Iterable<unknown>, (item) => shown(item, type.item)).join(",")}]`;
    case "struct": {
      const values = value as Readonly<Record<string, unknown>>;
      const fields = valueFields(type.declaration.fields);
      return `(${fields.map((field) => shown(values[field.names.typescript], field.type)).join(",")})`;
    }
    case "union": {
      const own = value as { readonly kind: string; readonly value?: unknown };
      const variant = type.declaration.variants.find(({ names }) => names.typescript === own.kind);
      const name = Buffer.from(variant?.names.source ?? "?").toString("hex");
      return `(s${name},${variant?.type == null ? "none" : shown(own.value, variant.type)})`;
    }
    default:
      return String(value);
  }
}

function shownJson(value: unknown): string {
  if (value === null) return "none";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : floatHex(value);
  if (typeof value === "string") return `s${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return `[${value.map(shownJson).join(",")}]`;
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value).map(([key, own]) => `${shownJson(key)}:${shownJson(own)}`);
  return `{${entries.sort().join(",")}}`;
}

/** Python: `show(v)` writes a decoded value, `F(hex)` makes a float. */
export const SHOW = `
import struct

def F(h):
    return struct.unpack(">d", bytes.fromhex(h))[0]

def hexed(b):
    return b.hex() if len(b) else ""

def show(v):
    if v is None:
        return "none"
    if v is True or v is False:
        return "true" if v else "false"
    if isinstance(v, int):
        return str(v)
    if isinstance(v, float):
        return "7ff8000000000000" if v != v else struct.pack(">d", v).hex()
    if isinstance(v, str):
        return "s" + hexed(v.encode())
    if isinstance(v, (bytes, memoryview)):
        return "b" + hexed(bytes(v))
    if isinstance(v, tuple):
        return "(" + ",".join([show(x) for x in v]) + ")"
    if isinstance(v, dict):
        return "{" + ",".join(sorted([show(k) + ":" + show(v[k]) for k in v])) + "}"
    return "[" + ",".join([show(x) for x in v]) + "]"
`;
