/**
 * Sizes on the wire. Little-endian and packed: a size is the sum of its parts, and an offset is known up to
 * the first part of variable size.
 */
import type { FloatName, FloatType, IntegerName, IntegerType, Length, SizeRange, Type } from "./model.js";

/** Largest message: the protocol counts its packets in 32 bits, and adds magic and crc. */
export const maxMessageBytes = 2 ** 32 - 5;

export const integerBytes: Readonly<Record<IntegerName, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
};

export const floatBytes: Readonly<Record<FloatName, number>> = { f32: 4, f64: 8 };

export function fixedSize(bytes: number): SizeRange {
  return { min: bytes, max: bytes };
}

export function integerBounds(name: IntegerName): { min: bigint; max: bigint } {
  const bits = BigInt(integerBytes[name] * 8);
  return name.startsWith("u")
    ? { min: 0n, max: 2n ** bits - 1n }
    : { min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n };
}

/** As written: `u16`, `u16be`. */
export function scalarText(type: IntegerType | FloatType): string {
  return type.bigEndian ? `${type.name}be` : type.name;
}

/** The smallest count that holds every length up to `max`. */
export function countFor(max: number): "u8" | "u16" | "u32" {
  if (max <= 0xff) return "u8";
  return max <= 0xffff ? "u16" : "u32";
}

/** Size of `length` items of one size each; bytes and strings are items of one byte. */
export function sizeOfItems(item: SizeRange, length: Length): SizeRange {
  switch (length.kind) {
    case "fixed":
      return { min: item.min * length.count, max: item.max === null ? null : item.max * length.count };
    case "bounded": {
      const count = integerBytes[length.count];
      return { min: count, max: item.max === null ? null : count + item.max * length.max };
    }
    case "tail":
      return { min: 0, max: null };
  }
}

/** Size of parts packed one after another. */
export function sizeOfSequence(parts: readonly SizeRange[]): SizeRange {
  let min = 0;
  let max: number | null = 0;
  for (const part of parts) {
    min += part.min;
    max = max === null || part.max === null ? null : max + part.max;
  }
  return { min, max };
}

/** Size of a tag with one of the payloads behind it; null is a variant without one. */
export function sizeOfChoice(tag: SizeRange, payloads: readonly (SizeRange | null)[]): SizeRange {
  const sizes = payloads.map((payload) => payload ?? fixedSize(0));
  const min = Math.min(...sizes.map((size) => size.min));
  const bounded = sizes.flatMap((size) => size.max ?? []);
  const max = bounded.length < sizes.length ? null : Math.max(...bounded);
  return sizeOfSequence([tag, { min, max }]);
}

/** Offset of each part, null behind something of variable size. */
export function offsetsOf(parts: readonly SizeRange[]): readonly (number | null)[] {
  let next: number | null = 0;
  return parts.map((part) => {
    const offset = next;
    next = next !== null && part.min === part.max ? next + part.min : null;
    return offset;
  });
}

/** The same type as the last item of a message: an optional is then nothing, or its value. */
export function atMessageEnd(type: Type): Type {
  if (type.kind !== "optional") return type;
  return { ...type, form: "tail", size: { min: 0, max: type.value.size.max } };
}

/** Only the end of the message bounds it. */
export function isOpenEnded(type: Type): boolean {
  return type.size.max === null;
}
