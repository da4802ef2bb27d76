/**
 * Packing a record that is a whole message: an answer, an error's fields, an item of a stream. One function
 * measures and puts: texts are encoded once, and what varies is the only thing that is measured.
 */
import type {
  BytesType,
  ErrorDeclaration,
  JsonType,
  Length,
  ListType,
  SizeRange,
  StringType,
  Type,
} from "@rpcgen/idl/model";
import { moduleName } from "./name-for-python.js";
import {
  countWidth,
  lengthArguments,
  type PackingContext,
  type RecordShape,
  recordTable,
} from "./packing-context.js";
import { numbersView, putOf } from "./put-type.js";
import { membersOf, type OtherStep, type Step, stepsOf, valueFields } from "./record-steps.js";
import { alwaysIn, sizeOf } from "./size-type.js";

export interface MessageForm {
  /** The byte before the record, or null where there is none. */
  readonly status: number | null;
  /** None is a value: no bytes but the status. */
  readonly mayBeNone: boolean;
  /** A Python expression of `error` that gives the values, where they do not come as a sequence. */
  readonly values: string | null;
}

/** The name of the function that makes a message's bytes out of a record's values. */
export function packRecord(
  wished: string,
  record: RecordShape,
  form: MessageForm,
  context: PackingContext,
): string {
  return context.once(`message ${wished} ${record.key}`, wished, (name) => {
    const members = membersOf(record.fields, context.moduleNames);
    const steps = stepsOf(record.fields, members);
    const statusBytes = form.status === null ? 0 : 1;
    const view = {
      name,
      ...form,
      none: form.status === null ? "" : "\\0",
      status: form.status === null || form.status === 0 ? "" : String(form.status),
      table: recordTable(record, context),
      count: String(valueFields(record.fields).length),
      members,
      always: statusBytes + alwaysIn(record) + countsIn(steps),
      measures: steps.flatMap((step) => measuresOf(step, context)),
      puts: putsOf(steps, statusBytes, context),
    };
    return { template: "pack-message", view };
  });
}

/** The name of the function that makes an answer out of a declared error. */
export function packError(error: ErrorDeclaration, context: PackingContext): string {
  const name = moduleName(error);
  const fields = valueFields(error.fields).map(({ names }) => `error.${names.python},`);
  const shape = { key: `error ${name}`, name, title: name, fields: error.fields };
  const form = { status: error.number, mayBeNone: false, values: `(${fields.join(" ")})` };
  return packRecord(`_error_of_${name}`, shape, form, context);
}

/** How a value that is not a number is packed here. */
type Way =
  /** Bytes and texts, whose bytes are made when they are measured. */
  | { readonly kind: "blob"; readonly type: BytesType | StringType | JsonType; readonly length: Length }
  /** A list whose items are all of one size, and its count. */
  | { readonly kind: "list"; readonly type: ListType; readonly length: Length; readonly itemSize: number }
  | { readonly kind: "any"; readonly type: Type };

function wayOf(type: Type): Way {
  if (type.kind === "json") return { kind: "blob", type, length: { kind: "tail" } };
  if (type.kind === "bytes" || type.kind === "string") return { kind: "blob", type, length: type.length };
  if (type.kind === "list" && type.length.kind !== "fixed" && isFixed(type.item.size)) {
    return { kind: "list", type, length: type.length, itemSize: type.item.size.min };
  }
  return { kind: "any", type };
}

function isFixed({ min, max }: SizeRange): boolean {
  return min === max;
}

/** Bytes of the counts that are always there. */
function countsIn(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => (step.kind === "other" && !step.mayEnd ? sum + countOf(step) : sum), 0);
}

function countOf({ type }: OtherStep): number {
  const way = wayOf(type);
  return way.kind === "any" ? 0 : Math.max(countWidth(way.length), 0);
}

/** The checks of numbers, and for anything else what it adds to the size. */
function measuresOf(step: Step, context: PackingContext): object[] {
  const none = {
    numbers: null,
    bytes: false,
    text: null,
    isList: false,
    list: "",
    fixed: null,
    size: null,
    mayEnd: false,
  };
  if (step.kind === "pad") return [];
  if (step.kind === "numbers") return [{ ...none, numbers: numbersView(step) }];
  const { index, name } = step.member;
  const count = step.mayEnd ? countOf(step) : 0;
  const head = {
    ...none,
    field: index,
    name,
    mayEnd: step.mayEnd,
    more: count > 0 ? `${count} + ` : "",
    most: "",
  };
  const way = wayOf(step.type);
  if (way.kind === "any") {
    const size = sizeOf(way.type, context);
    if (typeof size !== "number") return [{ ...head, size: `${size.name}(${name}${size.more})` }];
    return step.mayEnd ? [{ ...head, size: String(size) }] : [];
  }
  const { length } = way;
  const bound = { ...head, most: length.kind === "bounded" ? String(length.max) : "" };
  if (way.kind === "list")
    return [{ ...bound, isList: true, list: way.itemSize === 1 ? "" : `${way.itemSize} * ` }];
  if (length.kind === "fixed") {
    const make = way.type.kind === "bytes" ? "_blob" : "_encoded";
    const size = step.mayEnd ? String(length.count) : null;
    return [{ ...head, fixed: `${make}(${name}${lengthArguments(length)})`, size }];
  }
  if (way.type.kind === "bytes") return [{ ...bound, bytes: true }];
  return [{ ...bound, text: way.type.kind === "json" ? "_json_text" : "_utf8" }];
}

/** Each step with the place where its bytes go: known, or so many bytes behind p. */
function putsOf(steps: readonly Step[], start: number, context: PackingContext): object[] {
  let base: "p" | null = null;
  let behind = start;
  const place = (more: number) => {
    if (base === null) return String(behind + more);
    return behind + more === 0 ? base : `${base} + ${behind + more}`;
  };
  return steps.flatMap((step): object[] => {
    const at = place(0);
    if (step.kind !== "other") {
      behind += step.size;
      return step.kind === "pad" ? [] : [{ at, numbers: numbersView(step), fixed: null, other: null }];
    }
    const { index, name } = step.member;
    const way = wayOf(step.type);
    if (way.kind === "blob" && way.length.kind === "fixed" && !step.mayEnd) {
      behind += way.length.count;
      return [{ at, numbers: null, fixed: name, other: null }];
    }
    const width = countOf(step);
    const content = place(width);
    base = "p";
    behind = 0;
    const other = { at, field: index, name, content, count: countView(width), put: putter(way, context) };
    return [{ at, numbers: null, fixed: null, mayEnd: step.mayEnd, other }];
  });
}

/** How a count is written: by `struct`, as one byte, or not at all. */
function countView(width: number) {
  if (width === 0) return null;
  return { format: width === 1 ? "" : width === 2 ? "<H" : "<I" };
}

/** Null where the bytes are there already. A list is measured and counted by then: the rest of it is like a tail. */
function putter(way: Way, context: PackingContext) {
  if (way.kind === "blob") return null;
  return putOf(way.kind === "list" ? { ...way.type, length: { kind: "tail" } } : way.type, context);
}
