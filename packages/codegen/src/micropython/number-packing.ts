/**
 * Numbers as `struct` packs them: format letters, and the conditions under which a value is refused.
 * MicroPython's `struct.pack` cuts off what does not fit, so generated code looks first.
 */
import type { BoolType, EnumType, FloatType, IntegerType, Type } from "@rpcgen/idl/model";

/** What one `struct` letter packs. */
export type NumberType = IntegerType | FloatType | BoolType | EnumType;

export function isNumber(type: Type): type is NumberType {
  return type.kind === "integer" || type.kind === "float" || type.kind === "bool" || type.kind === "enum";
}

const CODES = {
  u8: "B",
  i8: "b",
  u16: "H",
  i16: "h",
  u32: "I",
  i32: "i",
  u64: "Q",
  i64: "q",
  f32: "f",
  f64: "d",
} as const;

/** Letter of `struct` and, for the same number, of `array`. */
export function codeOf(type: NumberType): string {
  if (type.kind === "bool") return "B";
  return CODES[type.kind === "enum" ? type.declaration.base.name : type.name];
}

/** As errors name it: "u16", "bool", or the name of the enum. */
export function numberKind(type: NumberType): string {
  if (type.kind === "bool") return "bool";
  return type.kind === "enum" ? type.declaration.names.python : type.name;
}

/** `<4HI` for four u16 and a u32. */
export function formatOf(types: readonly NumberType[]): string {
  const runs: { code: string; count: number }[] = [];
  for (const type of types) {
    const code = codeOf(type);
    const last = runs.at(-1);
    if (last?.code === code) last.count += 1;
    else runs.push({ code, count: 1 });
  }
  return `<${runs.map(({ code, count }) => (count > 1 ? `${count}${code}` : code)).join("")}`;
}

/** One number under the name of a Python variable. */
export interface NamedNumber {
  readonly name: string;
  readonly type: NumberType;
}

/** Bits that the number's bitwise "or" with others of its kind may have set, or null where that says nothing. */
function orBits(type: NumberType): { readonly bits: number; readonly signed: boolean } | null {
  if (type.kind === "bool") return { bits: 1, signed: false };
  if (type.kind !== "integer") return null;
  const bits = type.size.min * 8;
  const signed = type.name.startsWith("i");
  // Moved up by 2^31, an i32 would be a number on the heap.
  return signed && bits > 16 ? null : { bits, signed };
}

/**
 * Python conditions that hold when a number is out of its range. Numbers of one width are or-ed together
 * and shifted: one test for all of them, which allocates nothing, and which a float or a string fails with
 * a TypeError. Floats are not in here: see `floatsToCheck`.
 */
export function refusals(numbers: readonly NamedNumber[]): string[] {
  const groups = new Map<string, { bits: number; terms: string[] }>();
  const others: string[] = [];
  for (const { name, type } of numbers) {
    const or = orBits(type);
    if (or !== null) {
      const key = `${or.signed ? "i" : "u"}${or.bits}`;
      const group = groups.get(key) ?? { bits: or.bits, terms: [] };
      groups.set(key, group);
      group.terms.push(or.signed ? `${name} + ${1 << (or.bits - 1)}` : name);
    } else if (type.kind === "enum") {
      others.push(`${name} not in _MEMBERS["${type.declaration.names.python}"]`);
    } else if (type.kind === "integer") {
      others.push(`not ${type.min} <= ${name} <= ${type.max}`);
    }
  }
  return [...[...groups.values()].map(({ bits, terms }) => `${orOf(terms)} >> ${bits}`), ...others];
}

function orOf(terms: readonly string[]): string {
  const bracketed = terms.map((term) => (terms.length > 1 && term.includes(" ") ? `(${term})` : term));
  const text = bracketed.join(" | ");
  return text.includes(" ") ? `(${text})` : text;
}

/** Floats whose finite values might overflow; `quick` holds for nearly all that do not. */
export function floatsToCheck(
  numbers: readonly NamedNumber[],
): { name: string; kind: string; quick: string }[] {
  return numbers.flatMap(({ name, type }) => {
    if (type.kind !== "float") return [];
    const limit = type.name === "f32" ? "3.4e38" : "1.7e308";
    return [{ name, kind: type.name, quick: `-${limit} < ${name} < ${limit}` }];
  });
}
