/** Types in words for a reader of docstrings, and as annotations for the `.pyi` file. */
import type { Field, FunctionDeclaration, Result, Type } from "@rpcgen/idl/model";

/** As the docstring names what arrives or is returned: "Rect or None", "list of Tag". */
export function wordsFor(type: Type): string {
  switch (type.kind) {
    case "integer":
    case "float":
      return type.name;
    case "enum":
    case "struct":
      return type.declaration.names.python;
    case "bool":
    case "bytes":
      return type.kind;
    case "string":
      return "str";
    case "json":
      return "JSON value";
    case "list":
      return `list of ${wordsFor(type.item)}`;
    case "optional":
      return `${wordsFor(type.value)} or None`;
  }
}

export function resultWords({ result, transfer }: FunctionDeclaration): string | null {
  if (transfer.kind === "stream") return `iterator of ${wordsFor(transfer.item)}`;
  if (transfer.kind === "bulk") {
    return transfer.byteLength === null ? "bytes" : `bytes, ${transfer.byteLength} of them`;
  }
  if (result.kind === "nothing") return null;
  if (result.kind === "single") return wordsFor(result.type);
  const names = result.fields.map((field) => field.names.python).join(", ");
  return `(${names})${result.optional ? " or None" : ""}`;
}

/** What a handler is given. */
export function argumentAnnotation(type: Type): string {
  switch (type.kind) {
    case "integer":
    case "enum":
      return "int";
    case "float":
    case "bool":
      return type.kind;
    case "bytes":
      return "memoryview";
    case "string":
      return "str";
    case "json":
      return "_Any";
    case "struct":
      return type.declaration.names.python;
    case "list":
      if (type.item.kind === "integer") return "_array[int]";
      return type.item.kind === "float" ? "_array[float]" : `list[${argumentAnnotation(type.item)}]`;
    case "optional":
      return `${argumentAnnotation(type.value)} | None`;
  }
}

/** What a handler may return: wider than what it is given. */
export function returnAnnotation(type: Type): string {
  switch (type.kind) {
    case "bytes":
      return "bytes | bytearray | memoryview";
    case "struct":
      return `${type.declaration.names.python} | ${tupleAnnotation(type.declaration.fields)}`;
    case "list":
      return `_Sequence[${returnAnnotation(type.item)}]`;
    case "optional":
      return `${returnAnnotation(type.value)} | None`;
    default:
      return argumentAnnotation(type);
  }
}

function tupleAnnotation(fields: readonly Field[]): string {
  return `tuple[${fields.map((field) => returnAnnotation(field.type)).join(", ")}]`;
}

export function resultAnnotation({ result, transfer }: FunctionDeclaration): string {
  if (transfer.kind === "stream") return `_Iterable[${returnAnnotation(transfer.item)}]`;
  if (transfer.kind === "bulk") return "bytes | bytearray | memoryview";
  return annotationOf(result);
}

function annotationOf(result: Result): string {
  if (result.kind === "nothing") return "None";
  if (result.kind === "single") return returnAnnotation(result.type);
  const tuple = tupleAnnotation(result.fields);
  return result.optional ? `${tuple} | None` : tuple;
}
