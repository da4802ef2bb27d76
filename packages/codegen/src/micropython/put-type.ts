/** Packing: which function puts a value of a type into a buffer, with the checks that `struct.pack` leaves out. */
import type { ListType, Type } from "@rpcgen/idl/model";
import {
  codeOf,
  comparisons,
  formatOf,
  type NumberType,
  numberKind,
  numberOf,
  rangeTests,
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
import { membersOf, type NumbersStep, type Step, stepsOf, valueFields } from "./record-steps.js";
import { functionFor, structShape } from "./shapes.js";
import { unionVariants } from "./union-packing.js";

/** `name(b, p, v{more})` packs v at p and returns where the next value goes. */
export function putOf(type: Type, context: PackingContext): Call {
  const number = numberOf(type);
  if (number !== null) return { name: putNumber(number, context), more: "" };
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
    case "union": {
      const more = unionVariants(type.declaration, (value) => itemFunction(value, context), context);
      return { name: "_put_union", more };
    }
    default:
      throw new Error(`a ${type.kind} has no value`);
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
  const number = numberOf(item);
  if (number?.kind !== "integer" && number?.kind !== "float") {
    return { name: "_put_list", more: `, ${itemFunction(item, context)}${length}` };
  }
  const words = [numberKind(number), codeOf(number)].map(pythonString);
  return { name: "_put_numbers", more: `, ${words.join(", ")}, ${number.size.min}${length}` };
}

/** A list of structs that hold nothing but numbers has a loop of its own: detections are such lists, and many. */
function putPlainRecords(record: RecordShape, context: PackingContext): string | null {
  const [step, second] = stepsOf(record.fields, membersOf(record.fields, context.moduleNames));
  if (step?.kind !== "numbers" || second !== undefined) return null;
  const item = putRecord(record, context).name;
  return context.once(`put list of ${record.key}`, `_put_list_of_${record.name}`, (name) => ({
    template: "put-plain-records",
    view: { name, item, ...plainRecordsView(step) },
  }));
}

/** The quick way, which leaves whatever is in doubt to the way item by item. */
function plainRecordsView(step: NumbersStep) {
  const { comparisons: all, members, format, values, targets } = numbersView(step);
  const { groups, others } = rangeTests(step.numbers);
  const ranges = all.filter(({ infinities }) => infinities.length === 0);
  const needles = [...new Set(all.flatMap(({ infinities }) => infinities))];
  const few = needles.length > 0 ? [`${step.size} * (p - start) < _len(b)`] : [];
  const doubts = [...groups.map(({ kind, bits }) => `_or_${kind} >> ${bits}`), ...few];
  return {
    ...{ members, format, values, targets, size: step.size, count: members.length },
    others: members
      .slice(0, -1)
      .map((member) => member.name)
      .join(", "),
    sums: groups.map(({ kind, or }) => ({ sum: `_or_${kind}`, or })),
    conditions: [...others, ...ranges.map(({ quick }) => `not ${quick}`)].join(" or "),
    infinities: needles.length > 0,
    doubts: [...doubts, ...needles.map((needle) => `${needle} in b`)].join(" or ") || "False",
  };
}

function putNumber(type: NumberType, context: PackingContext): string {
  const kind = numberKind(type);
  return context.once(`put number ${kind}`, `_put_${kind}`, (name) => {
    const numbers = [{ name: "v", type, range: null }];
    const checks = { conditions: refusals(numbers).join(" or "), comparisons: comparisons(numbers) };
    return {
      template: "put-number",
      view: { name, format: formatOf([type]), size: type.size.min, kind, ...checks },
    };
  });
}

/** All values of a record, given as a sequence. */
function putRecord(record: RecordShape, context: PackingContext): Call {
  const name = context.once(`put ${record.key}`, `_put_${record.name}`, (own) => {
    const steps = stepsOf(record.fields, membersOf(record.fields, context.moduleNames));
    const count = valueFields(record.fields).length;
    const view = { name: own, table: recordTable(record, context), ...putSteps(steps, count, context) };
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
  const views = steps.flatMap((step): object[] => {
    const at = place();
    if (step.kind === "other") {
      behind = 0;
      const put = putOf(step.type, context);
      return [{ numbers: null, other: { at, field: step.member.index, mayEnd: step.mayEnd, put } }];
    }
    behind += step.size;
    // Of a pad nothing is written: the buffer is new and therefore zero.
    if (step.kind === "pad") return [];
    const miscounted = step === counting ? `len(v) != ${count}` : null;
    return [{ numbers: { at, ...numbersView(step, miscounted) }, other: null }];
  });
  return { count: counting === undefined ? String(count) : "", steps: views, end: place() };
}

/** The checks of numbers that are in locals of their names, and the call that packs them. */
export function numbersView({ numbers, types }: NumbersStep, miscounted: string | null = null) {
  const conditions = refusals(numbers);
  if (miscounted !== null) conditions.push(miscounted);
  const names = numbers.map(({ name }) => name).join(", ");
  return {
    members: numbers,
    conditions: conditions.join(" or "),
    comparisons: numbers.flatMap((number) =>
      comparisons([number]).map((comparison) => ({ ...comparison, field: number.index })),
    ),
    format: formatOf(types),
    values: names,
    targets: numbers.length === 1 ? `${names},` : names,
  };
}
