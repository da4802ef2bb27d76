/** Names for types by their shape, so that equal shapes share their functions. */
import type { Length, StructDeclaration, Type } from "@rpcgen/idl/model";
import { moduleName } from "./name-for-python.js";
import { numberKind, numberOf } from "./number-packing.js";
import type { Call, PackingContext, RecordShape } from "./packing-context.js";

function lengthName(length: Length): string {
  if (length.kind === "tail") return "";
  return length.kind === "fixed" ? `_${length.count}` : `_${length.count}_${length.max}`;
}

/** Unlike for any other shape: what a file declares is marked, so that no struct's name passes for `bytes_4`. */
function shapeOf(type: Type): string {
  const number = numberOf(type);
  if (number !== null) return number.kind === "enum" ? `$${numberKind(number)}` : numberKind(number);
  switch (type.kind) {
    case "struct":
    case "union":
      return `$${moduleName(type.declaration)}`;
    case "bytes":
    case "string":
      return `${type.kind}${lengthName(type.length)}`;
    case "list":
      return `list${lengthName(type.length)}_of_${shapeOf(type.item)}`;
    case "optional":
      return `optional_${shapeOf(type.value)}`;
    default:
      return type.kind;
  }
}

/** A function that does what `call` does and needs no further arguments, as an item's function must be. */
export function functionFor(
  direction: "size" | "put" | "get",
  type: Type,
  call: Call,
  context: PackingContext,
): string {
  if (call.more === "") return call.name;
  const shape = shapeOf(type);
  const wished = `_${direction}_${shape.replaceAll("$", "")}`;
  return context.once(`${direction} shape ${shape}`, wished, (name) => ({
    template: `${direction}-shape`,
    view: { name, call },
  }));
}

export function structShape(declaration: StructDeclaration): RecordShape {
  const name = moduleName(declaration);
  return { key: `struct ${name}`, name, title: name, fields: declaration.fields };
}
