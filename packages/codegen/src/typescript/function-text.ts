/** A function of a generated module: its parameters, and what most of them have in common. */
import type { FunctionStatement, Parameter } from "./statement.js";
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

/** One that is not exported and speaks for itself. */
export function functionOf(
  name: string,
  parameters: readonly Parameter[],
  returnType: string,
  body: readonly string[],
): FunctionStatement {
  return { kind: "function", name, parameters, returnType, body, isExported: false, doc: [] };
}
