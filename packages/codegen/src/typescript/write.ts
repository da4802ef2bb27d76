/**
 * Writes the statements that check a value and put it into the buffer: at constant offsets for as long as
 * sizes are known, behind a moving `at` afterwards. What is always of one size is written where there is
 * room; whatever varies in size makes its own. Every byte is written: the buffer does not begin as zeros.
 */
import type { Field, Length, ListType, OptionalType, Type } from "@rpcgen/idl/model";
import { checkLines } from "./check.js";
import { block, indented } from "./lines.js";
import type { NameScope } from "./module-names.js";
import { itemPosition, moved, type Position, positionText } from "./position.js";
import { isFixed, numberListFormat } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import { bounds, countBytes, FixedWriteWriter, setCount, usesView } from "./write-fixed.js";

/** A value that is to be written, the expression that has it, and how it is called in an error's path. */
export interface Encodable {
  readonly type: Type;
  readonly value: string;
  readonly path: string;
  /** From `@range`. */
  readonly range: Field["range"];
}

export class WriteWriter {
  readonly #types: TypesModule;
  readonly #locals: NameScope;
  readonly #fixed: FixedWriteWriter;
  readonly #lines: string[] = [];
  readonly #hasRoom: boolean;
  #position: Position;

  /** Writes to `at + offset`. `hasRoom` where all of it is known to fit. */
  constructor(types: TypesModule, locals: NameScope, offset: number, hasRoom: boolean) {
    this.#types = types;
    this.#locals = locals;
    this.#fixed = new FixedWriteWriter(types, locals);
    this.#position = { base: "at", offset };
    this.#hasRoom = hasRoom;
  }

  /** In order. What is checked at once is checked before anything is written. */
  values(all: readonly Encodable[]): void {
    for (const one of all) this.#lines.push(...checkLines(this.#types, one, one.value, one.path));
    for (let i = 0; i < all.length; ) {
      const run = fixedRun(all, i);
      if (run.length > 0) this.#run(run);
      else this.#variable(all[i] as Encodable);
      i += Math.max(run.length, 1);
    }
  }

  /** All statements; the last offset is what `end` makes of it, or is not worked out. */
  finish(end: ((at: string) => string) | null): string[] {
    const lines = [...this.#lines];
    const last = /^at = (.*);$/.exec(lines.at(-1) ?? "")?.[1];
    if (last === undefined || this.#position.offset > 0) {
      return end === null ? lines : [...lines, end(positionText(this.#position))];
    }
    const call = last.endsWith(")") ? [`${last};`] : [];
    return [...lines.slice(0, -1), ...(end === null ? call : [end(last)])];
  }

  /** Values of fixed size, one after another. */
  #run(run: readonly Encodable[]): void {
    const lines: string[] = [];
    let position = this.#position;
    for (const { type, value, path } of run) {
      lines.push(...this.#fixed.value(type, value, position, path));
      position = moved(position, type.size.min);
    }
    this.#lines.push(...this.#room(String(position.offset - this.#position.offset), lines), ...lines);
    this.#position = position;
  }

  /** Makes room for what `lines` write, with the view if they have use for it. */
  #room(size: string, lines: readonly string[]): string[] {
    if (this.#hasRoom) return [];
    return [`${usesView(lines) ? "view = " : ""}to.room(${positionText(this.#position)}, ${size});`];
  }

  #variable({ type, value, path }: Encodable): void {
    switch (type.kind) {
      case "string":
        this.#counted(type.length, value, path, "end", (at, place) => {
          const max = type.length.kind === "bounded" ? String(type.length.max) : "Infinity";
          return `${this.#types.runtime("writeText")}(to, ${at}, ${value}, ${place}, ${max})`;
        });
        break;
      case "json":
        this.#assign(path, (place) => {
          return `${this.#types.runtime("writeJson")}(to, ${this.#at}, ${value}, ${place})`;
        });
        break;
      case "struct":
      case "union": {
        const call = `at = ${this.#types.packer(type.declaration).write}(to, ${this.#at}, ${value});`;
        this.#lines.push(...this.#fixed.within(path, [call]));
        this.#position = { base: "at", offset: 0 };
        break;
      }
      case "optional":
        this.#optional(type, value, path);
        break;
      case "bytes":
      case "list":
        if (numberListFormat(type) === null) this.#list(type as ListType, value, path);
        else
          this.#counted(type.length, value, path, "length", (at, place) =>
            this.#fixed.numbers(type, { at, value, place }),
          );
        break;
      default:
        throw new Error(`the model says that ${type.kind} varies in size`);
    }
  }

  /** The content first, which is checked, makes room for itself, and says where it ends; then its count. */
  #counted(
    length: Length,
    value: string,
    path: string,
    count: "length" | "end",
    write: (at: string, place: string) => string,
  ): void {
    const start = positionText(moved(this.#position, countBytes(length)));
    if (length.kind !== "bounded") {
      this.#assign(path, (place) => write(start, place));
      return;
    }
    const end = this.#locals.claim(`${/\w+$/.exec(value)?.[0] ?? ""}End`);
    const bytes = count === "end" ? `${end} - ${start.replaceAll(" + ", " - ")}` : `${value}.length`;
    this.#guarded(path, (place) => [
      `const ${end} = ${write(start, place)};`,
      setCount("to.view", length.count, this.#at, bytes),
      `at = ${end};`,
    ]);
    this.#position = { base: "at", offset: 0 };
  }

  #list({ item, length }: ListType, value: string, path: string): void {
    const check = this.#types.runtime("checkList");
    this.#guarded(path, (place) => [`${check}(${place}, ${value}, ${bounds(length)});`]);
    const fixed = isFixed(item) ? sizeOfItems(item, value) : null;
    const count = countBytes(length);
    const start = moved(this.#position, count);
    const lines = this.#countLines(length, value);
    if (fixed !== null) {
      lines.push(
        ...this.#fixed.loop(item, { value, path }, (index, one, place) =>
          this.#fixed.item(item, one, itemPosition(start, index, item.size.min), place),
        ),
      );
    }
    const size = [...(count > 0 ? [count] : []), ...(fixed === null ? [] : [fixed])].join(" + ");
    if (size !== "") this.#lines.push(...this.#room(size, lines));
    this.#lines.push(...lines);
    this.#position = start;
    if (fixed !== null) {
      this.#lines.push(`at = ${this.#at} + ${fixed};`);
      this.#position = { base: "at", offset: 0 };
      return;
    }
    this.#settle();
    this.#lines.push(
      ...this.#fixed.loop(item, { value, path }, (_, one, place) => this.#nested(item, one, place)),
    );
  }

  #countLines(length: Length, value: string): string[] {
    return length.kind === "bounded" ? [setCount("view", length.count, this.#at, `${value}.length`)] : [];
  }

  #optional({ form, value: type }: OptionalType, value: string, path: string): void {
    this.#settle();
    if (form === "tail") {
      this.#lines.push(...block(`if (${value} !== null)`, this.#nested(type, value, path)));
      return;
    }
    const present = [setCount("view", "u8", "at", "1"), "at += 1;", ...this.#nested(type, value, path)];
    const absent = [setCount("view", "u8", "at", "0"), "at += 1;"];
    this.#lines.push(...this.#room("1", present));
    this.#lines.push(...block(`if (${value} !== null)`, present, "} else {"), ...indented(absent), "}");
  }

  /** Statements of a block that writes one value at `at` and leaves `at` behind it. */
  #nested(type: Type, value: string, path: string): string[] {
    const inner = new WriteWriter(this.#types, this.#locals, 0, this.#hasRoom);
    inner.values([{ type, value, path, range: null }]);
    inner.#settle();
    return inner.#lines;
  }

  get #at(): string {
    return positionText(this.#position);
  }

  /** Makes `at` say where the next byte goes. */
  #settle(): void {
    if (this.#position.offset > 0) this.#lines.push(`at += ${this.#position.offset};`);
    this.#position = { base: "at", offset: 0 };
  }

  #assign(path: string, end: (place: string) => string): void {
    this.#guarded(path, (place) => [`at = ${end(place)};`]);
    this.#position = { base: "at", offset: 0 };
  }

  /** Statements that take a path: as it is, or put together only when they fail. */
  #guarded(path: string, lines: (place: string) => string[]): void {
    this.#lines.push(...this.#fixed.located(path, lines));
  }
}

/** The values of fixed size from `start` on. */
function fixedRun(all: readonly Encodable[], start: number): readonly Encodable[] {
  let end = start;
  for (let one = all[end]; one !== undefined && isFixed(one.type); one = all[end]) end += 1;
  return all.slice(start, end);
}

function sizeOfItems({ size }: Type, value: string): string {
  return size.min === 1 ? `${value}.length` : `${size.min} * ${value}.length`;
}
