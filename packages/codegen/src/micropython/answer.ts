/** What a function answers with, and what follows as a stream or bulk data: the functions that make those bytes. */
import type { FunctionDeclaration, Result, Type } from "@rpcgen/idl/model";
import type { Call, PackingContext } from "./packing-context.js";
import { putOf, putRecord } from "./put-type.js";
import { sizeOf, sizeOfRecord } from "./size-type.js";

/** A type whose bytes need no buffer of ours: the value itself, or what encoding it gives. */
function wholeOf(type: Type): string | null {
  if (type.kind === "json") return "_json_text";
  if (type.kind !== "bytes" && type.kind !== "string") return null;
  if (type.length.kind !== "tail") return null;
  return type.kind === "bytes" ? "_blob" : "_utf8";
}

interface Packed {
  readonly size: number | Call;
  readonly put: Call;
}

/** The Python expression for what makes an answer's bytes out of what a handler returned; "None" where it returns nothing. */
export function answerOf(declaration: FunctionDeclaration, key: string, context: PackingContext): string {
  const { transfer, result, throws } = declaration;
  if (transfer.kind === "stream") return bytesOf(transfer.item, `_item_of_${key}`, false, context);
  if (transfer.kind === "bulk") {
    if (transfer.byteLength === null) return "_blob";
    const view = { name: `_blob`, more: `, ${transfer.byteLength}, -1` };
    return context.once(`answer ${key}`, `_data_of_${key}`, (name) => ({
      template: "bulk-data",
      view: { name, call: view },
    }));
  }
  return resultOf(result, key, throws, context);
}

function resultOf(result: Result, key: string, throws: boolean, context: PackingContext): string {
  const name = `_answer_of_${key}`;
  if (result.kind === "nothing") return "None";
  if (result.kind === "single") return bytesOf(result.type, name, throws, context);
  const title = `(${result.fields.map((field) => field.names.python).join(", ")})`;
  const record = { key: `result ${key}`, name: `result_of_${key}`, title, fields: result.fields };
  const { min, max } = result.size;
  // `size` of an optional one counts the empty answer too; the values themselves tell.
  const isFixed = result.optional
    ? result.fields.every(({ type }) => type.size.min === type.size.max)
    : min === max;
  const size = isFixed && max !== null ? max : sizeOfRecord(record, context);
  return answerFunction(name, throws, result.optional, { size, put: putRecord(record, context) }, context);
}

/** One value as a whole message. */
function bytesOf(type: Type, name: string, throws: boolean, context: PackingContext): string {
  const mayBeNone = type.kind === "optional" && type.form === "tail";
  const value = mayBeNone ? type.value : type;
  const whole = wholeOf(value);
  if (whole === null) {
    const packed = { size: sizeOf(value, context), put: putOf(value, context) };
    return answerFunction(name, throws, mayBeNone, packed, context);
  }
  if (!throws && !mayBeNone) return whole;
  return context.once(`answer ${name}`, name, (own) => ({
    template: "answer-whole",
    view: { name: own, throws, mayBeNone, whole },
  }));
}

function answerFunction(
  wished: string,
  throws: boolean,
  mayBeNone: boolean,
  { size, put }: Packed,
  context: PackingContext,
): string {
  const status = throws ? 1 : 0;
  const varying = typeof size === "number" ? null : size;
  const bytes = typeof size === "number" ? size + status : status;
  return context.once(`answer ${wished}`, wished, (name) => ({
    template: "answer",
    view: { name, throws, mayBeNone, varying, bytes, status, put },
  }));
}
