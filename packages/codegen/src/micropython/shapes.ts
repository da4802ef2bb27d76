/** Names for types by their shape, so that equal shapes share their functions. */
import type { Length, Type } from "@rpcgen/idl/model";
import type { Call, PackingContext, RecordShape } from "./packing-context.js";

function lengthName(length: Length): string {
  if (length.kind === "tail") return "";
  return length.kind === "fixed" ? `_${length.count}` : `_${length.count}_${length.max}`;
}

function shapeName(type: Type): string {
  switch (type.kind) {
    case "integer":
    case "float":
      return type.name;
    case "bool":
    case "json":
      return type.kind;
    case "enum":
    case "struct":
      return type.declaration.names.python;
    case "bytes":
    case "string":
      return `${type.kind}${lengthName(type.length)}`;
    case "list":
      return `list${lengthName(type.length)}_of_${shapeName(type.item)}`;
    case "optional":
      return `optional_${shapeName(type.value)}`;
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
  const shape = shapeName(type);
  return context.once(`${direction} shape ${shape}`, `_${direction}_${shape}`, (name) => ({
    template: `${direction}-shape`,
    view: { name, call },
  }));
}

export function structShape(declaration: Extract<Type, { kind: "struct" }>["declaration"]): RecordShape {
  const name = declaration.names.python;
  return { key: `struct ${name}`, name, title: name, fields: declaration.fields };
}
