/** Types in words, for a reader of docstrings and comments. */
import type { Field, FunctionDeclaration, Result, Type } from "@rpcgen/idl/model";
import { moduleName } from "./name-for-python.js";
import { numberKind, numberOf } from "./number-packing.js";
import { pythonValue } from "./python-text.js";
import { valueFields } from "./record-steps.js";

/** As the docstring names what arrives or is returned: "Rect or None", "list of Tag". */
export function wordsFor(type: Type): string {
  switch (type.kind) {
    case "enum":
    case "flags":
    case "struct":
      return moduleName(type.declaration);
    case "union":
      return `(kind, value) of ${type.declaration.names.source}`;
    case "string":
      return "str";
    case "json":
      return "JSON value";
    case "list":
      return `list of ${wordsFor(type.item)}`;
    case "optional":
      return `${wordsFor(type.value)} or None`;
    default: {
      const number = numberOf(type);
      return number === null ? type.kind : numberKind(number);
    }
  }
}

/** " from 1 to 5", or nothing. */
export function rangeWords({ range }: Field): string {
  return range === null ? "" : ` from ${pythonValue(range.min)} to ${pythonValue(range.max)}`;
}

function answerWords(result: Result): string | null {
  if (result.kind === "nothing") return null;
  if (result.kind === "single") return wordsFor(result.type);
  const fields = valueFields(result.fields);
  const names = fields.map((field) => field.names.python).join(", ");
  return `(${names}${fields.length === 1 ? "," : ""})${result.optional ? " or None" : ""}`;
}

/** What a handler returns, or null where that is nothing. */
export function resultWords({ result, transfer }: FunctionDeclaration): string | null {
  const answer = answerWords(result);
  if (transfer.kind === "call") return answer;
  const parts = answer === null ? [] : [answer];
  if (transfer.kind === "stream") parts.push(`iterator of ${wordsFor(transfer.item)}`);
  if (transfer.kind === "bulk") {
    parts.push(transfer.byteLength === null ? "bytes" : `bytes, ${transfer.byteLength} of them`);
  }
  if (transfer.kind === "accept") {
    parts.push(
      `on_item, called with each ${wordsFor(transfer.item)}`,
      "on_end, called once with True if all came",
    );
  }
  return parts.length === 1 ? (parts[0] ?? "") : `(${parts.join("; ")})`;
}
