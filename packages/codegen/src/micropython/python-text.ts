/** How values, comments and docstrings are written in Python source. */
import type { Value } from "@rpcgen/idl/model";
import { moduleName } from "./name-for-python.js";

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** A string literal that gives exactly this text, whatever is in it. */
export function pythonString(text: string): string {
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const plain = code >= 0x20 && code !== 0x7f && !(code >= 0xd800 && code <= 0xdfff);
    out += ESCAPES[char] ?? (plain ? char : `\\u${code.toString(16).padStart(4, "0")}`);
  }
  return `"${out}"`;
}

export function pythonBytes(bytes: readonly number[]): string {
  return `b"${bytes.map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}"`;
}

/** A float literal; Python wants a point or an exponent to tell it from an int. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : 'float("-inf")';
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

export function pythonValue(value: Value): string {
  switch (value.kind) {
    case "integer":
      return String(value.value);
    case "float":
      return pythonFloat(value.value);
    case "bool":
      return value.value ? "True" : "False";
    case "string":
      return pythonString(value.value);
    case "null":
      return "None";
    case "member":
      return `${moduleName(value.declaration)}.${value.member.names.python}`;
    case "flags":
      if (value.members.length === 0) return String(value.value);
      return value.members.map(({ names }) => `${moduleName(value.declaration)}.${names.python}`).join(" | ");
  }
}

/** The name of a file as `import` can say it: `my-camera` becomes `my_camera`. */
export function moduleBase(fileBase: string): string {
  return fileBase.replace(/^(?=\d)|[^A-Za-z0-9_]/g, "_");
}

/** A tuple literal, with the comma that a tuple of one needs. */
export function pythonTuple(items: readonly string[]): string {
  return `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
}

/** Lines that are safe behind `#` and inside a docstring: no character that would end a line early. */
export function textLines(text: string): string[] {
  if (text === "") return [];
  return text.split(/\r\n|[\r\n\u2028\u2029]/).map((line) => line.replace(/\p{Cc}/gu, " ").trimEnd());
}

/** The lines of a docstring, quotes included, without indentation; none when there is nothing to say. */
export function docstringLines(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  // A quote right before another, or before the closing ones, could become one of three that end it.
  const safe = lines.map((line) => line.replaceAll("\\", "\\\\").replace(/"(?="|$)/g, '\\"'));
  if (safe.length === 1) return [`"""${safe[0]}"""`];
  return [`"""${safe[0]}`, ...safe.slice(1), '"""'];
}
