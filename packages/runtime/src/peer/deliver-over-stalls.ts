/**
 * The first half of a paced call over a line that loses nothing and may stall (`stallsMs`): the command goes out, and
 * goes out again only once it is proved that no slave has run it, however long the line holds back what is under way.
 *
 * The proof is the order of things (`header-ledger.ts`). Lone headers follow the command, which run nothing; if one that
 * was sent behind it is acknowledged and its data was not, it never will be. A slave of ours acknowledges whatever
 * it is sent, so the command's own acknowledgements come, late as they may be. A slave that is found to miss headers
 * is spoken to as over any other line from there on.
 */
import { BOTH_REQUESTS, BOTH_REQUESTS_BYTES, HEADER_EXCHANGE_BYTES } from "./call-packets.js";
import { deliverCommand, measure, requestAhead, sendCommand } from "./deliver-command.js";
import type { HeaderLedger } from "./header-ledger.js";
import { putHeaders } from "./rest-over-stalls.js";
import type { Talk } from "./talk.js";

const SPACING_GROWTH = 1.5;
const LONGEST_SPACING_MS = 100;

/** As `deliverCommand`. */
export async function deliverOverStalls(talk: Talk, ledger: HeaderLedger): Promise<void> {
  const { line, heard, scope, command } = talk;
  const { clock } = line;
  // What comes first may answer a header that was sent before.
  if (ledger.open > 0) talk.isMeasured = true;
  for (let attempt = 0; clock.now() < talk.until; attempt++) {
    talk.tellRetry("command", attempt);
    await sendRound(talk, ledger, attempt);
    const isProved = heard.dataAt !== null || (await isUnheard(talk, ledger));
    if (heard.dataAt !== null) {
      ledger.close(talk.commandPlace);
      return line.forgetHeaders();
    }
    if (!isProved && ledger.isMissing && mayGoOnElsewhere(talk)) return deliverCommand(talk);
    // Something damaged came: whoever sits between the line and the slave may have lost an acknowledgement.
    if (!isProved || (talk.isFaulty && !command.isRepeatable)) break;
    talk.forgetCommand();
    scope.executed = "no";
  }
  await lastChance(talk, ledger);
}

/** Whether the command may go out once more with no proof: a slave that ran it holds its result, and is deaf. */
function mayGoOnElsewhere({ command, requestsSentAt, sinceDataMs, line }: Talk): boolean {
  return command.isRepeatable || (requestsSentAt.length === 0 && line.patience.mayRepeat(sinceDataMs));
}

/** Sends the command, in one trip the requests too, and hears what comes in the time that an answer usually takes. */
async function sendRound(talk: Talk, ledger: HeaderLedger, attempt: number): Promise<void> {
  const { line, heard, plan } = talk;
  const { clock, patience } = line;
  const isDataHeard = () => heard.dataAt !== null;
  const sentAt = clock.now();
  talk.commandsSentAt.push(sentAt);
  line.tally.tries.command += 1;
  await sendCommand(talk);
  talk.commandPlace = ledger.last;
  const windowMs = patience.windowMs(attempt, HEADER_EXCHANGE_BYTES);
  const dueAt = Math.max(sentAt + windowMs, clock.now() + 1);
  if (plan.shape === "one-trip" && attempt === 0 && talk.wireFreeAt + plan.pauseMs < dueAt) {
    await requestAhead(talk, dueAt, () => heard.headers > 0);
  }
  await talk.listen(dueAt + patience.dataRestMs(talk.dataBytes), isDataHeard);
  measure(talk);
}

/**
 * True once it is proved that the command was not run, or its data was acknowledged after all; false when the time is
 * over before that.
 */
async function isUnheard(talk: Talk, ledger: HeaderLedger): Promise<boolean> {
  const { line, scope, heard, header } = talk;
  const { clock, patience } = line;
  talk.isMeasured = true;
  const isEnough = () => heard.dataAt !== null || ledger.heard > talk.commandPlace;
  let spacingMs = Math.max(patience.headerSpacingMs, patience.windowMs(0, HEADER_EXCHANGE_BYTES));
  let isHeard = false;
  while (clock.now() < talk.until && !ledger.isMissing) {
    const headersBefore = heard.headers;
    const sent = await putHeaders(line, ledger, scope, header, isHeard);
    if (await talk.listen(Math.min(clock.now() + spacingMs, talk.until), isEnough)) break;
    const came = heard.headers - headersBefore;
    ledger.noteTogether(sent, came);
    isHeard = came > 0;
    // The line stalls, or the slave is deaf: more of them help little.
    if (came === 0) spacingMs = Math.min(spacingMs * SPACING_GROWTH, Math.max(LONGEST_SPACING_MS, spacingMs));
  }
  if (!isEnough()) return false;
  // A stock slave waits for data in vain now; what comes meanwhile would be taken for it.
  await talk.listen(clock.now() + patience.pauseAfterLoneHeaderMs, () => heard.dataAt !== null);
  if (heard.dataAt === null) talk.noteProof();
  return true;
}

/**
 * The time is over. What is under way may still come, and requests take the result off the slave's hands, if it has one;
 * the next call waits until all of that has passed.
 */
async function lastChance(talk: Talk, ledger: HeaderLedger): Promise<void> {
  const { line, scope, heard } = talk;
  const { clock, patience } = line;
  if (talk.isFaulty) patience.noteFault();
  if (talk.dataSentAt !== null) {
    talk.noteRequest();
    await talk.put(BOTH_REQUESTS);
    const restMs = patience.restMs(0, BOTH_REQUESTS_BYTES);
    await talk.listen(clock.now() + restMs, () => heard.dataAt !== null);
    if (heard.dataAt !== null) return ledger.close(talk.commandPlace);
  }
  throw scope.error("timeout", `no acknowledgement within ${Math.round(clock.now() - talk.startedAt)} ms`);
}
