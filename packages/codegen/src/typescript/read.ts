/**
 * Writes the statements that take a value out of a message. Runs of fixed size are taken at once and read
 * at constant offsets; whatever has a size of its own is taken before it is read.
 */
import type { BytesType, Field, Length, ListType, OptionalType, Type } from "@rpcgen/idl/model";
import { block, pathText } from "./lines.js";
import type { NameScope } from "./module-names.js";
import { itemPosition, moved, type Position } from "./position.js";
import { decodedRangeLines } from "./range-check.js";
import { FixedReadWriter, type ItemReader } from "./read-fixed.js";
import { assignTo, emit, type Sink } from "./sink.js";
import { isFixed, numberListFormat, typeText, valuedFields, valueText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";

export interface FieldReads {
  readonly lines: readonly string[];
  /** Of the locals that hold the values, in order. */
  readonly names: readonly string[];
}

export class ReadWriter {
  readonly #types: TypesModule;
  readonly #locals: NameScope;
  readonly #fixed: FixedReadWriter;

  constructor(types: TypesModule, locals: NameScope) {
    this.#types = types;
    this.#locals = locals;
    this.#fixed = new FixedReadWriter(types, locals);
  }

  /** Reads fields in order into constants; gives the statements, and the names of those that have a value. */
  fields(fields: readonly Field[]): FieldReads {
    const locals = this.#claimed(fields);
    const lines: string[] = [];
    for (let i = 0; i < fields.length; ) {
      const run = fixedRun(fields, i);
      const first = fields[i] as Field;
      if (run.length > 0) lines.push(...this.#run(run, locals));
      else lines.push(...this.#field(first, locals.get(first) as string));
      i += Math.max(run.length, 1);
    }
    return { lines, names: [...locals.values()] };
  }

  /** A local for each field that has a value. */
  #claimed(fields: readonly Field[]): ReadonlyMap<Field, string> {
    return new Map(valuedFields(fields).map((field) => [field, this.#locals.claim(field.names.typescript)]));
  }

  /** Reads fields of fixed size at `position`, which have been taken. */
  fixedFields(fields: readonly Field[], position: Position): FieldReads {
    const locals = this.#claimed(fields);
    return { lines: this.#fixedFields(fields, locals, position), names: [...locals.values()] };
  }

  /** Reads one value from where the reader stands. */
  value(type: Type, path: string, sink: Sink): string[] {
    if (isFixed(type)) {
      return this.#fixed.located(path, sink, (place, inner) => {
        const start = this.#locals.claim(named(place, "At"));
        const take = `const ${start} = from.take(${type.size.min}, ${pathText(place)});`;
        return [take, ...this.#fixed.value(type, { base: start, offset: 0 }, place, inner)];
      });
    }
    switch (type.kind) {
      case "string":
        return this.#text(type.length, path, sink);
      case "bytes":
      case "list":
        return this.#list(type, path, sink);
      case "json": {
        const read = this.#types.runtime("readJson");
        return this.#fixed.located(path, sink, (place, inner) =>
          emit(inner, `${read}(from, ${pathText(place)})`),
        );
      }
      case "struct":
      case "union": {
        const { read } = this.#types.packer(type.declaration);
        return this.#fixed.guarded(path, sink, (inner) => emit(inner, `${read}(from)`));
      }
      case "optional":
        return this.#optional(type, path, sink);
      default:
        throw new Error(`the model says that ${type.kind} varies in size`);
    }
  }

  #run(run: readonly Field[], locals: ReadonlyMap<Field, string>): string[] {
    const size = run.reduce((sum, { type }) => sum + type.size.min, 0);
    const first = (run[0] as Field).names.typescript;
    const at = this.#locals.claim(named(first, "At"));
    const take = `const ${at} = from.take(${size}, ${pathText(first)});`;
    const reads = this.#fixedFields(run, locals, { base: at, offset: 0 });
    return reads.length > 0 ? [take, ...reads] : [`from.take(${size}, ${pathText(first)});`];
  }

  #fixedFields(fields: readonly Field[], locals: ReadonlyMap<Field, string>, start: Position): string[] {
    let position = start;
    return fields.flatMap((field) => {
      const { type, names } = field;
      const at = position;
      position = moved(position, type.size.min);
      const name = locals.get(field);
      if (name === undefined) return [];
      const sink = { kind: "const", name, type: typeText(type, this.#types) } as const;
      const lines = this.#fixed.value(type, at, names.typescript, sink);
      return [...lines, ...decodedRangeLines(this.#types, field, name)];
    });
  }

  /** One that varies in size, or that an older caller did not send. */
  #field(field: Field, name: string): string[] {
    return [...this.#unchecked(field, name), ...decodedRangeLines(this.#types, field, name)];
  }

  #unchecked({ type, names: { typescript }, defaultValue }: Field, name: string): string[] {
    const text = typeText(type, this.#types);
    if (defaultValue === null) return this.value(type, typescript, { kind: "const", name, type: text });
    const sent = type.kind === "optional" && type.form === "tail" ? type.value : type;
    const start = `let ${name}: ${text} = ${valueText(defaultValue, type, this.#types)};`;
    return [start, ...block("if (from.left > 0)", this.value(sent, typescript, assignTo(name)))];
  }

  #text(length: Length, path: string, sink: Sink): string[] {
    return this.#fixed.located(path, sink, (place, inner) => {
      const { lines, count, start } = this.#takeItems(length, place, 1);
      const read = this.#types.runtime("readText");
      return [...lines, ...emit(inner, `${read}(from, ${start}, ${count}, ${pathText(place)})`)];
    });
  }

  #list(type: ListType | BytesType, path: string, sink: Sink): string[] {
    const format = numberListFormat(type);
    return this.#fixed.located(path, sink, (place, inner) => {
      if (format !== null) {
        const { lines, count, start } = this.#takeItems(type.length, place, format.bytes);
        return [...lines, ...emit(inner, this.#fixed.numbers(type, start, count))];
      }
      const { item, length } = type as ListType;
      if (isFixed(item)) {
        const { lines, count, start } = this.#takeItems(length, place, item.size.min);
        const body: ItemReader = (index, one, push) =>
          this.#fixed.item(item, itemPosition({ base: start, offset: 0 }, index, item.size.min), one, push);
        return [...lines, ...this.#fixed.items(item, count, place, inner, body)];
      }
      return this.#variableItems(item, length, place, inner);
    });
  }

  #variableItems(item: Type, length: Length, place: string, sink: Sink): string[] {
    const body: ItemReader = (_, one, push) => this.value(item, one, push);
    if (length.kind === "tail") return this.#fixed.items(item, null, place, sink, body);
    if (length.kind === "fixed") return this.#fixed.items(item, String(length.count), place, sink, body);
    const count = this.#locals.claim(named(place, "Count"));
    const line = `const ${count} = ${countText(length, place, item.size.min)};`;
    return [line, ...this.#fixed.items(item, count, place, sink, body)];
  }

  /** Takes as many items of one size as there are; names the constants that say how many, and where. */
  #takeItems(length: Length, place: string, itemSize: number) {
    const count = this.#locals.claim(named(place, "Count"));
    const start = this.#locals.claim(named(place, "At"));
    const size = itemSize === 1 ? count : `${itemSize} * ${count}`;
    const lines = [
      `const ${count} = ${countText(length, place, itemSize)};`,
      `const ${start} = from.take(${size}, ${pathText(place)});`,
    ];
    return { lines, count, start };
  }

  #optional(type: OptionalType, path: string, sink: Sink): string[] {
    return this.#fixed.located(path, sink, (place, inner) => {
      const name = inner.kind === "const" ? inner.name : this.#locals.claim("optional");
      const start = `let ${name}: ${typeText(type, this.#types)} = null;`;
      const test = type.form === "tail" ? "from.left > 0" : `from.presence(${pathText(place)})`;
      const lines = block(`if (${test})`, this.value(type.value, place, assignTo(name)));
      return [start, ...lines, ...(inner.kind === "const" ? [] : [inner.make(name)])];
    });
  }
}

/** The fields of fixed size from `start` on that are always there. */
function fixedRun(fields: readonly Field[], start: number): readonly Field[] {
  let end = start;
  for (let field = fields[end]; field !== undefined && isFixed(field.type); field = fields[end]) {
    if (field.defaultValue !== null) break;
    end += 1;
  }
  return fields.slice(start, end);
}

function countText(length: Length, place: string, itemSize: number): string {
  if (length.kind === "fixed") return String(length.count);
  if (length.kind === "tail")
    return itemSize === 1 ? "from.left" : `from.countTail(${pathText(place)}, ${itemSize})`;
  return `from.count${length.count.toUpperCase()}(${pathText(place)}, ${length.max}, ${itemSize})`;
}

/** A local name after the place it belongs to: `tagsCount`, or `itemCount` where the place has no name. */
function named(place: string, suffix: "At" | "Count"): string {
  return `${/\w+$/.exec(place)?.[0] ?? "item"}${suffix}`;
}
