/**
 * Writes the checks of values that are about to be encoded and that one statement checks: numbers, bools,
 * enums and flags. `DataView` refuses none that does not fit. Everything else is checked where it is written.
 */
import type { EnumDeclaration, Field, IntegerName, IntegerType, Type } from "@rpcgen/idl/model";
import { pathText, withArticle } from "./lines.js";
import { encodedRangeLines } from "./range-check.js";
import { isBigint, stringText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";

/** True where a number `value` is not what the type takes. */
const INTEGER_TESTS: Readonly<Record<IntegerName, (value: string) => string>> = {
  u8: (value) => `(${value} & 0xff) !== ${value}`,
  u16: (value) => `(${value} & 0xffff) !== ${value}`,
  u32: (value) => `${value} >>> 0 !== ${value}`,
  i8: (value) => `(${value} << 24) >> 24 !== ${value}`,
  i16: (value) => `(${value} << 16) >> 16 !== ${value}`,
  i32: (value) => `(${value} | 0) !== ${value}`,
  u64: (value) => `BigInt.asUintN(64, ${value}) !== ${value}`,
  i64: (value) => `BigInt.asIntN(64, ${value}) !== ${value}`,
};

/** The check of a value and of the range that it may have; none where it is checked as it is written. */
export function checkLines(
  types: TypesModule,
  { type, range }: Pick<Field, "type" | "range">,
  value: string,
  path: string,
): string[] {
  const check = checkOf(types, type, value);
  const ranges = encodedRangeLines(types, { type, range }, value, path);
  if (check === null) return ranges;
  const error = `${types.runtime("misfit")}(${pathText(path)}, ${value}, ${stringText(check.wanted)})`;
  return [`if (${check.test}) throw ${error};`, ...ranges];
}

/** The statement that refuses what is no struct or union of that name. */
export function refusalOfNoObject(types: TypesModule, name: string, value: string, path: string): string {
  const error = `${types.runtime("misfit")}(${pathText(path)}, ${value}, ${stringText(withArticle(name))})`;
  return `if (typeof ${value} !== "object" || ${value} === null) throw ${error};`;
}

/** Whether `checkLines` is all there is to check. */
export function isCheckedAtOnce({ kind }: Type): boolean {
  return kind === "integer" || kind === "float" || kind === "bool" || kind === "enum" || kind === "flags";
}

interface Check {
  /** True where the value is not what the type takes. */
  readonly test: string;
  readonly wanted: string;
}

function checkOf(types: TypesModule, type: Type, value: string): Check | null {
  switch (type.kind) {
    case "integer": {
      const wanted = withArticle(type.name) + (isBigint(type.name) ? " (bigint)" : "");
      return { test: isNoInteger(type, value), wanted };
    }
    case "float": {
      const test =
        type.name === "f32" ? `!${types.runtime("isF32")}(${value})` : `typeof ${value} !== "number"`;
      return { test, wanted: withArticle(type.name) };
    }
    case "bool":
      return { test: `typeof ${value} !== "boolean"`, wanted: "a bool" };
    case "enum":
      return {
        test: isNoMember(types, type.declaration, value),
        wanted: withArticle(type.declaration.names.typescript),
      };
    case "flags":
      return {
        test: isNoInteger(type.declaration.base, value),
        wanted: withArticle(type.declaration.names.typescript),
      };
    default:
      return null;
  }
}

/** Of an open enum, any number of its base will do. */
function isNoMember(types: TypesModule, declaration: EnumDeclaration, value: string): string {
  if (declaration.open) return isNoInteger(declaration.base, value);
  return `!${types.enumTest(declaration)}(${value})`;
}

function isNoInteger({ name }: IntegerType, value: string): string {
  const wrongType = `typeof ${value} !== "${isBigint(name) ? "bigint" : "number"}"`;
  return `${wrongType} || ${INTEGER_TESTS[name](value)}`;
}
