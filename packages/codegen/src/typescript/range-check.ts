/** Writes the checks of `@range`: inclusive bounds, which NaN is never within. */
import type { Field } from "@rpcgen/idl/model";
import { pathText } from "./lines.js";
import { valueText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";

type Ranged = Pick<Field, "type" | "range">;

/** Of a value that is about to be encoded. A 32-bit float counts as what travels. */
export function encodedRangeLines(types: TypesModule, field: Ranged, value: string, path: string): string[] {
  const { type } = field;
  const sent = type.kind === "float" && type.name === "f32" ? `Math.fround(${value})` : value;
  return rangeLines(types, field, { value, sent, path });
}

/** Of a field that was decoded into a local. */
export function decodedRangeLines(
  types: TypesModule,
  field: Ranged & Pick<Field, "names">,
  value: string,
): string[] {
  return rangeLines(types, field, { value, sent: value, path: field.names.typescript });
}

interface Ranging {
  readonly value: string;
  /** The expression that is compared with the bounds. */
  readonly sent: string;
  readonly path: string;
}

function rangeLines(types: TypesModule, { type, range }: Ranged, { value, sent, path }: Ranging): string[] {
  if (range === null) return [];
  const min = valueText(range.min, type, types);
  const max = valueText(range.max, type, types);
  const error = `${types.runtime("misfit")}(${pathText(path)}, ${value}, "within ${min} to ${max}")`;
  return [`if (!(${sent} >= ${min} && ${sent} <= ${max})) throw ${error};`];
}
