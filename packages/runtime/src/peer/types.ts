/** The public shapes of masters, slaves and streams. Behaviour is in the files beside this one. */
import type { Clock } from "../clock.js";
import type { Link } from "../link/link.js";
import type { Shape } from "./patience.js";
import type { MasterStats, RetryEvent } from "./tally.js";

/** A function on the other side: its wire name, or its id where that is known already. */
export type Target = string | number;

export interface CallOptions {
  /** Deadline for the whole call, waiting in the queue included. */
  readonly timeoutMs?: number | undefined;
  /**
   * How long to go on trying to deliver the command to a slave that is not heard of; 1,000 by default. The time that
   * the command's bytes take on the wire is not counted, and where the slave is known to listen it begins anew, at most
   * 16 times. `timeoutMs` bounds it all.
   */
  readonly sendTimeoutMs?: number | undefined;
  /** How long to go on asking for the result; 1,000 by default. */
  readonly recvTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * The function may run again, or its slave knows a repeated call (`@idempotent`, `@once`): the command may
   * then be sent again whatever became of it, until `timeoutMs` (without one, both other timeouts together)
   * is over. False by default.
   */
  readonly repeatable?: boolean | undefined;
}

/** `timeoutMs` ends with the call that opens the stream; each frame may then take `recvTimeoutMs`. */
export interface StreamOptions extends CallOptions {
  /** Frames that may be under way unacknowledged, 1 to 255; the writer allows no more than its link does. */
  readonly queueDepth?: number | undefined;
  /** Keep only the newest frame while the consumer is busy (live pictures); false by default. */
  readonly latestOnly?: boolean | undefined;
}

/** `break`, `return()` and abort end it and leave the link usable. `header` rejects if the call fails. */
export interface Stream<T, H = void> extends AsyncIterable<T>, AsyncDisposable {
  readonly header: Promise<H>;
}

export interface MasterOptions {
  /** How every call is spoken. Left out, it is learned: paired, or in one trip where that is quicker. See `patience.ts`. */
  readonly shape?: Shape;
  /** Largest result accepted, in bytes; 16 MiB by default. */
  readonly maxMessageBytes?: number;
  /**
   * What the peer's receive buffer holds for certain; 64 by default, as little as a board's UART may have.
   * Commands up to this size go out in one write.
   */
  readonly peerReceiveBytes?: number;
  /** How long the peer holds a finished result; 1,000 by default. Commands are not repeated beyond it. */
  readonly peerHoldMs?: number;
  readonly clock?: Clock;
}

export type Frames = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export interface Master extends AsyncDisposable {
  readonly link: Link;
  /** What was counted so far. */
  readonly stats: MasterStats;
  /** Calls `listener` for every packet that has to be sent again; returns what ends that. */
  on(event: "retry", listener: (event: RetryEvent) => void): () => void;
  /**
   * One call; resolves with the raw answer. Calls of one master never interleave. `argument` must not change until the
   * call has ended: it may be sent more than once, and is not copied.
   */
  call(target: Target, argument: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
  /** A call, then a stream of frames from the slave; `header` is the raw answer. Nothing is sent before it is iterated or `header` is asked for. */
  openStream(target: Target, argument: Uint8Array, options?: StreamOptions): Stream<Uint8Array, Uint8Array>;
  /**
   * A call, then a stream of frames to the slave; resolves with the raw answer once the end frame is out. Frames
   * may be made out of the answer: what that throws ends the call with nothing streamed, and is rejected with.
   */
  sendStream(
    target: Target,
    argument: Uint8Array,
    frames: Frames | ((answer: Uint8Array) => Frames),
    options?: StreamOptions,
  ): Promise<Uint8Array>;
  /** A call, then `byteLength` raw bytes from the slave (cut-through: no packet, no crc). */
  readBulk(
    target: Target,
    argument: Uint8Array,
    byteLength: number | ((answer: Uint8Array) => number),
    options?: CallOptions,
  ): Promise<{ readonly answer: Uint8Array; readonly data: Uint8Array }>;
  /** A call, then whatever `body` does with the link: raw cut-through in either direction. */
  cutThrough<T>(
    target: Target,
    argument: Uint8Array,
    body: (link: Link, answer: Uint8Array) => Promise<T>,
    options?: CallOptions,
  ): Promise<T>;
  /** Rejects what is queued or running with `closed`, and closes the link. */
  close(): Promise<void>;
}

/** What a handler on the slave knows of the call it answers. */
export interface CallContext {
  /** Aborts when the slave stops serving. */
  readonly signal: AbortSignal;
  /** Runs once, after this call's answer was delivered; forgotten if it never is. The link is the callback's until it resolves. */
  schedule(callback: (link: Link) => void | Promise<void>): void;
  /** Tells the slave's `onError` of a failure that the handler answers for itself. Never throws. */
  report(error: unknown): void;
}

/**
 * Null: do not answer at all (the caller then times out rather than take nothing for a result). A result must not
 * change while it is held: it is not copied.
 */
export type Handler = (
  argument: Uint8Array,
  context: CallContext,
) => Uint8Array | null | Promise<Uint8Array | null>;

export interface SlaveOptions {
  /** How long a finished result is held for the master to ask; 1,000 by default. */
  readonly sendTimeoutMs?: number;
  /** Largest argument accepted, in bytes; 16 MiB by default. */
  readonly maxMessageBytes?: number;
  /** Told of handlers and scheduled callbacks that threw; `console.error` by default. */
  readonly onError?: (error: unknown, wireName: string) => void;
  readonly clock?: Clock;
}

export interface ServeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Runs between calls: after each one, and every `recvTimeoutMs` while none comes. `onError` hears what it throws. */
  readonly onLoop?: (() => void | Promise<void>) | undefined;
  /** 1,000 by default. */
  readonly recvTimeoutMs?: number | undefined;
}

export interface Slave extends AsyncDisposable {
  readonly link: Link;
  /** Throws if the name, or another name with the same id, is registered already. */
  register(name: string, handler: Handler): void;
  /** Writes frames to the master after the call's answer was delivered (use in a handler). Ends by itself with the end frame. */
  writeStream(context: CallContext, frames: Frames, options?: { readonly endMark?: boolean }): void;
  /** Reads the master's frames after the answer was delivered; `consume` gets them as they come. */
  readStream(
    context: CallContext,
    consume: (frames: AsyncIterable<Uint8Array>) => void | Promise<void>,
    options?: StreamOptions,
  ): void;
  /**
   * Answers calls until the signal aborts (then it resolves) or the link ends (then it rejects). A break of a link
   * that reconnects is no end: it goes on, and knows the call in hand, which is not run twice.
   */
  serve(options?: ServeOptions): Promise<void>;
  close(): Promise<void>;
}
