/** The functions that pack and unpack, collected while messages are looked at: each is made once, when first called. */
import type { Field, Length } from "@rpcgen/idl/model";
import { createNameScope } from "./name-scope.js";
import { numberKind, numberOf } from "./number-packing.js";
import { pythonString, pythonTuple } from "./python-text.js";
import { valueFields } from "./record-steps.js";

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
  /** The name of the function that `key` stands for; `build` makes it the first time. */
  once(key: string, wished: string, build: (name: string) => Piece): string;
  /** As `once`, of a table that names functions, support code too: it stands behind all of them. */
  table(key: string, wished: string, build: (name: string) => Piece): string;
  /** Everything that was made, each after what it calls. */
  pieces(): readonly Piece[];
  tables(): readonly Piece[];
}

export function createPackingContext(moduleNames: readonly string[]): PackingContext {
  const scope = createNameScope(moduleNames);
  const made = new Map<string, string>();
  const pieces: Piece[] = [];
  const tables: Piece[] = [];
  const into = (list: Piece[]) => (key: string, wished: string, build: (name: string) => Piece) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const name = scope.take(wished);
    made.set(key, name);
    const piece = build(name);
    list.push(piece);
    return name;
  };
  return {
    moduleNames,
    once: into(pieces),
    table: into(tables),
    pieces: () => pieces,
    tables: () => tables,
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
  const fields = valueFields(record.fields).map(({ names, type }) => {
    const number = numberOf(type);
    if (number !== null) return `${names.python} ${numberKind(number)}`;
    return type.kind === "string" ? `${names.python} string` : names.python;
  });
  return context.once(`fields ${record.key}`, `_fields_of_${record.name}`, (name) => ({
    template: "record-table",
    view: { name, value: pythonTuple([record.title, ...fields].map(pythonString)) },
  }));
}

/** Bytes of the count in front of the content: 0 where there is none, -1 where the length is fixed. */
export function countWidth(length: Length): number {
  if (length.kind === "bounded") return { u8: 1, u16: 2, u32: 4 }[length.count];
  return length.kind === "tail" ? 0 : -1;
}

/** The two arguments that say how long something is: the number, and `countWidth`. */
export function lengthArguments(length: Length): string {
  const most = length.kind === "bounded" ? length.max : length.kind === "fixed" ? length.count : 0;
  return `, ${most}, ${countWidth(length)}`;
}
