/**
 * The checked model: what a compilation ends in and all that a code generator sees.
 *
 * One immutable value with every size, offset, id and spelling worked out, so that what writes code
 * only spells. Nothing in here refers to syntax, apart from spans for messages.
 */

import type { Span } from "../source/span.js";

export type { Span } from "../source/span.js";

/** Size of an encoded value in bytes. `max` is null where nothing bounds it but the message. */
export interface SizeRange {
  readonly min: number;
  readonly max: number | null;
}

/** How one thing is spelled in each target; a trailing `_` has been added where the plain name is taken. */
export interface Names {
  /** As written in the file. */
  readonly source: string;
  /** camelCase for fields, parameters and functions; as written for types and constants. */
  readonly typescript: string;
  readonly python: string;
}

/** What doc comments and annotations say about anything that has a name. */
export interface About {
  readonly names: Names;
  /** Text of the `///` lines, without the slashes, lines joined by `\n`; empty when there is none. */
  readonly doc: string;
  /** Reason given to `@deprecated`, or null. */
  readonly deprecated: string | null;
  /** Text given to `@unit`, or null. */
  readonly unit: string | null;
  /** Text given to `@media`, or null. */
  readonly media: string | null;
  readonly span: Span;
}

// ---------------------------------------------------------------- types

export type IntegerName = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "u64" | "i64";
export type FloatName = "f32" | "f64";

/** How long a `bytes`, `string` or list is. `count` precedes the content on the wire. */
export type Length =
  | { readonly kind: "fixed"; readonly count: number }
  | { readonly kind: "bounded"; readonly max: number; readonly count: "u8" | "u16" | "u32" }
  | { readonly kind: "tail" };

interface TypeBase {
  readonly size: SizeRange;
  /** The alias under whose name the type was written, or null. Its wire form is the type's own. */
  readonly alias: Alias | null;
}

export interface IntegerType extends TypeBase {
  readonly kind: "integer";
  readonly name: IntegerName;
  /** Most significant byte first, for legacy peers (`u16be`); false for everything of one byte. */
  readonly bigEndian: boolean;
  /** Inclusive bounds of the type itself. */
  readonly min: bigint;
  readonly max: bigint;
}
export interface FloatType extends TypeBase {
  readonly kind: "float";
  readonly name: FloatName;
  /** Most significant byte first (`f32be`). */
  readonly bigEndian: boolean;
}
export interface BoolType extends TypeBase {
  readonly kind: "bool";
}
export interface EnumType extends TypeBase {
  readonly kind: "enum";
  readonly declaration: EnumDeclaration;
}
export interface BytesType extends TypeBase {
  readonly kind: "bytes";
  readonly length: Length;
}
export interface StringType extends TypeBase {
  readonly kind: "string";
  readonly length: Length;
}
export interface ListType extends TypeBase {
  readonly kind: "list";
  readonly item: Type;
  readonly length: Length;
}
export interface JsonType extends TypeBase {
  readonly kind: "json";
}
export interface OptionalType extends TypeBase {
  readonly kind: "optional";
  /** `presence`: one byte 0 or 1, then the value. `tail`: nothing, or the value (last item of a message). */
  readonly form: "presence" | "tail";
  readonly value: Type;
}
export interface StructType extends TypeBase {
  readonly kind: "struct";
  readonly declaration: StructDeclaration;
}
/** A set of bits: the value is the integer itself, unknown bits are kept. */
export interface FlagsType extends TypeBase {
  readonly kind: "flags";
  readonly declaration: FlagsDeclaration;
}
/** The tag, then the variant's value; an unknown tag is a decode error. */
export interface UnionType extends TypeBase {
  readonly kind: "union";
  readonly declaration: UnionDeclaration;
}
/** Type of a field named `_` alone: `count` bytes, written 0 and ignored on reading; it has no value. */
export interface PadType extends TypeBase {
  readonly kind: "pad";
  readonly count: number;
}

export type Type =
  | IntegerType
  | FloatType
  | BoolType
  | EnumType
  | BytesType
  | StringType
  | ListType
  | JsonType
  | OptionalType
  | StructType
  | FlagsType
  | UnionType
  | PadType;

// ---------------------------------------------------------------- values

/** A constant, an enum's number or a default. 64-bit safe: integers are bigint. */
export type Value =
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "null" }
  | { readonly kind: "member"; readonly declaration: EnumDeclaration; readonly member: EnumMember }
  /** `RED | GREEN`: the members named, and their bits together. */
  | {
      readonly kind: "flags";
      readonly declaration: FlagsDeclaration;
      readonly members: readonly EnumMember[];
      readonly value: bigint;
    };

// ---------------------------------------------------------------- declarations

export interface Constant extends About {
  readonly kind: "constant";
  readonly type: Type;
  readonly value: Value;
}

export interface EnumMember extends About {
  readonly value: bigint;
}

/** Numbers with names. Of a closed one, a number that is none of its members is an error in both directions. */
export interface EnumDeclaration extends About {
  readonly kind: "enum";
  /** `open enum`: an unknown number is kept as a number. */
  readonly open: boolean;
  readonly base: IntegerType;
  readonly members: readonly EnumMember[];
}

/** Names of bits; the members' values may hold several bits each. */
export interface FlagsDeclaration extends About {
  readonly kind: "flags";
  readonly base: IntegerType;
  readonly members: readonly EnumMember[];
}

export interface UnionVariant extends About {
  readonly tag: bigint;
  /** Null for a variant without a payload. */
  readonly type: Type | null;
}

export interface UnionDeclaration extends About {
  readonly kind: "union";
  readonly base: IntegerType;
  readonly variants: readonly UnionVariant[];
  /** The tag included. */
  readonly size: SizeRange;
}

/** What a function with `throws` may fail with: `number` is the status byte, the fields follow it. */
export interface ErrorDeclaration extends About {
  readonly kind: "error";
  /** 1 to 127. */
  readonly number: number;
  readonly fields: readonly Field[];
  /** Of the fields alone, without the status byte. */
  readonly size: SizeRange;
}

export interface Alias extends About {
  readonly kind: "alias";
  readonly target: Type;
}

/** A field of a struct, a parameter, or one of several named results. */
export interface Field extends About {
  readonly type: Type;
  /** Bytes from the start of its struct or message; null behind something of variable size. */
  readonly offset: number | null;
  /** Trailing parameters only; null elsewhere. The caller's side fills it in, and a slave when it was not sent. */
  readonly defaultValue: Value | null;
  /**
   * From `@range`: inclusive bounds, rounded to the type already (a 32-bit float's to 32 bits); checked on
   * both sides in both directions, and NaN fails. Null where there is none; a missing side is the type's own.
   */
  readonly range: { readonly min: Value; readonly max: Value } | null;
}

export interface StructDeclaration extends About {
  readonly kind: "struct";
  readonly fields: readonly Field[];
  readonly size: SizeRange;
}

export type Declaration =
  | Constant
  | EnumDeclaration
  | FlagsDeclaration
  | Alias
  | StructDeclaration
  | UnionDeclaration
  | ErrorDeclaration;

// ---------------------------------------------------------------- functions

/** Items packed one after another, whose total length the transport tells. */
export interface Message {
  readonly fields: readonly Field[];
  readonly size: SizeRange;
}

/** Sizes are those of the result itself, without the status byte of `throws`. */
export type Result =
  /** `ping();` */
  | { readonly kind: "nothing"; readonly size: SizeRange }
  /** One type; may be an optional of tail form. */
  | { readonly kind: "single"; readonly type: Type; readonly size: SizeRange }
  /** Several named ones, which arrive as one object; `optional`: nothing sent means null. */
  | {
      readonly kind: "several";
      readonly fields: readonly Field[];
      readonly optional: boolean;
      readonly size: SizeRange;
    };

/**
 * What an answer of no bytes means to the caller (always without a status byte; with `throws` it is
 * always `failed`): `none` for `T?`; `value` where it is the (empty) result itself; `failed` where it
 * can't be a result: not registered, or the handler failed.
 */
export type EmptyAnswer = "none" | "value" | "failed";

/** How a call goes on after its answer; the answer's own part (`with`) is the function's `result`. */
export type Transfer =
  | { readonly kind: "call" }
  /** Slave to master, the protocol's stream: each frame is one item; a frame of size 0 is the clean end. */
  | { readonly kind: "stream"; readonly item: Type }
  /** Master to slave, the protocol's stream; items and end as with `stream`. */
  | { readonly kind: "accept"; readonly item: Type }
  /**
   * Slave to master, cut-through. Its length is `byteLength`; or, where that is null, the field `size` of
   * the `with` part (`sizeField` is its index there); or, with neither, what the caller states.
   */
  | { readonly kind: "bulk"; readonly byteLength: number | null; readonly sizeField: number | null };

export interface FunctionDeclaration extends About {
  /** The name that travels (`@wire`, or the name as written). */
  readonly wireName: string;
  /** The protocol's hash of `wireName`. */
  readonly id: number;
  readonly parameters: Message;
  /** Index of the first parameter with a default; the number of parameters when there is none. */
  readonly firstDefault: number;
  /**
   * Sizes of an argument that a slave accepts: as `parameters.size`, but with a smaller `min` where defaults
   * may be left out. The functions of one `Dispatch` are told apart by it.
   */
  readonly accepts: SizeRange;
  /** For `stream`, `accept` and `bulk`: what the call itself answers with, its `with` part or nothing. */
  readonly result: Result;
  readonly transfer: Transfer;
  /** A status byte stands before the result (`throws`, unless taken away by `throws none`). */
  readonly throws: boolean;
  /** The errors it may answer with, its interface's included, by number; empty without `throws`. */
  readonly errors: readonly ErrorDeclaration[];
  /** `@idempotent`: running it twice does no harm, so a master may repeat it. */
  readonly idempotent: boolean;
  /**
   * `@once`: the argument on the wire starts with a u32 call number, which is not among `parameters` but
   * counted in `accepts`; a slave keeps its last answer and repeats it when asked again.
   */
  readonly once: boolean;
  /** Of an answer with no bytes at all, status byte included. */
  readonly emptyAnswer: EmptyAnswer;
  /** From `@timeout` of the function, else of the interface; null where neither says. */
  readonly timeout: { readonly sendMs: number | null; readonly recvMs: number | null };
}

/** Functions that share one wire name (one id) and are told apart by the size of their argument. */
export interface Dispatch {
  readonly wireName: string;
  readonly id: number;
  /** Exactly one, except under a shared `@wire`; then their argument sizes do not overlap. */
  readonly functions: readonly FunctionDeclaration[];
}

export interface InterfaceDeclaration extends About {
  readonly functions: readonly FunctionDeclaration[];
  /** What a slave registers: one entry an id, in order of first appearance. */
  readonly dispatches: readonly Dispatch[];
  /** The protocol's hash of the name as written: how the handshake names the interface. */
  readonly nameHash: number;
  /** First 8 bytes of the SHA-256 of `canonicalText`, as 16 hexadecimal digits. */
  readonly fingerprint: string;
  /** Everything that decides bytes, and nothing else, as text; docs/language.md says how it is written. */
  readonly canonicalText: string;
}

export interface Model {
  /** Base name of the file without `.idl`: generated files are named after it. */
  readonly fileBase: string;
  /** From `module x;`, or `fileBase`. */
  readonly module: string;
  readonly doc: string;
  /** Everything declared in the file and in what it imports, imports first, each once, in source order. */
  readonly declarations: readonly Declaration[];
  /** The interfaces of the file itself (those of imported files belong to their own generation). */
  readonly interfaces: readonly InterfaceDeclaration[];
}
