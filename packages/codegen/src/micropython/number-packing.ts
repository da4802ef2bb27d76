/**
 * Numbers as `struct` packs them: format letters, and the conditions under which a value is refused.
 * MicroPython's `struct.pack` cuts off what does not fit, so generated code looks first.
 */
import type { BoolType, EnumType, Field, FloatType, IntegerType, PadType, Type } from "@rpcgen/idl/model";
import { pythonBytes, pythonValue } from "./python-text.js";

/** What one `struct` letter packs; an enum in here is a closed one. */
export type NumberType = IntegerType | FloatType | BoolType | EnumType;

/** The number that a type is on the wire, or null. Of open enums and flags every number of their base is a value. */
export function numberOf(type: Type): NumberType | null {
  switch (type.kind) {
    case "integer":
    case "float":
    case "bool":
      return type;
    case "enum":
      return type.declaration.open ? type.declaration.base : type;
    case "flags":
      return type.declaration.base;
    default:
      return null;
  }
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

export type ByteOrder = "<" | ">";

/** Null where there is but one byte. */
export function byteOrder(type: NumberType): ByteOrder | null {
  if (type.kind === "bool" || type.size.min === 1) return null;
  const { bigEndian } = type.kind === "enum" ? type.declaration.base : type;
  return bigEndian ? ">" : "<";
}

/** As errors name it: "u16", "u16be", "bool", or the name of the enum. */
export function numberKind(type: NumberType): string {
  if (type.kind === "bool") return "bool";
  if (type.kind === "enum") return type.declaration.names.python;
  return byteOrder(type) === ">" ? `${type.name}be` : type.name;
}

/** `<4HI` for four u16 and a u32. All are of one byte order. */
export function formatOf(types: readonly (NumberType | PadType)[]): string {
  const runs: { code: string; count: number }[] = [];
  let order: ByteOrder = "<";
  for (const type of types) {
    if (type.kind === "pad") {
      runs.push({ code: "x", count: type.count });
      continue;
    }
    order = byteOrder(type) ?? order;
    const code = codeOf(type);
    const last = runs.at(-1);
    if (last?.code === code) last.count += 1;
    else runs.push({ code, count: 1 });
  }
  return `${order}${runs.map(({ code, count }) => (count > 1 ? `${count}${code}` : code)).join("")}`;
}

/** One number under the name of a Python variable. */
export interface NamedNumber {
  readonly name: string;
  readonly type: NumberType;
  readonly range: Field["range"];
}

/** Bits that the number's bitwise "or" with others of its kind may have set, or null where that says nothing. */
function orBits(type: NumberType): { readonly bits: number; readonly signed: boolean } | null {
  if (type.kind === "bool") return { bits: 1, signed: false };
  if (type.kind !== "integer") return null;
  const bits = type.size.min * 8;
  const signed = type.name.startsWith("i");
  // To shift a wide number, or an i32 that was moved up by 2^31, makes another one on the heap.
  return bits > (signed ? 16 : 32) ? null : { bits, signed };
}

/** Numbers of one width: what their bitwise "or" has above its `bits` lowest, one of them has, and is too big. */
export interface OrGroup {
  /** "u16", "i8"; "u1" for bool. */
  readonly kind: string;
  readonly bits: number;
  readonly or: string;
}

export interface RangeTests {
  readonly groups: readonly OrGroup[];
  /** Python conditions that hold when some other number is out of its range. */
  readonly others: readonly string[];
}

/**
 * Python conditions that hold when a number is out of its range. Numbers of one width are or-ed together
 * and shifted: one test for all of them, which allocates nothing, and which a float or a string fails with
 * a TypeError. Floats and what has a range of its own are not in here: see `comparisons`.
 */
export function refusals(numbers: readonly NamedNumber[]): string[] {
  const { groups, others } = rangeTests(numbers);
  return [...groups.map(({ bits, or }) => `${or.includes(" ") ? `(${or})` : or} >> ${bits}`), ...others];
}

/** The tests of `refusals`, with the "or" of each width by itself. */
export function rangeTests(numbers: readonly NamedNumber[]): RangeTests {
  const groups = new Map<string, { bits: number; terms: string[] }>();
  const others: string[] = [];
  for (const { name, type, range } of numbers) {
    if (range !== null) continue;
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
  return {
    groups: [...groups].map(([kind, { bits, terms }]) => ({ kind, bits, or: orOf(terms) })),
    others,
  };
}

function orOf(terms: readonly string[]): string {
  return terms.map((term) => (terms.length > 1 && term.includes(" ") ? `(${term})` : term)).join(" | ");
}

/** A number that is within its bounds if `quick` holds, and else only if `check` says so. */
export interface Comparison {
  readonly name: string;
  readonly quick: string;
  /** A Python statement that raises where the number is refused. */
  readonly check: string;
  /**
   * For a float, all of whose wrong values become infinities: as Python, two bytes that each of those has; else none.
   * They hold sign and exponent, and are found sooner than all of its bytes, which begin with zeros like many others.
   */
  readonly infinities: readonly string[];
}

function infinitiesOf(type: FloatType): string[] {
  return [Infinity, -Infinity].map((value) => {
    const view = new DataView(new ArrayBuffer(type.size.min));
    const isLittle = byteOrder(type) === "<";
    if (type.name === "f32") view.setFloat32(0, value, isLittle);
    else view.setFloat64(0, value, isLittle);
    const bytes = [...new Uint8Array(view.buffer)];
    return pythonBytes(isLittle ? bytes.slice(-2) : bytes.slice(0, 2));
  });
}

const QUICK_FLOATS = { f32: 3.4e38, f64: 1.7e308 } as const;

/** For floats, whose finite values might overflow, and for numbers with a range. */
export function comparisons(numbers: readonly NamedNumber[]): readonly Comparison[] {
  return numbers.flatMap(({ name, type, range }): Comparison[] => {
    const kind = `"${numberKind(type)}"`;
    if (range !== null) {
      const [low, high] = [pythonValue(range.min), pythonValue(range.max)];
      const quick = [quickBound(range.min, type, low), quickBound(range.max, type, high)];
      return [
        {
          name,
          quick: `${quick[0]} <= ${name} <= ${quick[1]}`,
          check: `_check_range(${name}, ${kind}, ${low}, ${high})`,
          infinities: [],
        },
      ];
    }
    if (type.kind !== "float") return [];
    const limit = String(QUICK_FLOATS[type.name]).replace("e+", "e");
    const quick = `-${limit} < ${name} < ${limit}`;
    return [{ name, quick, check: `_check_float(${name}, ${kind})`, infinities: infinitiesOf(type) }];
  });
}

/** A bound that is safe to compare with at once: what a float could overflow at is for the check. */
function quickBound(bound: NonNullable<Field["range"]>["min"], type: NumberType, text: string): string {
  if (bound.kind !== "float" || type.kind !== "float") return text;
  const limit = QUICK_FLOATS[type.name];
  if (Math.abs(bound.value) <= limit) return text;
  return `${bound.value < 0 ? "-" : ""}${String(limit).replace("e+", "e")}`;
}
