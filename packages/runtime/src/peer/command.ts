/** What a master asks for: a function, its argument, and what is known of it beforehand. */
import { encodeCommand, encodePacket, Magic } from "../packet/packet.js";
import type { CallScope } from "./call-scope.js";

export interface Command {
  readonly id: number;
  readonly argument: Uint8Array;
  /** Whether more than an answer comes back: frames or raw bytes, into which no late request may fall. */
  readonly isFollowed: boolean;
  /** `@idempotent`, `@once`: may be sent again whatever became of it, as long as the deadline allows. */
  readonly isRepeatable: boolean;
}

/** The command's first packet. Alone it runs nothing; a slave that listens acknowledges it. */
export function headerOf({ id, argument }: Command): Uint8Array {
  return encodePacket(Magic.COMMAND_HEADER, encodeCommand(id, argument.length));
}

/**
 * Until when a command may be sent. Others than repeatable ones have `sendTimeoutMs` for it; those have one
 * deadline over all tries: the call's own, or both timeouts together.
 */
export function commandDeadline(scope: CallScope, isRepeatable: boolean, startedAt: number): number {
  if (!isRepeatable) return startedAt + scope.sendTimeoutMs;
  if (scope.deadline < Number.POSITIVE_INFINITY) return scope.deadline;
  return startedAt + scope.sendTimeoutMs + scope.recvTimeoutMs;
}
