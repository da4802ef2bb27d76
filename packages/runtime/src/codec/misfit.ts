/**
 * How codecs fail. Deep inside, a `Misfit` is thrown that knows the last part of its path; every level
 * above puts its own part in front while the error passes; the message's codec turns it into an `RpcError`.
 * So the path costs nothing while all is well.
 */
import { RpcError, type RpcPhase } from "../errors.js";

export class Misfit extends Error {
  override readonly name: string = "Misfit";
  readonly reason: string;
  /** Such as `tags[3].corners[1].x`; empty when it is the whole value. */
  path: string;

  constructor(path: string, reason: string, cause?: unknown) {
    super(reason, cause === undefined ? undefined : { cause });
    this.path = path;
    this.reason = reason;
  }
}

/** A value that is not what its type wants: `x: 70000 is not a u16`. */
export function misfit(path: string, value: unknown, wanted: string): Misfit {
  return new Misfit(path, `${show(value)} is not ${wanted}`);
}

/** Puts the name of the place where `error` passes in front of its path. */
export function within(error: unknown, place: string): Misfit {
  if (!(error instanceof Misfit)) {
    // A getter or proxy of the caller's that threw.
    return new Misfit(place, error instanceof Error ? error.message : String(error), error);
  }
  const joint = error.path === "" || error.path.startsWith("[") ? "" : ".";
  error.path = `${place}${joint}${error.path}`;
  return error;
}

/** What an argument's codec throws: the function has not run, whichever side found out. */
export function badArgument(error: unknown, phase: "encode" | "decode"): RpcError {
  return rpcError("bad-argument", error, phase, "no");
}

/** What a result's or stream item's codec throws: the function has run. */
export function badResult(error: unknown, phase: "encode" | "decode"): RpcError {
  return rpcError("bad-result", error, phase, "yes");
}

/** What the codec of an `accept`'s items throws: the caller's data, but the function has begun. */
export function badItem(error: unknown, phase: "encode" | "decode"): RpcError {
  return rpcError("bad-argument", error, phase, "yes");
}

function rpcError(
  code: "bad-argument" | "bad-result",
  error: unknown,
  phase: RpcPhase,
  executed: "no" | "yes",
): RpcError {
  if (error instanceof RpcError) return error;
  const found = error instanceof Misfit ? error : within(error, "");
  const message = found.path === "" ? found.reason : `${found.path}: ${found.reason}`;
  return new RpcError(code, message, { phase, executed, cause: found.cause });
}

const LONGEST_SHOWN = 40;

function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      return cut(JSON.stringify(value));
    case "bigint":
      return cut(`${value}n`);
    case "number":
    case "boolean":
    case "undefined":
      return Object.is(value, -0) ? "-0" : String(value);
    case "object":
      return value === null ? "null" : `[${Object.prototype.toString.call(value).slice(8, -1)}]`;
    default:
      return `a ${typeof value}`;
  }
}

function cut(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
