/**
 * One call spoken as `patience.ts` plans it: paired, or in one trip. Commands go out until one is
 * acknowledged, requests until one is answered; in one trip the first requests follow the command without
 * waiting. Whatever is to be sent next, what comes meanwhile is heard.
 */
import type { CallScope } from "./call-scope.js";
import { type Command, commandDeadline } from "./command.js";
import { deliverCommand } from "./deliver-command.js";
import { deliverOverStalls } from "./deliver-over-stalls.js";
import { fetchResult } from "./fetch-result.js";
import type { Line } from "./line.js";
import { bringToRest } from "./rest.js";
import { createTalk, type Talk } from "./talk.js";

export async function speakPaced(line: Line, scope: CallScope, command: Command): Promise<Uint8Array> {
  const { clock, patience } = line;
  let until = commandDeadline(scope, command.isRepeatable, clock.now());
  for (;;) {
    scope.phase = "command";
    const hasKnocked = await bringToRest(line, scope, command, until);
    // The slave is there: what it took to find that out is not the command's time.
    if (hasKnocked && !command.isRepeatable) until = commandDeadline(scope, false, clock.now());
    const talk = createTalk({ line, scope, command, until, hasKnocked });
    const { ledger } = line;
    await (ledger === null || ledger.isMissing ? deliverCommand(talk) : deliverOverStalls(talk, ledger));
    scope.phase = "result";
    const answer = await fetchResult(talk);
    if (answer !== null) {
      if (mayHaveMoreToCome(talk)) line.state = "unsettled";
      return answer;
    }
    // A result that was announced did not come; silence alone may be a slow function.
    if (talk.heard.size !== null || talk.isFaulty) patience.noteFault();
    if (!command.isRepeatable || clock.now() >= until) break;
    line.state = "unsettled";
  }
  throw scope.error("timeout", `no result within ${scope.recvTimeoutMs} ms`);
}

/**
 * Answers to later commands may be still to come, and would pass for the next call's: where a repeatable command went
 * out again although a result had been asked for before it, and that request may be the one that was answered; or where
 * the result came so soon that it answers a request from before a proof that proved nothing.
 */
function mayHaveMoreToCome({ commandsSentAt, requestsSentAt, heard, line }: Talk): boolean {
  const firstRequestAt = requestsSentAt[0] ?? 0;
  const isBehindRequest =
    (commandsSentAt.at(-1) ?? 0) > firstRequestAt && heard.datas < commandsSentAt.length;
  const isTooSoon = heard.sizeAt < firstRequestAt + (line.patience.roundTripMs ?? 0) / 2;
  return isBehindRequest || isTooSoon;
}
