/** Unpacking: which function takes a value of a type out of a message. */
import type { Field, ListType, Type } from "@rpcgen/idl/model";
import { codeOf, formatOf, isNumber, type NumberType, numberKind } from "./number-packing.js";
import {
  type Call,
  lengthArguments,
  type PackingContext,
  type RecordShape,
  recordTable,
} from "./packing-context.js";
import { pythonString, pythonValue } from "./python-text.js";
import { type Member, membersOf, type NumberMember, type Step, stepsOf } from "./record-steps.js";
import { functionFor, structShape } from "./shapes.js";

/** `name(r{more})` takes the next value from the reader r. */
export function getOf(type: Type, context: PackingContext): Call {
  if (isNumber(type)) return { name: getNumber(type, context), more: "" };
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
  }
}

function itemFunction(type: Type, context: PackingContext): string {
  return functionFor("get", type, getOf(type, context), context);
}

function getList(type: ListType, context: PackingContext): Call {
  const { item } = type;
  const length = lengthArguments(type.length);
  if (item.kind !== "integer" && item.kind !== "float") {
    return { name: "_get_list", more: `, ${itemFunction(item, context)}, ${item.size.min}${length}` };
  }
  return { name: "_get_numbers", more: `, ${pythonString(codeOf(item))}, ${item.size.min}${length}` };
}

/** What makes a value of the number that was unpacked, called with it before `more`; null where it is the value. */
function conversionOf(type: NumberType): Call | null {
  if (type.kind === "bool") return { name: "_bool", more: "" };
  return type.kind === "enum" ? { name: "_member", more: `, ${pythonString(numberKind(type))}` } : null;
}

function getNumber(type: NumberType, context: PackingContext): string {
  const kind = numberKind(type);
  return context.once(`get number ${kind}`, `_get_${kind}`, (name) => ({
    template: "get-number",
    view: { name, format: formatOf([type]), size: type.size.min, convert: conversionOf(type) },
  }));
}

function getStruct(record: RecordShape, context: PackingContext): string {
  return context.once(`get ${record.key}`, `_get_${record.name}`, (name) => {
    const steps = stepsOf(membersOf(record.fields, context.moduleNames));
    const [first] = steps;
    if (steps.length === 1 && first?.kind === "numbers" && first.numbers.every(isPlain)) {
      const format = formatOf(first.numbers.map(({ type }) => type));
      return { template: "get-plain-record", view: { name, type: record.name, format, size: first.size } };
    }
    return { template: "get-record", view: { name, type: record.name, ...getSteps(record, context) } };
  });
}

function isPlain({ type }: NumberMember): boolean {
  return conversionOf(type) === null;
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
  const steps = stepsOf(members).map((step) => {
    const member = step.kind === "numbers" ? step.numbers[0] : step.member;
    return {
      field: member.index,
      defaults: defaultsFrom(member, members),
      ...getStep(step, member.index, context),
    };
  });
  // The comma makes a tuple of one.
  const values = `${members.map(({ name }) => name).join(", ")}${members.length === 1 ? "," : ""}`;
  return { table: recordTable(record, context), steps, values };
}

function getStep(step: Step, field: number, context: PackingContext) {
  if (step.kind === "other") {
    return {
      numbers: null,
      other: { name: step.member.name, mayEnd: step.mayEnd, get: getOf(step.type, context) },
    };
  }
  const conversions = step.numbers.flatMap(({ index, name, type }) => {
    const convert = conversionOf(type);
    return convert === null ? [] : [{ field: index === field ? 0 : index, name, convert }];
  });
  return {
    other: null,
    numbers: {
      targets: step.numbers.map(({ name }) => name).join(", "),
      isSingle: step.numbers.length === 1,
      format: formatOf(step.numbers.map(({ type }) => type)),
      size: step.size,
      conversions,
    },
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
