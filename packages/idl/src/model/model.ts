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
  /** Inclusive bounds of the type itself. */
  readonly min: bigint;
  readonly max: bigint;
}
export interface FloatType extends TypeBase {
  readonly kind: "float";
  readonly name: FloatName;
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
  | StructType;

// ---------------------------------------------------------------- values

/** A constant, an enum's number or a default. 64-bit safe: integers are bigint. */
export type Value =
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "null" }
  | { readonly kind: "member"; readonly declaration: EnumDeclaration; readonly member: EnumMember };

// ---------------------------------------------------------------- declarations

export interface Constant extends About {
  readonly kind: "constant";
  readonly type: Type;
  readonly value: Value;
}

export interface EnumMember extends About {
  readonly value: bigint;
}

/** A closed enum: a number that is none of its members is a decode error. */
export interface EnumDeclaration extends About {
  readonly kind: "enum";
  readonly base: IntegerType;
  readonly members: readonly EnumMember[];
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
}

export interface StructDeclaration extends About {
  readonly kind: "struct";
  readonly fields: readonly Field[];
  readonly size: SizeRange;
}

export type Declaration = Constant | EnumDeclaration | Alias | StructDeclaration;

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

/** How a stream or bulk call goes on after its answer. */
export type Transfer =
  | { readonly kind: "call" }
  /** Slave to master, the protocol's stream: each frame is one item; a frame of size 0 is the clean end. */
  | { readonly kind: "stream"; readonly item: Type }
  /** Slave to master, cut-through. `byteLength` null: the caller states it. */
  | { readonly kind: "bulk"; readonly byteLength: number | null };

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
  /** For `stream` and `bulk` this is what the call itself answers with: nothing. */
  readonly result: Result;
  readonly transfer: Transfer;
  /** A status byte stands before the result (`throws`). */
  readonly throws: boolean;
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
