/**
 * One call, from the master's side: deliver the command, then fetch the result.
 *
 * A packet carries no call number, so what an answer belongs to follows from the order of things alone:
 * bytes keep their order, and a slave answers in the order of what it is asked. So a result counts only if
 * both acknowledgements of this call came before it, and acknowledgements count only on a line where
 * nothing old is under way (`rest.ts`). How long to wait and what to send when is `patience.ts`'s.
 */
import { RpcError } from "../errors.js";
import type { CallScope } from "./call-scope.js";
import type { Command } from "./command.js";
import type { Line } from "./line.js";
import { speakPaced } from "./paced-call.js";
import { speakStepwise } from "./stepwise-call.js";

/** Runs one call on `line` and resolves with the raw answer; rejects with what `scope` makes of a failure. */
export async function runCall(line: Line, scope: CallScope, command: Command): Promise<Uint8Array> {
  scope.phase = "command";
  try {
    scope.check();
    const speak = line.patience.shape === "stepwise" ? speakStepwise : speakPaced;
    return await speak(line, scope, command);
  } catch (error) {
    line.state = "unsettled";
    // Over a line that opens itself again nothing old comes, but what a slave says that waited for it.
    if (error instanceof RpcError && error.phase === "open") line.ledger?.beginAnew();
    throw scope.wrap(error);
  }
}
