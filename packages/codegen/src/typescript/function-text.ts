/** A function of a generated module, for ts-morph. */
import { type FunctionDeclarationStructure, StructureKind } from "ts-morph";
import type { TypesModule } from "./types-module.js";

/** What the functions that pack a value of `type` take. */
export function packerParameters(types: TypesModule, type: string) {
  return {
    to: { name: "to", type: types.runtime("Writer") },
    at: { name: "at", type: "number" },
    value: { name: "value", type },
    from: { name: "from", type: types.runtime("Reader") },
  } as const;
}

export function functionOf(
  name: string,
  parameters: { readonly name: string; readonly type: string }[],
  returnType: string,
  lines: readonly string[],
): FunctionDeclarationStructure {
  // One text: between items of an array ts-morph would put empty lines.
  return { kind: StructureKind.Function, name, parameters, returnType, statements: lines.join("\n") };
}
