/**
 * Writes the expressions and loops that read values of fixed size, whose bytes have been taken; and what
 * reading of any kind shares: loops over items, paths around what may fail.
 */
import type { Field, FloatType, IntegerType, ListType, Type } from "@rpcgen/idl/model";
import { block, guarded, indented, isConstant, pathText } from "./lines.js";
import type { NameScope } from "./module-names.js";
import { itemPosition, moved, type Position, positionText } from "./position.js";
import { assignTo, emit, type Sink } from "./sink.js";
import {
  isBigEndianList,
  isBytes,
  itemText,
  NUMBER_FORMATS,
  numberListFormat,
  typeText,
} from "./type-text.js";
import type { TypesModule } from "./types-module.js";

/** Reads the item at `index`, whose path is `place`, into `push`. */
export type ItemReader = (index: string, place: string, push: Sink) => string[];

export class FixedReadWriter {
  readonly #types: TypesModule;
  readonly #locals: NameScope;

  constructor(types: TypesModule, locals: NameScope) {
    this.#types = types;
    this.#locals = locals;
  }

  /** Reads a value at `position`, which has been taken. */
  value(type: Type, position: Position, path: string, sink: Sink): string[] {
    const at = positionText(position);
    switch (type.kind) {
      case "integer":
      case "float":
        return emit(sink, getNumber(type, at));
      case "bool": {
        const read = `${this.#types.runtime("readBool")}(view.getUint8(${at}), `;
        return this.located(path, sink, (place, inner) => emit(inner, `${read}${pathText(place)})`));
      }
      case "enum": {
        const number = getNumber(type.declaration.base, at);
        if (type.declaration.open) return emit(sink, number);
        const read = `${this.#types.enumReader(type.declaration)}(${number}, `;
        return this.located(path, sink, (place, inner) => emit(inner, `${read}${pathText(place)})`));
      }
      case "flags":
        return emit(sink, getNumber(type.declaration.base, at));
      case "string": {
        const read = `${this.#types.runtime("readFixedText")}(from, ${at}, ${type.size.min}, `;
        return this.located(path, sink, (place, inner) => emit(inner, `${read}${pathText(place)})`));
      }
      case "struct":
      case "union": {
        const call = `${this.#types.packer(type.declaration).read}(from, ${at})`;
        return canFail(type) ? this.guarded(path, sink, (inner) => emit(inner, call)) : emit(sink, call);
      }
      case "bytes":
      case "list": {
        const format = numberListFormat(type);
        if (format === null) return this.#fixedItems(type as ListType, position, path, sink);
        return emit(sink, this.numbers(type, at, String(type.size.min / format.bytes)));
      }
      case "pad":
        return [];
      case "json":
      case "optional":
        throw new Error(`the model says that every ${type.kind} has the same size`);
    }
  }

  #fixedItems({ item, size }: ListType, position: Position, path: string, sink: Sink): string[] {
    const count = String(size.min / item.size.min);
    const body: ItemReader = (index, place, push) =>
      this.item(item, itemPosition(position, index, item.size.min), place, push);
    return this.located(path, sink, (place, inner) => this.items(item, count, place, inner, body));
  }

  /** An item of fixed size. A plain struct of numbers is read where it stands, as it is written. */
  item(type: Type, position: Position, path: string, sink: Sink): string[] {
    if (type.kind !== "struct" || !type.declaration.fields.every(isPlain)) {
      return this.value(type, position, path, sink);
    }
    const start = this.#locals.claim("itemAt");
    let at: Position = { base: start, offset: 0 };
    const members = type.declaration.fields.flatMap(({ type, names }) => {
      const number = type.kind === "integer" || type.kind === "float" ? type : null;
      const member = number && `${names.typescript}: ${getNumber(number, positionText(at))},`;
      at = moved(at, type.size.min);
      return member ?? [];
    });
    const object = ["{", ...indented(members), "}"].join("\n");
    this.#locals.release(start);
    return [
      `const ${start} = ${positionText(position)};`,
      ...emit(sink, object).flatMap((text) => text.split("\n")),
    ];
  }

  /** A loop over `count` items, or for as long as anything is left. */
  items(item: Type, count: string | null, place: string, sink: Sink, body: ItemReader): string[] {
    const list = sink.kind === "const" ? sink.name : this.#locals.claim("list");
    const type = typeText(item, this.#types);
    const lines =
      count === null
        ? this.#itemsToTheEnd(list, type, place, body)
        : this.#countedItems(list, type, { count, place }, body);
    return [...lines, ...(sink.kind === "const" ? [] : [sink.make(list)])];
  }

  #itemsToTheEnd(list: string, type: string, place: string, body: ItemReader): string[] {
    const push: Sink = { kind: "statement", make: (value) => `${list}.push(${value});` };
    const lines = body(`${list}.length`, `${place}[\${${list}.length}]`, push);
    return [`const ${list}: ${itemText(type)}[] = [];`, ...block("while (from.left > 0)", lines)];
  }

  /** The count is known to fit in what is left, so room for all can be made at once. */
  #countedItems(
    list: string,
    type: string,
    { count, place }: { readonly count: string; readonly place: string },
    body: ItemReader,
  ): string[] {
    const index = this.#locals.claimIndex();
    const put: Sink = { kind: "statement", make: (value) => `${list}[${index}] = ${value};` };
    const lines = body(index, `${place}[\${${index}}]`, put);
    this.#locals.release(index);
    return [
      `const ${list} = new Array<${type}>(${count});`,
      ...block(`for (let ${index} = 0; ${index} < ${count}; ${index}++)`, lines),
    ];
  }

  /** `count` numbers at `at`, as their typed array. */
  numbers(type: Type, at: string, count: string): string {
    if (isBytes(type)) return `${this.#types.runtime("readBytes")}(from, ${at}, ${count})`;
    const read = this.#types.runtime(isBigEndianList(type) ? "readNumbersBigEndian" : "readNumbers");
    return `${read}(from, ${at}, ${count}, ${numberListFormat(type)?.list})`;
  }

  /** Hands on a path that is constant; one that has to be put together is left to a guard around it all. */
  located(path: string, sink: Sink, lines: (place: string, sink: Sink) => string[]): string[] {
    if (isConstant(path)) return lines(path, sink);
    return this.guarded(path, sink, (inner) => lines("", inner));
  }

  /** Puts `path` in front of that of whatever the lines throw. */
  guarded(path: string, sink: Sink, lines: (sink: Sink) => string[]): string[] {
    if (path === "") return lines(sink);
    const within = this.#types.runtime("within");
    if (sink.kind === "statement") return guarded(within, path, lines(sink));
    return [`let ${sink.name}: ${sink.type};`, ...guarded(within, path, lines(assignTo(sink.name)))];
  }
}

/** Any bytes are such a value, and one expression reads it. */
function isPlain({ type, range }: Field): boolean {
  return range === null && (type.kind === "integer" || type.kind === "float" || type.kind === "pad");
}

/** Not every sequence of as many bytes is such a value. */
function canFail(type: Type): boolean {
  switch (type.kind) {
    case "integer":
    case "float":
    case "bytes":
    case "flags":
    case "pad":
      return false;
    case "enum":
      return !type.declaration.open;
    case "list":
      return canFail(type.item);
    case "struct":
      return type.declaration.fields.some((field) => field.range !== null || canFail(field.type));
    default:
      return true;
  }
}

/** A tag or a member of an enum has the format of its base. */
export function getNumber({ name, bigEndian }: IntegerType | FloatType, at: string): string {
  const { accessor, bytes } = NUMBER_FORMATS[name];
  return `view.get${accessor}(${at}${bytes > 1 && !bigEndian ? ", true" : ""})`;
}
