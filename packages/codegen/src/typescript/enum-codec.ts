/** Writes the test for members of an enum, and the check of a number from the wire. */
import type { EnumDeclaration } from "@rpcgen/idl/model";
import { functionOf } from "./function-text.js";
import { block, withArticle } from "./lines.js";
import type { FunctionStatement } from "./statement.js";
import { isBigint, memberLiterals, stringText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";

/** The exported test, and the check of a number from the wire where any code asks for it. */
export function enumFunctions(types: TypesModule, declaration: EnumDeclaration): FunctionStatement[] {
  const type = types.declared(declaration);
  const cases = memberLiterals(declaration).map((literal) => `case ${literal}:`);
  const test = types.enumTest(declaration);
  const body = block("switch (value)", [...cases, "  return true;", "default:", "  return false;"]);
  const is: FunctionStatement = {
    ...functionOf(
      test,
      [{ name: "value", type: "unknown" }],
      `value is ${declaration.open ? `(typeof ${type})[keyof typeof ${type}]` : type}`,
      body,
    ),
    isExported: true,
    doc: [`Is it one of the members of ${type}?`],
  };
  if (!types.isRead(declaration)) return [is];
  const wanted = stringText(withArticle(declaration.names.typescript));
  const number = isBigint(declaration.base.name) ? "bigint" : "number";
  const read = functionOf(
    types.enumReader(declaration),
    [
      { name: "value", type: number },
      { name: "path", type: "string" },
    ],
    type,
    [`if (${test}(value)) return value;`, `throw ${types.runtime("misfit")}(path, value, ${wanted});`],
  );
  return [is, read];
}
