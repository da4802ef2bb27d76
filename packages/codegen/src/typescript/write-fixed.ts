/**
 * Writes the statements that put values of fixed size where there is room for them; and what writing of any
 * kind shares: loops over items, counts, paths around what may fail.
 */
import type { FloatType, IntegerType, Length, ListType, StructDeclaration, Type } from "@rpcgen/idl/model";
import { checkLines, isCheckedAtOnce, refusalOfNoObject } from "./check.js";
import { block, guarded, isConstant, pathText } from "./lines.js";
import type { NameScope } from "./module-names.js";
import { itemPosition, moved, type Position, positionText } from "./position.js";
import { isBigEndianList, isBytes, NUMBER_FORMATS, numberListFormat, typeText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";

const COUNT_BYTES = { u8: 1, u16: 2, u32: 4 } as const;

/** Writes the item at `index`, which the local `one` holds, and whose path is `place`. */
type ItemWriter = (index: string, one: string, place: string) => readonly string[];

export class FixedWriteWriter {
  readonly #types: TypesModule;
  readonly #locals: NameScope;

  constructor(types: TypesModule, locals: NameScope) {
    this.#types = types;
    this.#locals = locals;
  }

  /** What is checked at once, has been; all else is checked here. */
  value(type: Type, value: string, position: Position, path: string): string[] {
    const at = positionText(position);
    switch (type.kind) {
      case "integer":
      case "float":
        return [setNumber(type, at, value)];
      case "bool":
        return [setCount("view", "u8", at, `${value} ? 1 : 0`)];
      case "enum":
      case "flags":
        return [setNumber(type.declaration.base, at, value)];
      case "string": {
        const write = this.#types.runtime("writeFixedText");
        return this.located(path, (place) => [`${write}(to, ${at}, ${value}, ${place}, ${type.size.min});`]);
      }
      case "struct":
      case "union": {
        const call = `${this.#types.packer(type.declaration).write}(to, ${at}, ${value});`;
        return this.within(path, [call]);
      }
      case "bytes":
      case "list":
        if (numberListFormat(type) === null) return this.#items(type as ListType, value, position, path);
        return this.located(path, (place) => [`${this.numbers(type, { at, value, place })};`]);
      case "pad":
        return [
          `to.bytes.fill(0, ${at}, ${positionText({ ...position, offset: position.offset + type.count })});`,
        ];
      case "json":
      case "optional":
        throw new Error(`the model says that every ${type.kind} has the same size`);
    }
  }

  #items({ item, length }: ListType, value: string, position: Position, path: string): string[] {
    const check = this.#types.runtime("checkList");
    const body: ItemWriter = (index, one, place) =>
      this.item(item, one, itemPosition(position, index, item.size.min), place);
    return [
      ...this.located(path, (place) => [`${check}(${place}, ${value}, ${bounds(length)});`]),
      ...this.loop(item, { value, path }, body),
    ];
  }

  /** A loop over items, which checks those that are checked at once. */
  loop(item: Type, list: { readonly value: string; readonly path: string }, body: ItemWriter): string[] {
    const index = this.#locals.claimIndex();
    const one = this.#locals.claim("item");
    const place = `${list.path}[\${${index}}]`;
    const typed = `const ${one} = ${list.value}[${index}] as ${typeText(item, this.#types)};`;
    const check = isCheckedAtOnce(item)
      ? checkLines(this.#types, { type: item, range: null }, one, place)
      : [];
    const lines = [typed, ...check, ...body(index, one, place)];
    this.#locals.release(index, one);
    return block(`for (let ${index} = 0; ${index} < ${list.value}.length; ${index}++)`, lines);
  }

  /**
   * An item of fixed size. A plain struct of numbers is written where it stands: whether V8 inlines a function
   * into a loop depends on how large everything around it is.
   */
  item(type: Type, value: string, position: Position, place: string): string[] {
    if (type.kind !== "struct" || !isPlain(type.declaration)) return this.value(type, value, position, place);
    const { names, fields } = type.declaration;
    const start = this.#locals.claim(`${value}At`);
    const given = fields.map((field) => {
      const name = field.names.typescript;
      return { field, name, local: this.#locals.claim(name) };
    });
    const members = given.map(({ name, local }) => (name === local ? name : `${name}: ${local}`));
    let at: Position = { base: start, offset: 0 };
    const writes = given.flatMap(({ field: { type }, name, local }) => {
      const lines = this.value(type, local, at, name);
      at = moved(at, type.size.min);
      return lines;
    });
    this.#locals.release(start, ...given.map(({ local }) => local));
    // The path is put together outside: a template in the loop slows down all of it.
    return this.within(place, [
      refusalOfNoObject(this.#types, names.typescript, value, ""),
      `const { ${members.join(", ")} } = ${value};`,
      `const ${start} = ${positionText(position)};`,
      ...given.flatMap(({ field, name, local }) => checkLines(this.#types, field, local, name)),
      ...writes,
    ]);
  }

  /** The call that checks and writes a typed array and gives the offset behind it. */
  numbers(
    type: Type,
    { at, value, place }: { readonly at: string; readonly value: string; readonly place: string },
  ): string {
    const length = bounds((type as ListType).length);
    if (isBytes(type))
      return `${this.#types.runtime("writeBytes")}(to, ${at}, ${value}, ${place}, ${length})`;
    const write = this.#types.runtime(isBigEndianList(type) ? "writeNumbersBigEndian" : "writeNumbers");
    return `${write}(to, ${at}, ${value}, ${place}, ${numberListFormat(type)?.list}, ${length})`;
  }

  /** Statements that take a path: as it is, or put together only when they fail. */
  located(path: string, lines: (place: string) => string[]): string[] {
    if (isConstant(path)) return lines(pathText(path));
    return this.within(path, lines('""'));
  }

  /** What `lines` throw gets `path`, if it is any, in front of its own path. */
  within(path: string, lines: readonly string[]): string[] {
    return path === "" ? [...lines] : guarded(this.#types.runtime("within"), path, lines);
  }
}

const MOST_PLAIN_FIELDS = 16;

function isPlain({ fields }: StructDeclaration): boolean {
  return fields.length <= MOST_PLAIN_FIELDS && fields.every(({ type }) => isCheckedAtOnce(type));
}

export function usesView(lines: readonly string[]): boolean {
  return lines.some((line) => /(?<!to\.)\bview\./.test(line));
}

/** A tag or a member of an enum has the format of its base. */
export function setNumber({ name, bigEndian }: IntegerType | FloatType, at: string, value: string): string {
  const { accessor, bytes } = NUMBER_FORMATS[name];
  return `view.set${accessor}(${at}, ${value}${bytes > 1 && !bigEndian ? ", true" : ""});`;
}

/** A count or the like, which is always little-endian. */
export function setCount(view: string, name: "u8" | "u16" | "u32", at: string, value: string): string {
  const { accessor, bytes } = NUMBER_FORMATS[name];
  return `${view}.set${accessor}(${at}, ${value}${bytes > 1 ? ", true" : ""});`;
}

export function countBytes(length: Length): number {
  return length.kind === "bounded" ? COUNT_BYTES[length.count] : 0;
}

export function bounds(length: Length): string {
  if (length.kind === "fixed") return `${length.count}, ${length.count}`;
  return length.kind === "bounded" ? `0, ${length.max}` : "0, Infinity";
}
