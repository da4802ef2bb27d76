/** Types as annotations of the `.pyi` file. What a handler may return is wider than what it is given. */
import type {
  Field,
  FunctionDeclaration,
  Model,
  Result,
  StructDeclaration,
  Type,
  UnionDeclaration,
} from "@rpcgen/idl/model";
import { moduleName } from "./name-for-python.js";
import { createNameScope } from "./name-scope.js";
import { numberOf } from "./number-packing.js";
import { pythonString } from "./python-text.js";
import { valueFields } from "./record-steps.js";

export interface Annotations {
  /** Of what a handler is given. */
  given(type: Type): string;
  /** Of what a handler returns. */
  returned(declaration: FunctionDeclaration): string;
  /** Names that the annotations use, with what they stand for. Without them nested types would grow beyond measure. */
  readonly aliases: readonly { readonly name: string; readonly annotation: string }[];
}

/** `taken`: every name at the top of the file. */
export function createAnnotations({ declarations }: Model, taken: Iterable<string>): Annotations {
  const scope = createNameScope(taken);
  const wide = new Map<StructDeclaration | UnionDeclaration, string>();
  const pairs = new Map<UnionDeclaration, string>();
  for (const it of declarations) {
    if (it.kind === "union") pairs.set(it, scope.take(`_${moduleName(it)}`));
    if (it.kind === "union" || it.kind === "struct") wide.set(it, scope.take(`_Any${moduleName(it)}`));
  }

  function given(type: Type): string {
    const number = numberOf(type);
    if (number !== null) return number.kind === "float" || number.kind === "bool" ? number.kind : "int";
    switch (type.kind) {
      case "bytes":
        return "memoryview";
      case "string":
        return "str";
      case "struct":
        return moduleName(type.declaration);
      case "union":
        return pairs.get(type.declaration) ?? "_Any";
      case "list":
        return givenList(type.item);
      case "optional":
        return `${given(type.value)} | None`;
      default:
        return "_Any";
    }
  }

  function givenList(item: Type): string {
    const number = numberOf(item);
    const isArray = number?.kind === "integer" || number?.kind === "float";
    return `${isArray ? "_array" : "list"}[${given(item)}]`;
  }

  function taking(type: Type): string {
    switch (type.kind) {
      case "bytes":
        return "bytes | bytearray | memoryview";
      case "struct":
      case "union":
        return wide.get(type.declaration) ?? "_Any";
      case "list":
        return `_Sequence[${taking(type.item)}]`;
      case "optional":
        return `${taking(type.value)} | None`;
      default:
        return given(type);
    }
  }

  const tupleOf = (fields: readonly Field[]) =>
    `tuple[${
      valueFields(fields)
        .map((field) => taking(field.type))
        .join(", ") || "()"
    }]`;

  function variantsOf({ variants }: UnionDeclaration, spell: (type: Type) => string): string {
    const one = (name: string, type: Type | null) =>
      `tuple[_Literal[${pythonString(name)}], ${type === null ? "None" : spell(type)}]`;
    return variants.map(({ names, type }) => one(names.source, type)).join(" | ");
  }

  function answer(result: Result): string {
    if (result.kind === "nothing") return "None";
    if (result.kind === "single") return taking(result.type);
    return `${tupleOf(result.fields)}${result.optional ? " | None" : ""}`;
  }

  return {
    given,
    returned({ result, transfer }) {
      if (transfer.kind === "call") return answer(result);
      const parts = result.kind === "nothing" ? [] : [answer(result)];
      if (transfer.kind === "stream") parts.push(`_Iterable[${taking(transfer.item)}]`);
      if (transfer.kind === "bulk") parts.push("bytes | bytearray | memoryview");
      if (transfer.kind === "accept") {
        parts.push(`_Callable[[${given(transfer.item)}], object]`, "_Callable[[bool], object]");
      }
      return parts.length === 1 ? (parts[0] ?? "") : `tuple[${parts.join(", ")}]`;
    },
    aliases: [
      ...[...pairs].map(([union, name]) => ({ name, annotation: variantsOf(union, given) })),
      ...[...wide].map(([it, name]) => ({
        name,
        annotation:
          it.kind === "union" ? variantsOf(it, taking) : `${moduleName(it)} | ${tupleOf(it.fields)}`,
      })),
    ],
  };
}
