/** What generated code says of one function: how its messages are packed and what an empty answer means. */

/** Bytes of an encoded value; `max` is null where only the message bounds it. */
export interface Size {
  readonly min: number;
  readonly max: number | null;
}

/** What can be said of a function without its types. */
export interface FunctionShape {
  /** The name that travels. */
  readonly wireName: string;
  readonly argumentSize: Size;
  /** Without the status byte. */
  readonly resultSize: Size;
  /** A status byte stands before the result. */
  readonly throws: boolean;
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
  encodeArgument(argument: A): Uint8Array;
  /** Fills in trailing arguments that have a default and were not sent. */
  decodeArgument(bytes: Uint8Array): A;
  /** With `throws`, the status byte 0 stands before the result. */
  encodeResult(result: R): Uint8Array;
  decodeResult(bytes: Uint8Array): R;
}

/** A function that goes on with a stream of `T` from the slave. */
export interface StreamCodec<A extends readonly unknown[], T> extends FunctionCodec<A, void> {
  readonly itemSize: Size;
  encodeItem(item: T): Uint8Array;
  decodeItem(bytes: Uint8Array): T;
}

/** A function that goes on with bytes from the slave by cut-through; their number, or null: the caller states it. */
export interface BulkCodec<A extends readonly unknown[]> extends FunctionCodec<A, void> {
  readonly byteLength: number | null;
}
