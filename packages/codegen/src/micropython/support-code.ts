/**
 * The support code that packers and `serve` stand on: constant Python, kept as files. What a generated module
 * does not use is left out of it, because a board's memory is small.
 */
import { readSupportFile } from "./support-files.js";

/** In the order in which they stand in a generated module. */
const FILES = [
  "errors",
  "scalars",
  "records",
  "reader",
  "lengths",
  "bytes",
  "text",
  "strings",
  "lists",
  "numbers",
  "optionals",
  "unions",
  "jsons",
  "functions",
  "once",
  "transfers",
  "streams",
  "accepts",
  "bulk",
  "schema",
  "serving",
];

/** Imports by the name that they bring. */
const IMPORTS: Readonly<Record<string, string>> = {
  _gc: "import gc as _gc",
  _json: "import json as _json",
  _sys: "import sys as _sys",
  _time: "import time as _time",
  _array: "from array import array as _array",
  _namedtuple: "from collections import namedtuple as _namedtuple",
  const: "from micropython import const",
  _pack_into: "from struct import pack_into as _pack_into",
  _unpack_from: "from struct import unpack_from as _unpack_from",
};

/** What packs messages finds these sooner at the top of its module than among all that is built in. */
const ALIASES: Readonly<Record<string, string>> = {
  _bytearray: "_bytearray = bytearray",
  _bytes: "_bytes = bytes",
  _len: "_len = len",
  _list: "_list = list",
  _tuple: "_tuple = tuple",
  _type: "_type = type",
};

/** One function or class of the support code. */
interface Block {
  readonly name: string;
  readonly text: string;
  readonly uses: ReadonlySet<string>;
}

/** Names that Python code mentions; those in comments and strings may be among them and do no harm. */
function namesIn(code: string): Set<string> {
  return new Set(code.match(/\b[A-Za-z_]\w*/g) ?? []);
}

function blocksOf(text: string): Block[] {
  return text
    .trim()
    .split(/\n\n\n+/)
    .map((block) => {
      const name = /^(?:def|class) (\w+)/.exec(block)?.[1];
      if (name === undefined)
        throw new Error(`not a function or class of the support code: ${block.slice(0, 60)}`);
      return { name, text: block, uses: namesIn(block) };
    });
}

/** What else a generated module or its description for editors has at its top under a name of its own. */
const OTHER_NAMES = [
  "_MEMBERS",
  "_VERSION",
  "_Any",
  "_Callable",
  "_Iterable",
  "_Literal",
  "_NamedTuple",
  "_NoReturn",
  "_Sequence",
];

let blocks: readonly Block[] | null = null;

function supportBlocks(): readonly Block[] {
  blocks ??= FILES.flatMap((file) => blocksOf(readSupportFile(file)));
  return blocks;
}

let names: ReadonlySet<string> | null = null;

/** Every name that generated code may find at the top of its module, whether it is linked or not. */
export function supportNames(): ReadonlySet<string> {
  names ??= new Set([
    ...supportBlocks().map(({ name }) => name),
    ...Object.keys(IMPORTS),
    ...Object.keys(ALIASES),
    ...OTHER_NAMES,
  ]);
  return names;
}

export interface LinkedSupport {
  /** Whether something uses the table of the numbers of each closed enum. */
  readonly needsMembers: boolean;
  /** Whether something tells the generator's version. */
  readonly needsVersion: boolean;
  readonly imports: readonly string[];
  /** Assignments that stand behind the imports. */
  readonly aliases: readonly string[];
  /** The functions and classes, ready to stand one after another. */
  readonly blocks: readonly string[];
}

/** The imports and support code that `code` needs, directly or through other support code. */
export function linkSupport(code: string): LinkedSupport {
  const needed = namesIn(code);
  for (let before = -1; before !== needed.size; ) {
    before = needed.size;
    for (const block of supportBlocks()) {
      if (needed.has(block.name)) for (const name of block.uses) needed.add(name);
    }
  }
  const linesOf = (table: Readonly<Record<string, string>>) =>
    Object.entries(table).flatMap(([name, line]) => (needed.has(name) ? [line] : []));
  return {
    needsMembers: needed.has("_MEMBERS"),
    needsVersion: needed.has("_VERSION"),
    imports: linesOf(IMPORTS),
    aliases: linesOf(ALIASES),
    blocks: supportBlocks()
      .filter((block) => needed.has(block.name))
      .map((block) => block.text),
  };
}
