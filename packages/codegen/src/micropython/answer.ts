/** What a function answers with, and what follows as a stream or bulk data: the functions that make those bytes. */
import type { FunctionDeclaration, Result, Type } from "@rpcgen/idl/model";
import { itemFunction } from "./get-type.js";
import { packRecord } from "./pack-message.js";
import type { Call, PackingContext, RecordShape } from "./packing-context.js";
import { putOf } from "./put-type.js";
import { valueFields } from "./record-steps.js";
import { structShape } from "./shapes.js";
import { sizeOf } from "./size-type.js";

/** A type whose bytes need no buffer of ours: the value itself, or what encoding it gives. */
function wholeOf(type: Type): string | null {
  if (type.kind === "json") return "_json_text";
  if (type.kind !== "bytes" && type.kind !== "string") return null;
  if (type.length.kind !== "tail") return null;
  return type.kind === "bytes" ? "_blob" : "_utf8";
}

/**
 * The Python expression for what makes an answer's bytes out of what a handler returned, the `with` part of
 * what follows the call; "None" where there is nothing to return.
 */
export function answerOf(declaration: FunctionDeclaration, key: string, context: PackingContext): string {
  const { result, throws } = declaration;
  const wished = `_answer_of_${key}`;
  if (result.kind === "nothing") return "None";
  const status = throws ? 0 : null;
  if (result.kind === "single") return packValue(result.type, wished, status, context);
  const form = { status, mayBeNone: result.optional, values: null };
  return packRecord(wished, severalShape(result, key), form, context);
}

function severalShape({ fields }: Extract<Result, { kind: "several" }>, key: string): RecordShape {
  const title = `(${valueFields(fields)
    .map((field) => field.names.python)
    .join(", ")})`;
  return { key: `result ${key}`, name: `result_of_${key}`, title, fields };
}

/** Further arguments of the function's class: what makes or reads the bytes of what follows the call. */
export function transferArguments(
  declaration: FunctionDeclaration,
  key: string,
  context: PackingContext,
): string[] {
  const { transfer } = declaration;
  switch (transfer.kind) {
    case "call":
      return [];
    case "stream":
      return [packValue(transfer.item, `_item_of_${key}`, null, context)];
    case "accept":
      return [itemFunction(transfer.item, context)];
    case "bulk":
      return [dataOf(transfer.byteLength, key, context), sizeIndex(declaration)];
  }
}

function dataOf(byteLength: number | null, key: string, context: PackingContext): string {
  if (byteLength === null) return "_blob";
  const call: Call = { name: "_blob", more: `, ${byteLength}, -1` };
  return context.once(`data ${key}`, `_data_of_${key}`, (name) => ({
    template: "bulk-data",
    view: { name, call },
  }));
}

/** Where the `with` part of bulk data says how many bytes follow, among the part's values. */
function sizeIndex({ result, transfer }: FunctionDeclaration): string {
  if (transfer.kind !== "bulk" || transfer.sizeField === null || result.kind !== "several") return "None";
  return String(valueFields(result.fields.slice(0, transfer.sizeField)).length);
}

/** One value as a whole message. */
function packValue(type: Type, wished: string, status: 0 | null, context: PackingContext): string {
  const mayBeNone = type.kind === "optional" && type.form === "tail";
  const value = mayBeNone ? type.value : type;
  if (value.kind === "struct") {
    return packRecord(wished, structShape(value.declaration), { status, mayBeNone, values: null }, context);
  }
  const none = status === null ? "" : "\\0";
  const whole = wholeOf(value);
  if (whole !== null) {
    if (status === null && !mayBeNone) return whole;
    return context.once(`message ${wished}`, wished, (name) => ({
      template: "pack-whole",
      view: { name, none, mayBeNone, whole, hasStatus: status !== null },
    }));
  }
  const statusBytes = status === null ? 0 : 1;
  const size = sizeOf(value, context);
  const varying = typeof size === "number" ? null : size;
  const bytes = typeof size === "number" ? size + statusBytes : statusBytes;
  const put = putOf(value, context);
  return context.once(`message ${wished}`, wished, (name) => ({
    template: "pack-value",
    view: { name, none, mayBeNone, varying, bytes, status: statusBytes, put },
  }));
}
