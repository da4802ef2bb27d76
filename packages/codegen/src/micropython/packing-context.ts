/** The functions that pack and unpack, collected while messages are looked at: each is made once, when first called. */
import type { Field, Length } from "@rpcgen/idl/model";
import { createNameScope } from "./name-scope.js";
import { isNumber, numberKind } from "./number-packing.js";
import { pythonString, pythonTuple } from "./python-text.js";

/** A Python function to call: `name(…the usual arguments{more})`. */
export interface Call {
  readonly name: string;
  /** Further arguments, each behind a comma; empty when there are none. */
  readonly more: string;
}

/** A generated function or table, spelled by the template of that name. */
export interface Piece {
  readonly template: string;
  readonly view: object;
}

export interface PackingContext {
  /** Names that generated functions must not hide behind their locals. */
  readonly moduleNames: readonly string[];
  /** A name that nothing else in the module has. */
  takeName(wished: string): string;
  /** The name of the function that `key` stands for; `build` makes it the first time. */
  once(key: string, wished: string, build: (name: string) => Piece): string;
  /** Everything that was made, each after what it calls. */
  pieces(): readonly Piece[];
}

export function createPackingContext(moduleNames: readonly string[]): PackingContext {
  const scope = createNameScope(moduleNames);
  const made = new Map<string, string>();
  const pieces: Piece[] = [];
  return {
    moduleNames,
    takeName: (wished) => scope.take(wished),
    once(key, wished, build) {
      const known = made.get(key);
      if (known !== undefined) return known;
      const name = scope.take(wished);
      made.set(key, name);
      const piece = build(name);
      pieces.push(piece);
      return name;
    },
    pieces: () => pieces,
  };
}

/** Values that stand one after another: the fields of a struct, or the several results of a function. */
export interface RecordShape {
  /** Unique among records. */
  readonly key: string;
  /** For the names of its functions. */
  readonly name: string;
  /** As errors call it. */
  readonly title: string;
  readonly fields: readonly Field[];
}

/** The name of the table that tells the support code what a record is made of, for its errors. */
export function recordTable(record: RecordShape, context: PackingContext): string {
  const fields = record.fields.map(({ names, type }) =>
    isNumber(type) ? `${names.python} ${numberKind(type)}` : names.python,
  );
  return context.once(`fields ${record.key}`, `_fields_of_${record.name}`, (name) => ({
    template: "record-table",
    view: { name, value: pythonTuple([record.title, ...fields].map(pythonString)) },
  }));
}

/** The two arguments that say how long something is: the number, and the bytes of its count (0: the rest, -1: fixed). */
export function lengthArguments(length: Length): string {
  if (length.kind === "fixed") return `, ${length.count}, -1`;
  if (length.kind === "tail") return ", 0, 0";
  return `, ${length.max}, ${{ u8: 1, u16: 2, u32: 4 }[length.count]}`;
}
