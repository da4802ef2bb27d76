/** What generated code says of one function: how its messages are packed and what an empty answer means. */
import type { RemoteError } from "../errors.js";
import type { Reader } from "./reader.js";

/** Bytes of an encoded value; `max` is null where only the message bounds it. */
export interface Size {
  readonly min: number;
  readonly max: number | null;
}

/** A declared error: its number is the status byte, and its fields follow. */
export interface ErrorCodec<E extends RemoteError = RemoteError> {
  readonly number: number;
  isOwn(error: RemoteError): boolean;
  /** The whole answer, status byte included. Only for an error that `isOwn`. */
  encode(error: E): Uint8Array;
  /** From behind the status byte. */
  decode(from: Reader): E;
}

/** What can be said of a function without its types. */
export interface FunctionShape {
  /** The name that travels. */
  readonly wireName: string;
  /** Of what a slave accepts, a call number included. */
  readonly argumentSize: Size;
  /** Without the status byte. */
  readonly resultSize: Size;
  /** A status byte stands before the result. */
  readonly throws: boolean;
  /** The errors that it may answer with; any other that a handler throws is an undeclared one. */
  readonly errors: readonly ErrorCodec[];
  /** Running it again does no harm. */
  readonly idempotent: boolean;
  /** The argument starts with a u32 call number, by which a slave knows a call that it has answered. */
  readonly once: boolean;
  /** What an answer of no bytes is: the result null, the (empty) result itself, or a failure. */
  readonly emptyAnswer: "none" | "value" | "failed";
  /** What the interface language asks for; the caller's options come first. */
  readonly timeouts: { readonly sendTimeoutMs?: number; readonly recvTimeoutMs?: number };
}

/**
 * `A` holds the arguments in order, `R` is the result. Arguments that don't fit are `bad-argument`,
 * results `bad-result`, on whichever side; the message has the path: `tags[3].id: 70000 is not a u16`.
 */
export interface FunctionCodec<A extends readonly unknown[], R> extends FunctionShape {
  /** With `once`, room for the call number is left at the start. */
  encodeArgument(argument: A): Uint8Array;
  /** Fills in trailing arguments that have a default and were not sent. */
  decodeArgument(bytes: Uint8Array): A;
  /** With `throws`, the status byte 0 stands before the result. */
  encodeResult(result: R): Uint8Array;
  decodeResult(bytes: Uint8Array): R;
}

/** A function that goes on with a stream of `T`, from the slave or to it; `H` is its `with` part. */
export interface StreamCodec<A extends readonly unknown[], T, H = void> extends FunctionCodec<A, H> {
  readonly itemSize: Size;
  encodeItem(item: T): Uint8Array;
  decodeItem(bytes: Uint8Array): T;
}

/** A function that goes on with bytes from the slave by cut-through; `H` is its `with` part. */
export interface BulkCodec<A extends readonly unknown[], H = void> extends FunctionCodec<A, H> {
  /** How many, where the language says so. */
  readonly byteLength: number | null;
}

/** One with a `with` part, which comes as one object with the data in the field `dataField`. */
export interface BulkWithCodec<A extends readonly unknown[], H extends object, D extends string = "data">
  extends BulkCodec<A, H> {
  readonly dataField: D;
  /** The field that says how many bytes follow, or null: then it is `byteLength`, or the caller states it. */
  readonly sizeField: keyof H | null;
}

/** A `with` part and the data that came behind it. */
export type WithData<H extends object, D extends string> = H & { readonly [name in D]: Uint8Array };
