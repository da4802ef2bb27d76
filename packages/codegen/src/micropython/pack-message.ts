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
    const measures = steps.flatMap((step) => measuresOf(step, context));
    const always = statusBytes + alwaysIn(record) + countsIn(steps);
    const counts = measures.some((measure) => measure.size !== null || measure.mayEnd);
    const view = {
      name,
      ...form,
      none: form.status === null ? "" : "\\0",
      status: form.status === null || form.status === 0 ? "" : String(form.status),
      table: recordTable(record, context),
      count: String(valueFields(record.fields).length),
      members,
      // What need not be looked for is summed up at once; n counts the rest.
      counts,
      always,
      total: [counts ? "n" : always, ...measures.flatMap(({ term }) => term ?? [])].join(" + "),
      measures,
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
  if (type.kind === "list" && type.length.kind !== "fixed" && isOfOneSize(type.item.size)) {
    return { kind: "list", type, length: type.length, itemSize: type.item.size.min };
  }
  return { kind: "any", type };
}

function isOfOneSize({ min, max }: SizeRange): boolean {
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

/** What the template is told of one measuring. */
interface Measure {
  readonly numbers: object | null;
  readonly field: number;
  readonly name: string;
  /** How the value is looked at, if one of these. */
  readonly bytes: boolean;
  readonly text: boolean;
  readonly json: boolean;
  readonly isList: boolean;
  /** The local that takes the length, how much it may be, and bytes of an item if more than one: "6 * ". */
  readonly length: string;
  readonly most: string;
  readonly list: string;
  /** What makes bytes of one size out of the value. */
  readonly fixed: string | null;
  /** What is counted into n. */
  readonly size: string | null;
  /** Whether the message may end before the value, and then bytes of its count: "2 + ". */
  readonly mayEnd: boolean;
  readonly more: string;
  /** What is always added to the size. */
  readonly term: string | null;
}

/** The checks of numbers, and for anything else what it adds to the size. */
function measuresOf(step: Step, context: PackingContext): Measure[] {
  const none: Measure = {
    ...{ numbers: null, field: 0, name: "" },
    ...{ bytes: false, text: false, json: false, isList: false },
    ...{ length: "", most: "", list: "" },
    ...{ fixed: null, size: null, mayEnd: false, more: "", term: null },
  };
  if (step.kind === "pad") return [];
  if (step.kind === "numbers") return [{ ...none, numbers: numbersView(step) }];
  const { index, name } = step.member;
  const count = step.mayEnd ? countOf(step) : 0;
  const head = {
    ...none,
    ...{ field: index, name, mayEnd: step.mayEnd },
    more: count > 0 ? `${count} + ` : "",
  };
  const way = wayOf(step.type);
  if (way.kind === "any") {
    const size = sizeOf(way.type, context);
    if (typeof size !== "number") return [{ ...head, size: `${size.name}(${name}${size.more})` }];
    return step.mayEnd ? [{ ...head, size: String(size) }] : [];
  }
  const { length } = way;
  const most = length.kind === "bounded" ? String(length.max) : "";
  const local = lengthLocal(name);
  const isList = way.kind === "list";
  const list = isList && way.itemSize > 1 ? `${way.itemSize} * ` : "";
  const term = step.mayEnd || length.kind === "fixed" ? null : `${list}${local}`;
  const bound = { ...head, most, term, length: local };
  if (way.kind === "list") return [{ ...bound, isList, list }];
  if (length.kind === "fixed") {
    const make = way.type.kind === "bytes" ? "_blob" : "_encoded";
    const size = step.mayEnd ? String(length.count) : null;
    return [{ ...head, fixed: `${make}(${name}${lengthArguments(length)})`, size }];
  }
  if (way.type.kind === "bytes") return [{ ...bound, bytes: true }];
  return [way.type.kind === "json" ? { ...bound, json: true } : { ...bound, text: true }];
}

/** Each step with the place where its bytes go: known, or so many bytes behind p. */
function putsOf(steps: readonly Step[], start: number, context: PackingContext): object[] {
  let base: "p" | null = null;
  let behind = start;
  const place = (more: number) => {
    if (base === null) return String(behind + more);
    return behind + more === 0 ? base : `${base} + ${behind + more}`;
  };
  return steps.flatMap((step, index): object[] => {
    const at = place(0);
    if (step.kind !== "other") {
      behind += step.size;
      return step.kind === "pad" ? [] : [{ at, numbers: numbersView(step), fixed: null, other: null }];
    }
    const { name } = step.member;
    const way = wayOf(step.type);
    const isFixed = way.kind === "blob" && way.length.kind === "fixed";
    if (isFixed && !step.mayEnd) {
      behind += way.length.count;
      return [{ at, numbers: null, fixed: name, other: null }];
    }
    const width = countOf(step);
    const content = place(width);
    base = "p";
    behind = 0;
    const length = isFixed ? `_len(${name})` : lengthLocal(name);
    const put = putter(way, context);
    const other = {
      ...{ at, field: step.member.index, name, content, length, put, count: countView(width) },
      // What is padded to its size leaves zeros behind it.
      isLast: index === steps.length - 1 && !isFixed,
    };
    return [{ at, numbers: null, fixed: null, mayEnd: step.mayEnd, other }];
  });
}

/** The local that keeps a length from the measuring to the putting: what begins with `_` is no member's. */
function lengthLocal(name: string): string {
  return `_n_${name}`;
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
