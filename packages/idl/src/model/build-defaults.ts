/** Defaults of parameters: trailing, of a type that can have one, and never mistaken for an empty value. */
import { quote } from "../source/quote.js";
import type { FieldNode } from "../syntax/ast.js";
import type { BuiltSequence } from "./build-fields.js";
import { numberText, withinRange } from "./build-range.js";
import { buildValue } from "./build-value.js";
import { type Building, sourceText } from "./building.js";
import type { Field, SizeRange, Type, Value } from "./model.js";

export interface Defaulted {
  readonly fields: readonly Field[];
  readonly size: SizeRange;
  /** Index of the first parameter with a default; the number of parameters when there is none. */
  readonly firstDefault: number;
}

/** The parameters with their defaults, or null where one had a mistake. */
export function buildDefaults(built: BuiltSequence, building: Building): Defaulted | null {
  const first = built.nodes.findIndex((node) => node.defaultValue !== null);
  const firstDefault = first === -1 ? built.fields.length : first;
  let faulty = false;
  const fields = built.fields.map((field, index) => {
    const node = built.nodes[index];
    if (node === undefined || index < firstDefault) return field;
    if (node.defaultValue === null) {
      const other = quote(built.nodes[firstDefault]?.name.text ?? "");
      building.report("RPC4011", node.name.span, { name: quote(node.name.text), other });
      faulty = true;
      return field;
    }
    const defaultValue = buildDefault(node, field.type, building);
    faulty ||= defaultValue === null || !isInRange(defaultValue, field, node, building);
    return { ...field, defaultValue };
  });
  return faulty ? null : { fields, size: built.size, firstDefault };
}

function buildDefault(node: FieldNode, type: Type, building: Building): Value | null {
  if (node.defaultValue === null) return null;
  const { span } = node.defaultValue;
  if (!hasDefaults(type) && !(type.kind === "optional" && node.defaultValue.kind === "null")) {
    const written = node.type === null ? quote(type.kind) : sourceText(node.type.span, building);
    building.report("RPC4012", span, { type: written });
    return null;
  }
  const value = buildValue(node.defaultValue, type, building);
  if (value === null) return null;
  const isEmpty = value.kind === "null" || (value.kind === "string" && value.value === "");
  if (type.size.min > 0 || isEmpty) return value;
  building.report("RPC4013", span, { name: quote(node.name.text), default: sourceText(span, building) });
  return null;
}

function isInRange(value: Value, { range, type }: Field, node: FieldNode, building: Building): boolean {
  if (range === null || node.defaultValue === null || withinRange(value, range, type)) return true;
  const { span } = node.defaultValue;
  const [min, max] = [numberText(range.min), numberText(range.max)];
  building.report("RPC4024", span, { default: sourceText(span, building), min, max });
  return false;
}

function hasDefaults(type: Type): boolean {
  switch (type.kind) {
    case "integer":
    case "float":
    case "bool":
    case "string":
    case "enum":
    case "flags":
      return true;
    case "optional":
      return hasDefaults(type.value);
    case "bytes":
    case "list":
    case "json":
    case "struct":
    case "union":
    case "pad":
      return false;
  }
}
