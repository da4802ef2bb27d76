/** Values of a type, as JSON and the tags of `test/codec/README.md` say them, as Python expressions. */
import type { Type } from "@rpcgen/idl/model";
import { pythonFloat, pythonString } from "../../src/micropython/python-text.js";

/** A value that does not fit its type becomes what it looks like. */
export function pythonOf(value: unknown, type: Type | null): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return ofNumber(value, type);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return pythonString(value);
  if (Array.isArray(value)) return ofArray(value, type);
  return ofObject(value as Readonly<Record<string, unknown>>, type);
}

function ofNumber(value: number, type: Type | null): string {
  if (type?.kind === "optional") return ofNumber(value, type.value);
  return type?.kind === "float" || !Number.isInteger(value) ? pythonFloat(value) : String(BigInt(value));
}

function ofArray(values: readonly unknown[], type: Type | null): string {
  if (type?.kind === "optional") return ofArray(values, type.value);
  const item = type?.kind === "list" ? type.item : null;
  return `[${values.map((value) => pythonOf(value, item)).join(", ")}]`;
}

function ofObject(value: Readonly<Record<string, unknown>>, type: Type | null): string {
  if (typeof value.$int === "string") return value.$int;
  if (typeof value.$float === "string") return pythonFloat(Number(value.$float));
  if (type?.kind === "optional") return ofObject(value, type.value);
  if (typeof value.$bytes === "string") {
    const bytes = `bytes.fromhex("${value.$bytes}")`;
    return type?.kind === "list" ? `list(${bytes})` : bytes;
  }
  if (type?.kind === "struct") {
    const fields = type.declaration.fields.filter((field) => field.type.kind !== "pad");
    return `(${fields.map((field) => `${pythonOf(value[field.names.source], field.type)},`).join(" ")})`;
  }
  if (type?.kind === "union") {
    const variant = type.declaration.variants.find(({ names }) => names.source === value.kind);
    return `(${pythonOf(value.kind, null)}, ${pythonOf(value.value, variant?.type ?? null)})`;
  }
  const entries = Object.entries(value).map(([key, own]) => `${pythonString(key)}: ${pythonOf(own, null)}`);
  return `{${entries.join(", ")}}`;
}

/** A Python function that writes any decoded value as text: equal texts are equal values. */
export const SHOW = `
def show(v):
    if isinstance(v, dict):
        return "{" + ", ".join(show(k) + ": " + show(v[k]) for k in sorted(v)) + "}"
    if isinstance(v, tuple):
        return "(" + ", ".join(show(x) for x in v) + ")"
    if isinstance(v, (bytes, memoryview)):
        return repr(bytes(v))
    if v is None or isinstance(v, (int, float, bool, str)):
        return repr(v)
    return "[" + ", ".join(show(x) for x in v) + "]"
`;
