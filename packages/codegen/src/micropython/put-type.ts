/** Packing: which function puts a value of a type into a buffer, with the checks that `struct.pack` leaves out. */
import type { ListType, Type } from "@rpcgen/idl/model";
import {
  codeOf,
  floatsToCheck,
  formatOf,
  isNumber,
  type NumberType,
  numberKind,
  refusals,
} from "./number-packing.js";
import {
  type Call,
  lengthArguments,
  type PackingContext,
  type RecordShape,
  recordTable,
} from "./packing-context.js";
import { pythonString } from "./python-text.js";
import { membersOf, type NumberMember, type Step, stepsOf } from "./record-steps.js";
import { functionFor, structShape } from "./shapes.js";

/** `name(b, p, v{more})` packs v at p and returns where the next value goes. */
export function putOf(type: Type, context: PackingContext): Call {
  if (isNumber(type)) return { name: putNumber(type, context), more: "" };
  switch (type.kind) {
    case "bytes":
    case "string":
      return { name: `_put_${type.kind}`, more: lengthArguments(type.length) };
    case "list":
      return putList(type, context);
    case "optional":
      return { name: "_put_optional", more: `, ${itemFunction(type.value, context)}` };
    case "json":
      return { name: "_put_json", more: "" };
    case "struct":
      return putRecord(structShape(type.declaration), context);
  }
}

function itemFunction(type: Type, context: PackingContext): string {
  return functionFor("put", type, putOf(type, context), context);
}

function putList(type: ListType, context: PackingContext): Call {
  const { item } = type;
  const length = lengthArguments(type.length);
  if (item.kind !== "integer" && item.kind !== "float") {
    return { name: "_put_list", more: `, ${itemFunction(item, context)}${length}` };
  }
  const number = `${pythonString(item.name)}, ${pythonString(codeOf(item))}, ${item.size.min}`;
  return { name: "_put_numbers", more: `, ${number}${length}` };
}

function putNumber(type: NumberType, context: PackingContext): string {
  const kind = numberKind(type);
  return context.once(`put number ${kind}`, `_put_${kind}`, (name) => {
    const numbers = [{ name: "v", type }];
    const conditions = refusals(numbers).join(" or ");
    const checks = { conditions, floats: floatsToCheck(numbers) };
    return {
      template: "put-number",
      view: { name, format: formatOf([type]), size: type.size.min, kind, ...checks },
    };
  });
}

/** All values of a record, given as a sequence. */
export function putRecord(record: RecordShape, context: PackingContext): Call {
  const name = context.once(`put ${record.key}`, `_put_${record.name}`, (own) => {
    const steps = stepsOf(membersOf(record.fields, context.moduleNames));
    const view = {
      name: own,
      table: recordTable(record, context),
      ...putSteps(steps, record.fields.length, context),
    };
    return { template: "put-record", view };
  });
  return { name, more: "" };
}

/** Each step with the place where its bytes go: p, or so many bytes behind it since p was last moved. */
function putSteps(steps: readonly Step[], count: number, context: PackingContext) {
  let behind = 0;
  const place = () => (behind === 0 ? "p" : `p + ${behind}`);
  // The number of values is looked at together with the first numbers' range: one test less.
  const counting = steps.find((step) => step.kind === "numbers");
  const views = steps.map((step) => {
    const at = place();
    if (step.kind === "other") {
      behind = 0;
      const put = putOf(step.type, context);
      return { numbers: null, other: { at, field: step.member.index, mayEnd: step.mayEnd, put } };
    }
    behind += step.size;
    return { numbers: { at, ...putNumbers(step.numbers, step === counting ? count : null) }, other: null };
  });
  return { count: counting === undefined ? count : null, steps: views, end: place() };
}

function putNumbers(numbers: readonly NumberMember[], count: number | null) {
  const conditions = refusals(numbers);
  if (count !== null) conditions.push(`len(v) != ${count}`);
  return {
    field: numbers[0]?.index ?? 0,
    members: numbers,
    conditions: conditions.join(" or "),
    floats: floatsToCheck(numbers),
    format: formatOf(numbers.map(({ type }) => type)),
    values: numbers.map(({ name }) => name).join(", "),
  };
}
