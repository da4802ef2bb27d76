/** What one call carries through all its phases: its limits, where it stands, and how to say that it failed. */
import type { Clock } from "../clock.js";
import { type Executed, RpcError, type RpcErrorCode, type RpcPhase } from "../errors.js";
import type { CallOptions, Target } from "./types.js";

export interface CallScope {
  /** What the caller named, for messages. */
  readonly name: string;
  /** When the whole call is over, on the clock's scale; infinity without `timeoutMs`. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
  readonly sendTimeoutMs: number;
  readonly recvTimeoutMs: number;
  /** Kept up to date by whoever takes the call a step further. */
  phase: RpcPhase;
  executed: Executed;
  /** An error that says where the call stands. */
  error(code: RpcErrorCode, message: string, cause?: unknown): RpcError;
  /** Throws if the caller has aborted or the deadline is over. */
  check(): void;
  /** What a link or a peer threw, told as this call's failure. */
  wrap(error: unknown): unknown;
}

const DEFAULT_TIMEOUT_MS = 1000;

export function createCallScope(target: Target, options: CallOptions | undefined, clock: Clock): CallScope {
  const name = typeof target === "string" ? target : `0x${target.toString(16).padStart(8, "0")}`;
  const timeoutMs = options?.timeoutMs ?? Number.POSITIVE_INFINITY;
  const scope: CallScope = {
    name,
    deadline: clock.now() + timeoutMs,
    signal: options?.signal,
    sendTimeoutMs: options?.sendTimeoutMs ?? DEFAULT_TIMEOUT_MS,
    recvTimeoutMs: options?.recvTimeoutMs ?? DEFAULT_TIMEOUT_MS,
    phase: "queue",
    executed: "no",
    error(code, message, cause) {
      return new RpcError(code, `${name}: ${message}`, {
        phase: scope.phase,
        executed: scope.executed,
        cause,
      });
    },
    check() {
      if (scope.signal?.aborted) throw scope.error("aborted", "the call was aborted", scope.signal.reason);
      if (clock.now() >= scope.deadline) throw scope.error("timeout", `not done within ${timeoutMs} ms`);
    },
    wrap(error) {
      const isOfLink = error instanceof RpcError && error.phase === "open";
      return isOfLink ? scope.error(error.code, error.message, error.cause ?? error) : error;
    },
  };
  return scope;
}
