/**
 * Writes the expressions and loops that read values of fixed size, whose bytes have been taken; and what
 * reading of any kind shares: loops over items, paths around what may fail.
 */
import type { ListType, Type } from "@rpcgen/idl/model";
import { block, guarded, isConstant, pathText } from "./lines.js";
import type { NameScope } from "./module-names.js";
import { assignTo, emit, type Sink } from "./sink.js";
import { itemText, NUMBER_FORMATS, numberListFormat, typeText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import { itemPosition, type Position, positionText } from "./write.js";

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
        return emit(sink, getNumber(type.name, at));
      case "bool": {
        const read = `${this.#types.runtime("readBool")}(${getNumber("u8", at)}, `;
        return this.located(path, sink, (place, inner) => emit(inner, `${read}${pathText(place)})`));
      }
      case "enum": {
        const number = getNumber(type.declaration.base.name, at);
        const read = `${this.#types.enumReader(type.declaration)}(${number}, `;
        return this.located(path, sink, (place, inner) => emit(inner, `${read}${pathText(place)})`));
      }
      case "string": {
        const read = `${this.#types.runtime("readFixedText")}(from, ${at}, ${type.size.min}, `;
        return this.located(path, sink, (place, inner) => emit(inner, `${read}${pathText(place)})`));
      }
      case "struct": {
        const call = `${this.#types.struct(type.declaration).read}(from, ${at})`;
        return canFail(type) ? this.guarded(path, sink, (inner) => emit(inner, call)) : emit(sink, call);
      }
      case "bytes":
      case "list": {
        const format = numberListFormat(type);
        if (format === null) return this.#fixedItems(type as ListType, position, path, sink);
        return emit(sink, this.numbers(at, String(type.size.min / format.bytes), format.list));
      }
      case "json":
      case "optional":
        throw new Error(`the model says that every ${type.kind} has the same size`);
    }
  }

  #fixedItems({ item, size }: ListType, position: Position, path: string, sink: Sink): string[] {
    const count = String(size.min / item.size.min);
    const body: ItemReader = (index, place, push) =>
      this.value(item, itemPosition(position, index, item.size.min), place, push);
    return this.located(path, sink, (place, inner) => this.items(item, count, place, inner, body));
  }

  /** A loop over `count` items, or for as long as anything is left. */
  items(item: Type, count: string | null, place: string, sink: Sink, body: ItemReader): string[] {
    const list = sink.kind === "const" ? sink.name : this.#locals.claim("list");
    const index = count === null ? `${list}.length` : this.#locals.claimIndex();
    const push: Sink = { kind: "statement", make: (value) => `${list}.push(${value});` };
    const lines = body(index, `${place}[\${${index}}]`, push);
    const head =
      count === null ? "while (from.left > 0)" : `for (let ${index} = 0; ${index} < ${count}; ${index}++)`;
    const start = `const ${list}: ${itemText(typeText(item, this.#types))}[] = [];`;
    this.#locals.release(index);
    return [start, ...block(head, lines), ...(sink.kind === "const" ? [] : [sink.make(list)])];
  }

  /** `count` numbers at `at`, as their typed array. */
  numbers(at: string, count: string, list: string): string {
    if (list === NUMBER_FORMATS.u8.list) return `${this.#types.runtime("readBytes")}(from, ${at}, ${count})`;
    return `${this.#types.runtime("readNumbers")}(from, ${at}, ${count}, ${list})`;
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

/** Not every sequence of as many bytes is such a value. */
function canFail(type: Type): boolean {
  switch (type.kind) {
    case "integer":
    case "float":
    case "bytes":
      return false;
    case "list":
      return canFail(type.item);
    case "struct":
      return type.declaration.fields.some((field) => canFail(field.type));
    default:
      return true;
  }
}

function getNumber(name: keyof typeof NUMBER_FORMATS, at: string): string {
  const { accessor, bytes } = NUMBER_FORMATS[name];
  return `view.get${accessor}(${at}${bytes > 1 ? ", true" : ""})`;
}
