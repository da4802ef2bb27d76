/** Unpacking: which function takes a value of a type out of a message. */
import type { Field, ListType, Type } from "@rpcgen/idl/model";
import { byteOrder, codeOf, formatOf, type NumberType, numberKind, numberOf } from "./number-packing.js";
import {
  type Call,
  lengthArguments,
  type PackingContext,
  type RecordShape,
  recordTable,
} from "./packing-context.js";
import { pythonString, pythonValue } from "./python-text.js";
import {
  type Member,
  membersOf,
  type NumberMember,
  type NumbersStep,
  type Step,
  stepsOf,
} from "./record-steps.js";
import { functionFor, structShape } from "./shapes.js";
import { unionTags } from "./union-packing.js";

/** `name(r{more})` takes the next value from the reader r. */
export function getOf(type: Type, context: PackingContext): Call {
  const number = numberOf(type);
  if (number !== null) return { name: getNumber(number, context), more: "" };
  switch (type.kind) {
    case "bytes":
    case "string":
      return { name: `_get_${type.kind}`, more: lengthArguments(type.length) };
    case "list":
      return getList(type, context);
    case "optional":
      return { name: "_get_optional", more: `, ${itemFunction(type.value, context)}` };
    case "json":
      return { name: "_get_json", more: "" };
    case "struct":
      return { name: getStruct(structShape(type.declaration), context), more: "" };
    case "union": {
      const more = unionTags(type.declaration, (value) => itemFunction(value, context), context);
      return { name: "_get_union", more };
    }
    default:
      throw new Error(`a ${type.kind} has no value`);
  }
}

/** A function that takes a value of the type and needs nothing but the reader. */
export function itemFunction(type: Type, context: PackingContext): string {
  return functionFor("get", type, getOf(type, context), context);
}

function getList(type: ListType, context: PackingContext): Call {
  const length = lengthArguments(type.length);
  const number = numberOf(type.item);
  const { min, max } = type.item.size;
  if (number?.kind !== "integer" && number?.kind !== "float") {
    const least = type.length.kind === "tail" && min !== max ? 1 : min;
    return { name: "_get_list", more: `, ${itemFunction(type.item, context)}, ${least}${length}` };
  }
  const name = byteOrder(number) === ">" ? "_get_turned_numbers" : "_get_numbers";
  return { name, more: `, ${pythonString(codeOf(number))}, ${min}${length}` };
}

/** What makes a value of the number that was unpacked, called with it before `more`; null where it is the value. */
function conversionOf(type: NumberType, range: Field["range"]): Call | null {
  if (range !== null) {
    return { name: "_in_range", more: `, ${pythonValue(range.min)}, ${pythonValue(range.max)}` };
  }
  if (type.kind === "bool") return { name: "_bool", more: "" };
  return type.kind === "enum" ? { name: "_member", more: `, ${pythonString(numberKind(type))}` } : null;
}

function getNumber(type: NumberType, context: PackingContext): string {
  const kind = numberKind(type);
  return context.once(`get number ${kind}`, `_get_${kind}`, (name) => ({
    template: "get-number",
    view: { name, format: formatOf([type]), size: type.size.min, convert: conversionOf(type, null) },
  }));
}

function getStruct(record: RecordShape, context: PackingContext): string {
  return context.once(`get ${record.key}`, `_get_${record.name}`, (name) => {
    const steps = stepsOf(record.fields, membersOf(record.fields, context.moduleNames));
    const [first] = steps;
    if (steps.length === 1 && first?.kind === "numbers" && first.numbers.every(isPlain)) {
      const view = { name, type: record.name, format: formatOf(first.types), size: first.size };
      return { template: "get-plain-record", view };
    }
    return { template: "get-record", view: { name, type: record.name, ...getSteps(record, context) } };
  });
}

function isPlain({ type, range }: NumberMember): boolean {
  return conversionOf(type, range) === null;
}

/** The arguments of a function as a tuple, defaults filled in. */
export function getArguments(record: RecordShape, context: PackingContext): string {
  return context.once(`get ${record.key}`, `_arguments_of_${record.name}`, (name) => ({
    template: "get-record",
    view: { name, type: "", ...getSteps(record, context) },
  }));
}

function getSteps(record: RecordShape, context: PackingContext) {
  const members = membersOf(record.fields, context.moduleNames);
  // What the generated code has put into its `field`, which tells errors where they happened.
  let current = 0;
  const steps = stepsOf(record.fields, members).map((step) => {
    const view = getStep(step, members, context);
    const field = view.field === current ? "" : String(view.field);
    current = view.numbers?.conversions.at(-1)?.index ?? view.field;
    return { ...view, field };
  });
  // The comma makes a tuple of one.
  const values = `${members.map(({ name }) => name).join(", ")}${members.length === 1 ? "," : ""}`;
  return { table: recordTable(record, context), steps, values };
}

function getStep(step: Step, members: readonly Member[], context: PackingContext) {
  const head = { defaults: null, pad: 0, numbers: null, other: null };
  // A pad is no value: its number is the one behind the last of them.
  if (step.kind === "pad") return { ...head, field: members.length, pad: step.size };
  const first = step.kind === "numbers" ? step.numbers[0] : step.member;
  const member = { ...head, field: first.index, defaults: defaultsFrom(first, members) };
  if (step.kind === "numbers") return { ...member, numbers: numbersView(step) };
  const get = getOf(step.type, context);
  return { ...member, other: { name: step.member.name, mayEnd: step.mayEnd, get } };
}

function numbersView(step: NumbersStep) {
  let current = step.numbers[0].index;
  const conversions = step.numbers.flatMap(({ index, name, type, range }) => {
    const convert = conversionOf(type, range);
    if (convert === null) return [];
    const field = index === current ? "" : String(index);
    current = index;
    return [{ index, field, name, convert }];
  });
  return {
    targets: step.numbers.map(({ name }) => name).join(", "),
    isSingle: step.numbers.length === 1,
    format: formatOf(step.types),
    size: step.size,
    conversions,
  };
}

/** All arguments where the message ends before this one: what was sent, then the defaults. Null where it has none. */
function defaultsFrom({ index, field }: Member, members: readonly Member[]): string | null {
  if (field.defaultValue === null) return null;
  const sent = members.slice(0, index).map(({ name }) => name);
  const rest = members.slice(index).map((member) => defaultOf(member.field));
  return `${[...sent, ...rest].join(", ")},`;
}

function defaultOf(field: Field): string {
  return field.defaultValue === null ? "None" : pythonValue(field.defaultValue);
}
