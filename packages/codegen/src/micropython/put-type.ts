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

/** What the loop over a list uses beside the names of every packer. */
const LOOP_NAMES = ["item", "start", "most", "width"];

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
  if (item.kind === "struct") {
    const own = putPlainRecords(structShape(item.declaration), context);
    if (own !== null) return { name: own, more: length };
  }
  if (item.kind !== "integer" && item.kind !== "float") {
    return { name: "_put_list", more: `, ${itemFunction(item, context)}${length}` };
  }
  const number = `${pythonString(item.name)}, ${pythonString(codeOf(item))}, ${item.size.min}`;
  return { name: "_put_numbers", more: `, ${number}${length}` };
}

/** A list of structs that hold nothing but numbers has a loop of its own: detections are such lists, and many. */
function putPlainRecords(record: RecordShape, context: PackingContext): string | null {
  const [first, second] = stepsOf(membersOf(record.fields, [...context.moduleNames, ...LOOP_NAMES]));
  if (first?.kind !== "numbers" || second !== undefined) return null;
  return context.once(`put list of ${record.key}`, `_put_list_of_${record.name}`, (name) => {
    const numbers = putNumbers(first.numbers, `len(item) != ${record.fields.length}`);
    return {
      template: "put-plain-records",
      view: { name, table: recordTable(record, context), size: first.size, ...numbers },
    };
  });
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
    return {
      numbers: { at, ...putNumbers(step.numbers, step === counting ? `len(v) != ${count}` : null) },
      other: null,
    };
  });
  return { count: counting === undefined ? count : null, steps: views, end: place() };
}

function putNumbers(numbers: readonly NumberMember[], miscounted: string | null) {
  const conditions = refusals(numbers);
  if (miscounted !== null) conditions.push(miscounted);
  return {
    field: numbers[0]?.index ?? 0,
    members: numbers,
    conditions: conditions.join(" or "),
    floats: floatsToCheck(numbers),
    format: formatOf(numbers.map(({ type }) => type)),
    values: numbers.map(({ name }) => name).join(", "),
  };
}
