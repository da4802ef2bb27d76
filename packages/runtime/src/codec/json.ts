/** The type `json`: a text at the tail of a message. */
import { Misfit, misfit } from "./misfit.js";
import type { Reader } from "./reader.js";
import { readText, writeText } from "./text.js";
import type { Writer } from "./writer.js";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** One that is no half of a pair. */
const SURROGATE = /\p{Surrogate}/u;

/** Writes a value as JSON and gives the offset behind it; refuses what JSON would silently change. */
export function writeJson(to: Writer, at: number, value: JsonValue, path: string): number {
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    // A cycle, a bigint, too deep: said before the walk, which relies on there being none of these.
    throw new Misfit(path, `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  checkJson(path, value);
  return writeText(to, at, text, path, Infinity);
}

function checkJson(path: string, value: JsonValue): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) checkJson(`${path}[${i}]`, value[i]);
  } else if (typeof value === "object" && value !== null) {
    if (!isPlain(value)) throw misfit(path, value, "a JSON value");
    for (const [name, member] of Object.entries(value)) {
      if (SURROGATE.test(name)) throw new Misfit(path, "has a name with a lone surrogate");
      checkJson(`${path}.${name}`, member);
    }
  } else if (typeof value === "string") {
    if (SURROGATE.test(value)) throw new Misfit(path, "is a string with a lone surrogate");
  } else if (typeof value === "number" ? !Number.isFinite(value) : !isSimple(value)) {
    throw misfit(path, value, "a JSON value");
  }
}

function isSimple(value: unknown): boolean {
  return value === null || typeof value === "boolean";
}

function isPlain(value: object): boolean {
  return Object.prototype.toString.call(value) === "[object Object]" && !("toJSON" in value);
}

/** The rest of the message. */
export function readJson(from: Reader, path: string): JsonValue {
  const size = from.left;
  const text = readText(from, from.take(size, path), size, path);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new Misfit(path, `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  // The text has none but where it spells one out; few do.
  if (/\\u[dD][89a-fA-F]/.test(text) && holdsSurrogate(value)) throw new Misfit(path, "holds a surrogate");
  return value;
}

function holdsSurrogate(value: JsonValue): boolean {
  if (typeof value === "string") return SURROGATE.test(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, member]) => holdsSurrogate(name) || holdsSurrogate(member));
}
