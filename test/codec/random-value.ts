/**
 * Random values of types of the model, without a language: valid ones, the shortest and the longest, and wrong
 * ones with the path of what is wrong.
 */
import type { Field, Length, Type } from "@rpcgen/idl/model";

export type Sample =
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "none" }
  | { readonly kind: "list"; readonly items: readonly Sample[] }
  /** In the order of the fields that have a value. */
  | { readonly kind: "struct"; readonly fields: readonly Sample[] }
  | { readonly kind: "variant"; readonly index: number | null; readonly value: Sample | null }
  | { readonly kind: "json"; readonly value: unknown };

export interface Random {
  /** From 0 to `below` - 1. */
  below(below: number): number;
}

/** A generator of numbers that depend on the seed alone (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(below) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
    },
  };
}

/** `shortest` and `longest` have the model's smallest and largest size. */
export type Wish = "any" | "shortest" | "longest";

export function valueFields(fields: readonly Field[]): readonly Field[] {
  return fields.filter(({ type }) => type.kind !== "pad");
}

export function sampleFields(fields: readonly Field[], random: Random, wish: Wish): readonly Sample[] {
  return valueFields(fields).map((field) => sampleOf(field, random, wish));
}

type Ranged = Pick<Field, "type" | "range">;
const unranged = (type: Type): Ranged => ({ type, range: null });

function pick<T>(items: readonly T[], random: Random): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}

export function sampleOf({ type, range }: Ranged, random: Random, wish: Wish): Sample {
  switch (type.kind) {
    case "integer": {
      const [min, max] = range === null ? [type.min, type.max] : [integer(range.min), integer(range.max)];
      return { kind: "integer", value: integerWithin(min, max, random) };
    }
    case "float":
      return { kind: "float", value: floatOf(type.name, range, random) };
    case "bool":
      return { kind: "bool", value: random.below(2) === 1 };
    case "enum":
      if (type.declaration.open) return sampleOf(unranged(type.declaration.base), random, wish);
      return { kind: "integer", value: pick(type.declaration.members, random).value };
    case "flags":
      return sampleOf(unranged(type.declaration.base), random, wish);
    case "bytes": {
      const count = countOf(type.length, random, wish, 12);
      return { kind: "bytes", value: Uint8Array.from({ length: count }, () => random.below(256)) };
    }
    case "string":
      return { kind: "text", value: textOf(type.length, random, wish) };
    case "list": {
      const count = countOf(type.length, random, wish, 3);
      const items = Array.from({ length: count }, () => sampleOf(unranged(type.item), random, wish));
      return { kind: "list", items };
    }
    case "json":
      return { kind: "json", value: wish === "shortest" ? 0 : jsonOf(random, 2) };
    case "optional":
      if (wish === "shortest" || (wish === "any" && random.below(3) === 0)) return { kind: "none" };
      return sampleOf(unranged(type.value), random, wish);
    case "struct":
      return { kind: "struct", fields: sampleFields(type.declaration.fields, random, wish) };
    case "union": {
      const index = variantOf(type, random, wish);
      const own = type.declaration.variants[index]?.type ?? null;
      const value = own === null ? null : sampleOf(unranged(own), random, wish);
      return { kind: "variant", index, value };
    }
    case "pad":
      throw new Error("a pad has no value");
  }
}

export function integer(value: NonNullable<Field["range"]>["min"]): bigint {
  if (value.kind !== "integer") throw new Error("a bound of an integer is one");
  return value.value;
}

export function float(value: NonNullable<Field["range"]>["min"]): number {
  if (value.kind !== "float") throw new Error("a bound of a float is one");
  return value.value;
}

/** Often one of the bounds, else anything between. */
function integerWithin(min: bigint, max: bigint, random: Random): bigint {
  if (random.below(4) === 0) return random.below(2) === 0 ? min : max;
  let bits = 0n;
  for (let i = 0; i < 3; i += 1) bits = (bits << 24n) | BigInt(random.below(2 ** 24));
  return min + (bits % (max - min + 1n));
}

function floatOf(name: "f32" | "f64", range: Field["range"], random: Random): number {
  const round = (value: number) => (name === "f32" ? Math.fround(value) : value);
  if (range !== null) {
    const [min, max] = [float(range.min), float(range.max)];
    const between = min / 2 + max / 2;
    return pick([min, max, round(Number.isFinite(between) ? between : 0)], random);
  }
  const special = [
    0,
    -0,
    Infinity,
    -Infinity,
    Number.NaN,
    1,
    -1.5,
    name === "f32" ? 3.4028234663852886e38 : 5e-324,
  ];
  if (random.below(2) === 0) return pick(special, random);
  return round((random.below(2 ** 30) - 2 ** 29) * 2 ** (random.below(80) - 40));
}

function countOf(length: Length, random: Random, wish: Wish, most: number): number {
  if (length.kind === "fixed") return length.count;
  if (wish === "shortest") return 0;
  if (wish === "longest" && length.kind === "bounded") return length.max;
  return random.below(Math.min(most, length.kind === "bounded" ? length.max : most) + 1);
}

const CHARACTERS = ["a", "Z", "0", " ", '"', "\\", "\n", "é", "ß", "€", "\ufeff", "😀", "\u{10ffff}"];

function textOf(length: Length, random: Random, wish: Wish): string {
  const isFixed = length.kind === "fixed";
  const most = isFixed ? random.below(length.count + 1) : countOf(length, random, wish, 12);
  if (wish === "longest") return "x".repeat(isFixed ? length.count : most);
  let text = "";
  for (let left = most; left > 0; ) {
    const character = pick(isFixed ? CHARACTERS : [...CHARACTERS, "\0"], random);
    left -= Buffer.byteLength(character);
    if (left >= 0) text += character;
  }
  return text;
}

/** Numbers that every reader of JSON takes exactly, and objects of one key: a dict of Python has no order. */
function jsonOf(random: Random, depth: number): unknown {
  const scalars = [null, true, false, 0, -1, 2 ** 40, 0.125, -2.5, "", 'é"\\\n', "😀"];
  if (depth === 0 || random.below(2) === 0) return pick(scalars, random);
  const items = Array.from({ length: random.below(4) }, () => jsonOf(random, depth - 1));
  return random.below(2) === 0 ? items : Object.fromEntries(items.slice(0, 1).map((item) => ["ké", item]));
}

function variantOf(type: Extract<Type, { kind: "union" }>, random: Random, wish: Wish): number {
  const { variants } = type.declaration;
  const sizes = variants.map((variant) => variant.type?.size ?? { min: 0, max: 0 });
  const wanted =
    wish === "shortest"
      ? sizes.findIndex(({ min }) => min === Math.min(...sizes.map((each) => each.min)))
      : sizes.findIndex(({ max }) => max === Math.max(...sizes.map((each) => each.max ?? Infinity)));
  return wish === "any" || wanted === -1 ? random.below(variants.length) : wanted;
}
