/**
 * The one error of the runtime, and what errors declared in a file are made of. Its `code` says what went wrong, `phase` where in the exchange, and
 * `executed` whether the function ran on the other side: the protocol can't always know, and says so.
 */

export type RpcErrorCode =
  /** No (complete, undamaged) answer in time. */
  | "timeout"
  /** The caller's signal; `cause` is its reason. */
  | "aborted"
  /** The link or the peer was closed, or the cable came out. */
  | "closed"
  /** An empty answer where none can be a result: the name is unknown there, or its handler failed. */
  | "not-registered"
  /** The value does not fit its type (this side), with the path of the culprit in the message. */
  | "bad-argument"
  /** Bytes that do not decode as the declared type, with the path of the culprit. */
  | "bad-result"
  /** The other side refused the argument (status 254). */
  | "remote-bad-argument"
  /** The other side's handler raised something undeclared (status 255). */
  | "remote-failure"
  /** The other side's handler raised an error that the interface declares: a `RemoteError` with its fields. */
  | "remote-error"
  /** What the other side serves packs differently (`$verify()`); the message says what differs where that is known. */
  | "schema-mismatch"
  /** A size beyond `maxMessageBytes`. */
  | "too-large"
  /** A stream ended other than by its end mark. */
  | "stream-broken"
  /** The operating system or a driver refused; `cause` has its error. */
  | "link-failure"
  /** An optional native package is not installed; the message names the command that mends it. */
  | "missing-package";

export type RpcPhase =
  | "open"
  | "queue"
  | "encode"
  | "command"
  | "result"
  | "decode"
  | "stream"
  | "cut-through"
  | "serve";

/** Did the function run on the other side? */
export type Executed = "no" | "yes" | "unknown";

export interface RpcErrorInit {
  readonly phase: RpcPhase;
  readonly executed: Executed;
  readonly cause?: unknown;
}

export class RpcError extends Error {
  override readonly name: string = "RpcError";
  readonly code: RpcErrorCode;
  readonly phase: RpcPhase;
  readonly executed: Executed;

  constructor(code: RpcErrorCode, message: string, init: RpcErrorInit) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = code;
    this.phase = init.phase;
    this.executed = init.executed;
  }
}

/**
 * What the classes of declared errors extend. On the slave a handler throws one; on the master the call
 * rejects with its like, which was made out of the bytes that came.
 */
export class RemoteError extends RpcError {
  override readonly name: string;

  /** The message says the error's name and those of its fields that are short. */
  constructor(name: string, fields: object) {
    const texts = Object.entries(fields).map(([field, value]) => `${field} ${shortText(value)}`);
    const message = texts.length === 0 ? name : `${name}: ${texts.join(", ")}`;
    super("remote-error", message, { phase: "result", executed: "yes" });
    this.name = name;
  }
}

function shortText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "…" : String(value);
}
