/** Unions: the tables by which the support code finds a variant, from its kind or from its tag. */
import type { Type, UnionDeclaration, UnionVariant } from "@rpcgen/idl/model";
import { moduleName } from "./name-for-python.js";
import { formatOf } from "./number-packing.js";
import type { PackingContext } from "./packing-context.js";
import { pythonString } from "./python-text.js";

type Row = (variant: UnionVariant) => string;

function table(what: string, union: UnionDeclaration, rowOf: Row, context: PackingContext): string {
  const own = moduleName(union);
  return context.table(`${what} ${own}`, `_${what}_of_${own}`, (name) => ({
    template: "union-table",
    view: { name, rows: union.variants.map(rowOf) },
  }));
}

/** The format and the bytes of the tag, then the union's name, as arguments. */
function tagArguments({ base, names }: UnionDeclaration): string {
  return `, ${pythonString(formatOf([base]))}, ${base.size.min}, ${pythonString(names.source)}`;
}

/** Further arguments of `_size_union`. `sizeOf` gives the bytes of a payload, or what tells them. */
export function unionSizes(
  union: UnionDeclaration,
  sizeOf: (type: Type) => string,
  context: PackingContext,
): string {
  const row: Row = ({ names, type }) =>
    `${pythonString(names.source)}: ${type === null ? "0" : sizeOf(type)}`;
  return `, ${union.base.size.min}, ${pythonString(union.names.source)}, ${table("sizes", union, row, context)}`;
}

/** Further arguments of `_put_union`. `putOf` names the function that puts a payload. */
export function unionVariants(
  union: UnionDeclaration,
  putOf: (type: Type) => string,
  context: PackingContext,
): string {
  const row: Row = ({ names, tag, type }) =>
    `${pythonString(names.source)}: (${tag}, ${type === null ? "None" : putOf(type)})`;
  return `${tagArguments(union)}, ${table("variants", union, row, context)}`;
}

/** Further arguments of `_get_union`. `getOf` names the function that gets a payload. */
export function unionTags(
  union: UnionDeclaration,
  getOf: (type: Type) => string,
  context: PackingContext,
): string {
  const row: Row = ({ names, tag, type }) =>
    `${tag}: (${pythonString(names.source)}, ${type === null ? "None" : getOf(type)})`;
  return `${tagArguments(union)}, ${table("tags", union, row, context)}`;
}
