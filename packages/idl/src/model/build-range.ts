/** `@range`: inclusive bounds of a number, as values of its own type, so that both sides compare the same. */
import type { RangeNotes } from "../check/annotations.js";
import type { ValueNode } from "../syntax/ast.js";
import { buildValue, largestFloat } from "./build-value.js";
import { type Building, sourceText } from "./building.js";
import type { Field, FloatType, IntegerType, Type, Value } from "./model.js";

type Range = NonNullable<Field["range"]>;

export function buildRange(
  notes: RangeNotes | null,
  type: Type,
  building: Building,
): Range | null | "faulty" {
  if (notes === null) return null;
  if (type.kind !== "integer" && type.kind !== "float") {
    building.report("RPC4022", notes.span, { range: sourceText(notes.span, building) });
    return "faulty";
  }
  const min = buildBound(notes.min, type, "min", building);
  const max = buildBound(notes.max, type, "max", building);
  if (min === null || max === null) return "faulty";
  if (numberOf(min) <= numberOf(max)) return { min, max };
  building.report("RPC4023", notes.span, { min: numberText(min), max: numberText(max) });
  return "faulty";
}

/** Of a number as it will be on the wire: rounded to its type, as the bounds are. */
export function withinRange(value: Value, { min, max }: Range, type: Type): boolean {
  const number = numberOf(rounded(value, type));
  return numberOf(min) <= number && number <= numberOf(max);
}

export function numberText(value: Value): string {
  return `${numberOf(value)}`;
}

/** A side that is not written is the type's own: its smallest or largest finite number. */
function buildBound(
  node: ValueNode | null,
  type: IntegerType | FloatType,
  side: "min" | "max",
  building: Building,
): Value | null {
  if (type.kind === "integer") {
    return node === null ? { kind: "integer", value: type[side] } : buildValue(node, type, building);
  }
  if (node === null) {
    const value = largestFloat[type.name];
    return { kind: "float", value: side === "min" ? -value : value };
  }
  const value = buildValue(node, type, building);
  return value === null ? null : rounded(value, type);
}

function rounded(value: Value, type: Type): Value {
  const narrow = value.kind === "float" && type.kind === "float" && type.name === "f32";
  return narrow ? { kind: "float", value: Math.fround(value.value) } : value;
}

function numberOf(value: Value): bigint | number {
  return value.kind === "integer" || value.kind === "float" ? value.value : Number.NaN;
}
