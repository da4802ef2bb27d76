/**
 * Writes the checks of a value that is about to be encoded, and the sum of what its parts add to a size.
 * After them nothing that is written can fail or leave the buffer.
 */
import type {
  EnumDeclaration,
  Field,
  IntegerName,
  IntegerType,
  Length,
  ListType,
  OptionalType,
  Type,
} from "@rpcgen/idl/model";
import { block, guarded, isConstant, pathText, withArticle } from "./lines.js";
import type { NameScope } from "./module-names.js";
import { encodedRangeLines } from "./range-check.js";
import { isBigint, isBytes, isFixed, numberListFormat, stringText, typeText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";

export const COUNT_BYTES = { u8: 1, u16: 2, u32: 4 } as const;

/** What a value adds to the size of its message: always, and (in the lines, as `size += …`) by what it holds. */
export interface Measured {
  readonly fixed: number;
  readonly lines: readonly string[];
}

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

export class MeasureWriter {
  readonly #types: TypesModule;
  readonly #locals: NameScope;

  constructor(types: TypesModule, locals: NameScope) {
    this.#types = types;
    this.#locals = locals;
  }

  /** Fields in order; `expressionOf` gives the expression that holds one. */
  fields(fields: readonly Field[], expressionOf: (field: Field, index: number) => string): Measured {
    return sumOf(fields.map((field, i) => this.field(field, expressionOf(field, i), field.names.typescript)));
  }

  /** A value that may have a range. */
  field({ type, range }: Pick<Field, "type" | "range">, value: string, path: string): Measured {
    const { fixed, lines } = this.value(type, value, path);
    return { fixed, lines: [...lines, ...encodedRangeLines(this.#types, { type, range }, value, path)] };
  }

  value(type: Type, value: string, path: string): Measured {
    switch (type.kind) {
      case "integer": {
        const wanted = withArticle(type.name) + (isBigint(type.name) ? " (bigint)" : "");
        return this.#refused(type, isNoInteger(type, value), value, path, wanted);
      }
      case "float": {
        const test =
          type.name === "f32" ? `!${this.#runtime("isF32")}(${value})` : `typeof ${value} !== "number"`;
        return this.#refused(type, test, value, path, withArticle(type.name));
      }
      case "bool":
        return this.#refused(type, `typeof ${value} !== "boolean"`, value, path, "a bool");
      case "enum": {
        const test = this.#isNoMember(type.declaration, value);
        return this.#refused(type, test, value, path, withArticle(type.declaration.names.typescript));
      }
      case "flags": {
        const test = isNoInteger(type.declaration.base, value);
        return this.#refused(type, test, value, path, withArticle(type.declaration.names.typescript));
      }
      case "string":
        return this.#text(type.length, value, path);
      case "json":
        return {
          fixed: 0,
          lines: this.#sized(path, (at) => `${this.#runtime("measureJson")}(${at}, ${value})`),
        };
      case "bytes":
      case "list":
        return numberListFormat(type) !== null
          ? this.#numbers(type, value, path)
          : this.#list(type as ListType, value, path);
      case "optional":
        return this.#optional(type, value, path);
      case "pad":
        return { fixed: type.count, lines: [] };
      case "struct":
      case "union": {
        const call = `${this.#types.packer(type.declaration).measure}(${value});`;
        if (isFixed(type)) return { fixed: type.size.min, lines: this.#guarded(path, call) };
        return { fixed: 0, lines: this.#guarded(path, `size += ${call}`) };
      }
    }
  }

  /** Of an open enum, any number of its base will do. */
  #isNoMember(declaration: EnumDeclaration, value: string): string {
    if (declaration.open) return isNoInteger(declaration.base, value);
    return `!${this.#types.enumTest(declaration)}(${value})`;
  }

  #refused(type: Type, test: string, value: string, path: string, wanted: string): Measured {
    const error = `${this.#runtime("misfit")}(${pathText(path)}, ${value}, ${stringText(wanted)})`;
    return { fixed: type.size.min, lines: [`if (${test}) throw ${error};`] };
  }

  #text(length: Length, value: string, path: string): Measured {
    if (length.kind === "fixed") {
      const check = this.#runtime("checkFixedText");
      return {
        fixed: length.count,
        lines: this.#called(path, (at) => `${check}(${at}, ${value}, ${length.count});`),
      };
    }
    const max = length.kind === "bounded" ? String(length.max) : "Infinity";
    const lines = this.#sized(path, (at) => `${this.#runtime("measureText")}(${at}, ${value}, ${max})`);
    return { fixed: countBytes(length), lines };
  }

  #numbers(type: Extract<Type, { kind: "bytes" | "list" }>, value: string, path: string): Measured {
    const list = isBytes(type) ? "" : `, ${numberListFormat(type)?.list}`;
    const measure = this.#runtime(isBytes(type) ? "measureBytes" : "measureNumbers");
    const call = (at: string) => `${measure}(${at}, ${value}${list}, ${bounds(type.length)})`;
    if (isFixed(type)) return { fixed: type.size.min, lines: this.#called(path, (at) => `${call(at)};`) };
    return { fixed: countBytes(type.length), lines: this.#sized(path, call) };
  }

  #list({ item, length }: ListType, value: string, path: string): Measured {
    const check = this.#called(
      path,
      (at) => `${this.#runtime("checkList")}(${at}, ${value}, ${bounds(length)});`,
    );
    const index = this.#locals.claimIndex();
    const one = this.#locals.claim("item");
    const inner = this.value(item, one, `${path}[\${${index}}]`);
    const typed = `const ${one} = ${value}[${index}] as ${typeText(item, this.#types)};`;
    const loop = block(`for (let ${index} = 0; ${index} < ${value}.length; ${index}++)`, [
      typed,
      ...inner.lines,
    ]);
    this.#locals.release(index, one);
    if (length.kind === "fixed") return { fixed: inner.fixed * length.count, lines: [...check, ...loop] };
    const factor = inner.fixed === 1 ? "" : `${inner.fixed} * `;
    const sum = inner.fixed === 0 ? [] : [`size += ${factor}${value}.length;`];
    return { fixed: countBytes(length), lines: [...check, ...sum, ...loop] };
  }

  #optional({ form, value: type }: OptionalType, value: string, path: string): Measured {
    const inner = this.value(type, value, path);
    const sum = inner.fixed === 0 ? [] : [`size += ${inner.fixed};`];
    return {
      fixed: form === "presence" ? 1 : 0,
      lines: block(`if (${value} !== null)`, [...inner.lines, ...sum]),
    };
  }

  #sized(path: string, call: (at: string) => string): string[] {
    return this.#called(path, (at) => `size += ${call(at)};`);
  }

  /** A statement that takes a path: as it is, or put together only when it fails. */
  #called(path: string, statement: (at: string) => string): string[] {
    if (isConstant(path)) return [statement(pathText(path))];
    return this.#guarded(path, statement('""'));
  }

  #guarded(path: string, statement: string): string[] {
    return path === "" ? [statement] : guarded(this.#runtime("within"), path, [statement]);
  }

  #runtime(name: Parameters<TypesModule["runtime"]>[0]): string {
    return this.#types.runtime(name);
  }
}

/** Several values, one after another. */
export function sumOf(parts: readonly Measured[]): Measured {
  return {
    fixed: parts.reduce((sum, part) => sum + part.fixed, 0),
    lines: parts.flatMap(({ lines }) => lines),
  };
}

function isNoInteger({ name }: IntegerType, value: string): string {
  const wrongType = `typeof ${value} !== "${isBigint(name) ? "bigint" : "number"}"`;
  return `${wrongType} || ${INTEGER_TESTS[name](value)}`;
}

export function countBytes(length: Length): number {
  return length.kind === "bounded" ? COUNT_BYTES[length.count] : 0;
}

function bounds(length: Length): string {
  if (length.kind === "fixed") return `${length.count}, ${length.count}`;
  return length.kind === "bounded" ? `0, ${length.max}` : "0, Infinity";
}
