/** How many bytes a value takes: known beforehand, or told by a function. */
import type { Type } from "@rpcgen/idl/model";
import {
  type Call,
  lengthArguments,
  type PackingContext,
  type RecordShape,
  recordTable,
} from "./packing-context.js";
import { packedType, valueFields } from "./record-steps.js";
import { functionFor, structShape } from "./shapes.js";
import { unionSizes } from "./union-packing.js";

/** The number of bytes, or what tells it: `name(v{more})`. */
export function sizeOf(type: Type, context: PackingContext): number | Call {
  if (type.size.min === type.size.max) return type.size.min;
  switch (type.kind) {
    case "bytes":
    case "string":
      return { name: `_size_${type.kind}`, more: lengthArguments(type.length) };
    case "list":
      return {
        name: "_size_list",
        more: `, ${sizeArgument(type.item, context)}${lengthArguments(type.length)}`,
      };
    case "optional":
      return { name: "_size_optional", more: `, ${sizeArgument(type.value, context)}` };
    case "json":
      return { name: "_size_json", more: "" };
    case "struct":
      return sizeOfRecord(structShape(type.declaration), context);
    case "union": {
      const more = unionSizes(type.declaration, (value) => sizeArgument(value, context), context);
      return { name: "_size_union", more };
    }
    default:
      throw new Error(`a ${type.kind} has one size`);
  }
}

/** A Python expression: the number of bytes, or the function that tells it. */
function sizeArgument(type: Type, context: PackingContext): string {
  const size = sizeOf(type, context);
  return typeof size === "number" ? String(size) : functionFor("size", type, size, context);
}

/** For a record whose size varies: what is always there, and a part for each value that varies. */
function sizeOfRecord(record: RecordShape, context: PackingContext): Call {
  const name = context.once(`size ${record.key}`, `_size_${record.name}`, (own) => {
    const values = valueFields(record.fields);
    const parts = values.flatMap((field, index): object[] => {
      const { type, mayEnd } = packedType(field);
      const size = sizeOf(type, context);
      if (typeof size === "number") return mayEnd ? [{ index, mayEnd, call: null, bytes: size }] : [];
      return [{ index, mayEnd, call: size, bytes: 0 }];
    });
    const count = values.length;
    const view = { name: own, table: recordTable(record, context), count, always: alwaysIn(record), parts };
    return { template: "size-record", view };
  });
  return { name, more: "" };
}

/** Bytes of the fields whose size does not vary, pads included. */
export function alwaysIn({ fields }: RecordShape): number {
  return fields.reduce((sum, field) => {
    const { type, mayEnd } = packedType(field);
    return type.size.min === type.size.max && !mayEnd ? sum + type.size.min : sum;
  }, 0);
}
