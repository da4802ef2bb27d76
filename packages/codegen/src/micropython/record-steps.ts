/** A record in steps: numbers that stand side by side are packed by one call of `struct`, all else by a call each. */
import type { Field, Type } from "@rpcgen/idl/model";
import { createNameScope } from "./name-scope.js";
import { isNumber, type NumberType } from "./number-packing.js";

/** Locals of the generated functions, and what they use under names without a `_` in front. */
const OWN_NAMES = ["b", "p", "v", "r", "e", "n", "field", "len", "bytearray", "Exception", "ValueError"];

/** A value of a record under the name of its Python local. */
export interface Member {
  readonly index: number;
  readonly name: string;
  readonly field: Field;
}

export interface NumberMember extends Member {
  readonly type: NumberType;
}

export type Step =
  | {
      readonly kind: "numbers";
      readonly numbers: readonly [NumberMember, ...NumberMember[]];
      readonly size: number;
    }
  /** `mayEnd`: the message may end here, and then the value is None. */
  | { readonly kind: "other"; readonly member: Member; readonly type: Type; readonly mayEnd: boolean };

/** What is packed for a field, and whether nothing may stand for it. */
export function packedType(field: Field): { readonly type: Type; readonly mayEnd: boolean } {
  const { type } = field;
  const mayEnd = type.kind === "optional" && type.form === "tail";
  return { type: mayEnd ? type.value : type, mayEnd };
}

export function membersOf(fields: readonly Field[], moduleNames: readonly string[]): Member[] {
  const scope = createNameScope([...OWN_NAMES, ...moduleNames]);
  return fields.map((field, index) => {
    const { python } = field.names;
    // What begins with `_` is the support code's.
    return { index, name: scope.take(python.startsWith("_") ? `v${python}` : python), field };
  });
}

export function stepsOf(members: readonly Member[]): Step[] {
  const steps: Step[] = [];
  for (const member of members) {
    const { type } = member.field;
    const last = steps.at(-1);
    if (!isNumber(type)) {
      steps.push({ kind: "other", member, ...packedType(member.field) });
    } else if (last?.kind === "numbers" && member.field.defaultValue === null) {
      const numbers = [...last.numbers, { ...member, type }] as const;
      steps[steps.length - 1] = {
        kind: "numbers",
        numbers: [last.numbers[0], ...numbers.slice(1)],
        size: last.size + type.size.min,
      };
    } else {
      // An older caller may have left out what has a default: the message may end before it.
      steps.push({ kind: "numbers", numbers: [{ ...member, type }], size: type.size.min });
    }
  }
  return steps;
}
