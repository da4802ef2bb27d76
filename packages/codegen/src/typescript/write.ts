/**
 * Writes the statements that put a checked value into the buffer: at constant offsets for as long as
 * sizes are known, behind a moving `at` afterwards. The buffer begins as zeros.
 */
import type { Field, FloatType, IntegerType, Length, ListType, OptionalType, Type } from "@rpcgen/idl/model";
import { block, indented } from "./lines.js";
import { countBytes } from "./measure.js";
import type { NameScope } from "./module-names.js";
import {
  isBigEndianList,
  isBytes,
  isFixed,
  NUMBER_FORMATS,
  numberListFormat,
  typeText,
} from "./type-text.js";
import type { TypesModule } from "./types-module.js";

/** Where to write: an expression, empty for 0, and a constant on top. */
export interface Position {
  readonly base: string;
  readonly offset: number;
}

export function positionText({ base, offset }: Position): string {
  if (base === "") return String(offset);
  return offset === 0 ? base : `${base} + ${offset}`;
}

export function moved({ base, offset }: Position, by: number): Position {
  return { base, offset: offset + by };
}

/** Position of item `index` in a list of items of `size` bytes. */
export function itemPosition({ base, offset }: Position, index: string, size: number): Position {
  const distance = size === 1 ? index : `${size} * ${index}`;
  return { base: base === "" ? distance : `${base} + ${distance}`, offset };
}

export class WriteWriter {
  readonly #types: TypesModule;
  readonly #locals: NameScope;
  readonly #lines: string[] = [];
  #position: Position;

  /** `base` is `at` where the function has such a parameter, else empty: the message starts at `offset`. */
  constructor(types: TypesModule, locals: NameScope, base: "" | "at", offset: number) {
    this.#types = types;
    this.#locals = locals;
    this.#position = { base, offset };
  }

  fields(fields: readonly Field[], expressionOf: (field: Field, index: number) => string): void {
    for (const [i, field] of fields.entries()) this.value(field.type, expressionOf(field, i));
  }

  value(type: Type, value: string): void {
    if (isFixed(type)) {
      this.#lines.push(...this.#fixed(type, value, this.#position));
      this.#position = moved(this.#position, type.size.min);
    } else {
      this.#variable(type, value);
    }
  }

  /** All statements; the last offset is returned if the function gives it, or else not worked out. */
  finish(end: "return" | "drop"): string[] {
    const lines = [...this.#lines];
    const last = /^(?:let )?at = (.*);$/.exec(lines.at(-1) ?? "")?.[1];
    if (end === "return") {
      if (last === undefined || this.#position.offset > 0)
        return [...lines, `return ${positionText(this.#position)};`];
      return [...lines.slice(0, -1), `return ${last};`];
    }
    if (last === undefined || this.#position.offset > 0) return lines;
    return last.endsWith(")") ? [...lines.slice(0, -1), `${last};`] : lines.slice(0, -1);
  }

  #fixed(type: Type, value: string, position: Position): string[] {
    const at = positionText(position);
    switch (type.kind) {
      case "integer":
      case "float":
        return [setNumber(type, at, value)];
      case "bool":
        return [setCount("u8", at, `${value} ? 1 : 0`)];
      case "enum":
      case "flags":
        return [setNumber(type.declaration.base, at, value)];
      case "string":
        return [`${this.#types.runtime("writeText")}(to, ${at}, ${value});`];
      case "struct":
      case "union":
        return [`${this.#types.packer(type.declaration).write}(to, ${at}, ${value});`];
      case "bytes":
      case "list":
        if (numberListFormat(type) !== null) {
          return [`${this.#writer(type)}(to, ${at}, ${value});`];
        }
        return this.#fixedItems((type as ListType).item, value, position);
      case "pad":
        return [];
      case "json":
      case "optional":
        throw new Error(`the model says that every ${type.kind} has the same size`);
    }
  }

  #fixedItems(item: Type, value: string, position: Position): string[] {
    return this.#loop(item, value, (index, one) =>
      this.#fixed(item, one, itemPosition(position, index, item.size.min)),
    );
  }

  #loop(item: Type, value: string, body: (index: string, one: string) => readonly string[]): string[] {
    const index = this.#locals.claimIndex();
    const one = this.#locals.claim("item");
    const typed = `const ${one} = ${value}[${index}] as ${typeText(item, this.#types)};`;
    const head = `for (let ${index} = 0; ${index} < ${value}.length; ${index}++)`;
    const lines = block(head, [typed, ...body(index, one)]);
    this.#locals.release(index, one);
    return lines;
  }

  #variable(type: Type, value: string): void {
    switch (type.kind) {
      case "string":
        this.#text(type.length, value);
        break;
      case "json":
        this.#assign(`${this.#types.runtime("writeJson")}(to, ${this.#at}, ${value})`);
        break;
      case "struct":
      case "union":
        this.#assign(`${this.#types.packer(type.declaration).write}(to, ${this.#at}, ${value})`);
        break;
      case "optional":
        this.#optional(type, value);
        break;
      case "bytes":
      case "list":
        this.#count(type.length, `${value}.length`);
        if (numberListFormat(type) === null) this.#items(type as ListType, value);
        else this.#assign(`${this.#writer(type)}(to, ${this.#at}, ${value})`);
        break;
      default:
        throw new Error(`the model says that ${type.kind} varies in size`);
    }
  }

  /** A text says how many bytes it took only after it was written. */
  #text(length: Length, value: string): void {
    const start = positionText(moved(this.#position, countBytes(length)));
    const write = `${this.#types.runtime("writeText")}(to, ${start}, ${value})`;
    if (length.kind !== "bounded") {
      this.#assign(write);
      return;
    }
    const end = this.#locals.claim(`${/\w+$/.exec(value)?.[0] ?? ""}End`);
    this.#lines.push(`const ${end} = ${write};`);
    this.#lines.push(setCount(length.count, this.#at, `${end} - ${start.replaceAll(" + ", " - ")}`));
    this.#assign(end);
  }

  #count(length: Length, count: string): void {
    if (length.kind !== "bounded") return;
    this.#lines.push(setCount(length.count, this.#at, count));
    this.#position = moved(this.#position, countBytes(length));
  }

  #items({ item }: ListType, value: string): void {
    if (isFixed(item)) {
      this.#lines.push(...this.#fixedItems(item, value, this.#position));
      const size = item.size.min === 1 ? `${value}.length` : `${item.size.min} * ${value}.length`;
      this.#assign(`${this.#at} + ${size}`);
      return;
    }
    this.#settle();
    const lines = this.#loop(item, value, (_, one) => this.#nested(0, (inner) => inner.value(item, one)));
    this.#lines.push(...lines);
  }

  #optional({ form, value: type }: OptionalType, value: string): void {
    this.#settle();
    const present = this.#nested(form === "presence" ? 1 : 0, (inner) => inner.value(type, value));
    if (form === "tail") {
      this.#lines.push(...block(`if (${value} !== null)`, present));
      return;
    }
    const marked = [setCount("u8", "at", "1"), ...present];
    this.#lines.push(...block(`if (${value} !== null)`, marked, "} else {"), ...indented(["at += 1;"]), "}");
  }

  /** Statements of a block, which leaves `at` behind what it wrote. */
  #nested(offset: number, write: (inner: WriteWriter) => void): string[] {
    const inner = new WriteWriter(this.#types, this.#locals, "at", offset);
    write(inner);
    inner.#settle();
    return inner.#lines;
  }

  #writer(type: Type): string {
    if (isBytes(type)) return this.#types.runtime("writeBytes");
    return this.#types.runtime(isBigEndianList(type) ? "writeNumbersBigEndian" : "writeNumbers");
  }

  get #at(): string {
    return positionText(this.#position);
  }

  /** Makes `at` a variable that says where the next byte goes. */
  #settle(): void {
    if (this.#position.base === "") this.#lines.push(`let at = ${this.#position.offset};`);
    else if (this.#position.offset > 0) this.#lines.push(`at += ${this.#position.offset};`);
    this.#position = { base: "at", offset: 0 };
  }

  #assign(end: string): void {
    this.#lines.push(this.#position.base === "" ? `let at = ${end};` : `at = ${end};`);
    this.#position = { base: "at", offset: 0 };
  }
}

/** A tag or a member of an enum has the format of its base. */
export function setNumber({ name, bigEndian }: IntegerType | FloatType, at: string, value: string): string {
  const { accessor, bytes } = NUMBER_FORMATS[name];
  return `view.set${accessor}(${at}, ${value}${bytes > 1 && !bigEndian ? ", true" : ""});`;
}

/** A count or the like, which is always little-endian. */
function setCount(name: "u8" | "u16" | "u32", at: string, value: string): string {
  const { accessor, bytes } = NUMBER_FORMATS[name];
  return `view.set${accessor}(${at}, ${value}${bytes > 1 ? ", true" : ""});`;
}
