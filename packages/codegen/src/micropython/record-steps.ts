/** A record in steps: numbers that stand side by side are packed by one call of `struct`, all else by a call each. */
import type { Field, PadType, Type } from "@rpcgen/idl/model";
import { createNameScope } from "./name-scope.js";
import { byteOrder, type NamedNumber, type NumberType, numberOf } from "./number-packing.js";

/** Locals of the generated functions, and what they use under names without a `_` in front. */
const OWN_NAMES = [
  "b",
  "p",
  "m",
  "n",
  "v",
  "r",
  "e",
  "field",
  "item",
  "start",
  "plain",
  "pack",
  "is_a",
  "named",
  "size",
  "most",
  "width",
  "error",
  "len",
  "type",
  "list",
  "tuple",
  "isinstance",
  "bytearray",
  "Exception",
  "ValueError",
];

/** A value of a record under the name of its Python local. */
export interface Member {
  /** Among the values: pads have none. */
  readonly index: number;
  readonly name: string;
  readonly field: Field;
}

export interface NumberMember extends Member, NamedNumber {
  readonly type: NumberType;
}

export interface NumbersStep {
  readonly kind: "numbers";
  readonly numbers: readonly [NumberMember, ...NumberMember[]];
  /** The numbers and the pads before, between and behind them; all of one byte order. */
  readonly types: readonly (NumberType | PadType)[];
  readonly size: number;
}

export interface PadStep {
  readonly kind: "pad";
  readonly pad: PadType;
  readonly size: number;
}

export interface OtherStep {
  readonly kind: "other";
  readonly member: Member;
  readonly type: Type;
  /** The message may end here, and then the value is None. */
  readonly mayEnd: boolean;
}

export type Step = NumbersStep | PadStep | OtherStep;

/** The fields that have a value. */
export function valueFields(fields: readonly Field[]): readonly Field[] {
  return fields.filter(({ type }) => type.kind !== "pad");
}

/** What is packed for a field, and whether nothing may stand for it. */
export function packedType({ type }: Pick<Field, "type">): { readonly type: Type; readonly mayEnd: boolean } {
  const mayEnd = type.kind === "optional" && type.form === "tail";
  return { type: mayEnd ? type.value : type, mayEnd };
}

export function membersOf(fields: readonly Field[], moduleNames: readonly string[]): readonly Member[] {
  const scope = createNameScope([...OWN_NAMES, ...moduleNames]);
  return valueFields(fields).map((field, index) => {
    const { python } = field.names;
    // What begins with `_` is the support code's.
    return { index, name: scope.take(python.startsWith("_") ? `v${python}` : python), field };
  });
}

/** `members`: those of the same fields. */
export function stepsOf(fields: readonly Field[], members: readonly Member[]): readonly Step[] {
  const steps: (OpenStep | OtherStep)[] = [];
  let next = 0;
  for (const { type } of fields) {
    const last = steps.at(-1);
    if (type.kind === "pad") {
      const open = last?.kind === "open" && last.numbers.length > 0 ? last : openStep(steps);
      addPart(open, type, type.count);
      continue;
    }
    const member = members[next++];
    if (member === undefined) throw new Error("a field without its member");
    const number = numberOf(type);
    if (number === null) {
      steps.push({ kind: "other", member, ...packedType(member.field) });
      continue;
    }
    const named: NumberMember = { ...member, type: number, range: member.field.range };
    const open = last?.kind === "open" && joins(last, named) ? last : openStep(steps);
    addPart(open, number, number.size.min);
    open.numbers.push(named);
    open.order ??= byteOrder(number);
  }
  return steps.map((step) => (step.kind === "open" ? closed(step) : step));
}

/** Numbers and pads as long as more may join them. */
interface OpenStep {
  readonly kind: "open";
  readonly numbers: NumberMember[];
  readonly types: (NumberType | PadType)[];
  size: number;
  /** Null as long as each is of one byte. */
  order: ReturnType<typeof byteOrder>;
}

function openStep(steps: (OpenStep | OtherStep)[]): OpenStep {
  const step: OpenStep = { kind: "open", numbers: [], types: [], size: 0, order: null };
  steps.push(step);
  return step;
}

function addPart(step: OpenStep, type: NumberType | PadType, size: number): void {
  step.types.push(type);
  step.size += size;
}

/** Whether a number goes on with the step before it. */
function joins(last: OpenStep, { type, field }: NumberMember): boolean {
  // An older caller may have left out what has a default: the message may end before it.
  if (field.defaultValue !== null) return false;
  const order = byteOrder(type);
  return order === null || last.order === null || order === last.order;
}

function closed({ numbers: [first, ...more], types, size }: OpenStep): NumbersStep | PadStep {
  if (first !== undefined) return { kind: "numbers", numbers: [first, ...more], types, size };
  const [pad] = types;
  if (pad?.kind !== "pad") throw new Error("a step of nothing");
  return { kind: "pad", pad, size };
}
