/**
 * The first half of a paced call: the command goes out, in as many copies and rounds as it needs, until both
 * its packets are acknowledged. In one trip the first requests for the result follow each round.
 */
import { sleep } from "../clock.js";
import { PACKET_OVERHEAD } from "../packet/packet.js";
import { BOTH_REQUESTS, BOTH_REQUESTS_BYTES, HEADER_EXCHANGE_BYTES } from "./call-packets.js";
import { sendRequests } from "./fetch-result.js";
import { proveUnheard } from "./rest.js";
import type { Talk } from "./talk.js";

const ACKNOWLEDGEMENT_BYTES = PACKET_OVERHEAD;
const LEAST_WAIT_MS = 1;
/** Long data takes longer than its header's acknowledgement; its requests follow all the same. */
const LONGEST_AHEAD_MS = 5;
/** Behind such a command a proof costs less than what it is for. */
const LONG_ON_WIRE_MS = 200;

/** Returns once both acknowledgements were heard; throws what `scope` makes of it if they never are. */
export async function deliverCommand(talk: Talk): Promise<void> {
  const { line, heard } = talk;
  const { clock, patience } = line;
  let isHeaderHeard = false;
  for (let attempt = 0; clock.now() < talk.until; attempt++) {
    talk.tellRetry("command", attempt);
    const headersBefore = heard.headers;
    const strays = line.strayHeaders;
    const round = await sendRound(talk, attempt);
    const acknowledged = heard.headers - headersBefore;
    patience.noteCommands(round.copies, acknowledged);
    measure(talk);
    if (heard.dataAt !== null) return line.forgetHeaders();
    // As many may have been lone headers' that were sent before.
    if (acknowledged > strays) patience.noteDataMissed();
    isHeaderHeard ||= acknowledged > strays;
    if ((round.isAsked || mustProve(talk)) && !(await mayGoOn(talk, isHeaderHeard))) break;
    // The lone headers that went out meanwhile are still to be acknowledged.
    if (heard.dataAt !== null) return;
  }
  await lastChance(talk, isHeaderHeard);
}

/** Behind such a command it would be too late to prove that it was not run. */
function isTooLong({ command, commandBytes, line: { patience } }: Talk): boolean {
  return !command.isRepeatable && patience.onWireMs(commandBytes) > LONG_ON_WIRE_MS;
}

/** Whether it is to be proved that the command was not run before it goes out again. */
function mustProve(talk: Talk): boolean {
  const { sinceDataMs, command, line } = talk;
  const { patience } = line;
  if (!patience.mayRepeat(sinceDataMs)) return true;
  // As long as a proof is still possible.
  const isPossible = patience.isTrusted && !command.isRepeatable;
  return isPossible && (isTooLong(talk) || !patience.mayRepeat(sinceDataMs + patience.proofMs()));
}

interface Round {
  readonly copies: number;
  /** Whether a result was asked for before the data was acknowledged. */
  readonly isAsked: boolean;
}

/** Sends the command, in one trip the requests too, and hears what comes in the time that an answer may take. */
async function sendRound(talk: Talk, attempt: number): Promise<Round> {
  const { clock, patience } = talk.line;
  const { heard, plan, commandBytes } = talk;
  const headersBefore = heard.headers;
  const isHeaderHeard = () => heard.headers > headersBefore;
  const isDataHeard = () => heard.dataAt !== null;
  const most = isTooLong(talk) ? 1 : patience.commandCopies(attempt, commandBytes);
  let copies = 0;
  let lastSentAt: number;
  do {
    lastSentAt = clock.now();
    copies += 1;
    talk.line.tally.tries.command += 1;
    talk.commandsSentAt.push(lastSentAt);
    await sendCommand(talk);
    if (copies >= most || (await talk.listen(lastSentAt + plan.commandSpacingMs, isHeaderHeard))) break;
    // Something that began like a packet may have held us up.
  } while (!mustProve(talk));
  const windowMs = patience.windowMs(attempt, HEADER_EXCHANGE_BYTES);
  // This host may have taken longer than that to hand over a long command: what came meanwhile is still to be read.
  const headerAt = Math.max(lastSentAt + windowMs, clock.now() + LEAST_WAIT_MS);
  // A function that takes longer than the way there and back is asked once its command is acknowledged.
  const isSoon = talk.wireFreeAt + plan.pauseMs < Math.max(headerAt, talk.wireFreeAt + LONGEST_AHEAD_MS);
  // One trip that goes unheard costs most of all: after that, acknowledgements are waited for.
  const mayAsk = plan.shape === "one-trip" && attempt === 0 && isSoon;
  const isAsked = mayAsk && (await requestAhead(talk, headerAt, isHeaderHeard));
  // A slave that missed the header must have dropped the rest before the next one comes.
  const isLong = patience.onWireMs(commandBytes) > patience.spacingMs;
  const answerAt = Math.max(headerAt, isLong ? talk.wireFreeAt + patience.pauseAfterLoneHeaderMs : 0);
  await talk.listen(answerAt, isDataHeard);
  if (heard.headers > headersBefore && !isDataHeard()) {
    // Another copy of a long one takes longer than the latest acknowledgement.
    const usualMs = patience.windowMs(attempt, ACKNOWLEDGEMENT_BYTES);
    const dataMs = isLong ? Math.max(usualMs, patience.quietMs()) : usualMs;
    await talk.listen(talk.wireFreeAt + dataMs + patience.dataRestMs(talk.dataBytes), isDataHeard);
  }
  return { copies, isAsked };
}

/**
 * Header and data in one write: what a line does to one write it does not tear apart, and a slave waits 2 ms for
 * the data. Its receive buffer need not hold both, since it reads while the bytes come; where it is too slow
 * for that, a gap is learned.
 */
export async function sendCommand(talk: Talk): Promise<void> {
  const { line, scope, header, data } = talk;
  scope.executed = "unknown";
  line.ledger?.noteSent();
  const gapMs = line.patience.headerGapMs(talk.commandBytes);
  if (gapMs === 0) await talk.put([header, data]);
  else {
    await talk.put([header]);
    await sleep(line.clock, talk.wireFreeAt + gapMs - line.clock.now(), scope.signal);
    await talk.put([data]);
  }
  talk.dataSentAt ??= talk.wireFreeAt;
}

/** Of several commands nobody knows which one was answered: `patience.ts` makes of it what it can. */
export function measure(talk: Talk): void {
  const { patience } = talk.line;
  if (talk.isMeasured || talk.heard.headers === 0) return;
  talk.isMeasured = true;
  const onWireMs = patience.onWireMs(HEADER_EXCHANGE_BYTES);
  const elapsedMs = talk.commandsSentAt.map((at) => talk.heard.headerAt - at - onWireMs);
  patience.noteRoundTrip(elapsedMs);
}

/**
 * The requests of one trip, unless the data is acknowledged before their time comes, or it is clear by then
 * that the header was missed.
 */
export async function requestAhead(
  talk: Talk,
  headerAt: number,
  isHeaderHeard: () => boolean,
): Promise<boolean> {
  const { clock } = talk.line;
  const isDataHeard = () => talk.heard.dataAt !== null;
  if (await talk.listen(talk.wireFreeAt + talk.plan.pauseMs, isDataHeard)) return false;
  if (clock.now() >= headerAt && !isHeaderHeard()) return false;
  talk.keptPauseMs = talk.plan.pauseMs;
  await sendRequests(talk, () => talk.heard.size !== null);
  return true;
}

/**
 * The command may have been run and its result fetched, or given up by the slave, without a word of it heard.
 * It may go out again only if it surely never ran, unless running it twice does no harm. Only on a line that
 * has lost nothing so far does silence prove anything.
 */
async function mayGoOn(talk: Talk, isHeaderHeard: boolean): Promise<boolean> {
  const { heard, command, line } = talk;
  const mayHaveRun = () => heard.hasHeldResult || heard.datas > 0;
  const isHeard = mayHaveRun() || isHeaderHeard;
  if (!command.isRepeatable && (isHeard || !line.patience.isTrusted)) {
    // A slave that is slow, or far away today: as long as there is time, its word may come.
    if (isHeaderHeard && !mayHaveRun()) await talk.listen(talk.until, () => mayHaveRun());
    return heard.dataAt !== null;
  }
  const headersBefore = heard.headers;
  const outcome = await proveUnheard(talk);
  // Only later than expected, and before the acknowledgement of any lone header.
  if (outcome === "heard" && !talk.isSilentAtFirst) measure(talk);
  talk.isMeasured = true;
  if (outcome === "heard") return true;
  if (outcome === "unheard" && !mayHaveRun()) {
    talk.noteProof();
    talk.forgetCommand();
    return true;
  }
  // A slave that hears lone headers, though too few in the time, is there, and the line may be as good as ever.
  if (mayHaveRun() || heard.headers === headersBefore) line.patience.noteFault();
  if (command.isRepeatable) return true;
  // Nothing may be sent any more, but a slave that was kept from its turn may answer yet.
  await talk.listen(talk.until, mayHaveRun);
  return heard.dataAt !== null;
}

/**
 * No command may go out any more. What is still under way may come, and a request for the result tells
 * whether the slave has one; it comes last, since a command behind it may run twice.
 */
async function lastChance(talk: Talk, isHeaderHeard: boolean): Promise<void> {
  const { line, scope, heard } = talk;
  const { clock, patience } = line;
  // Silence alone says nothing of a line, nor does the acknowledgement of a lone header: the slave may be gone, or busy.
  if (isHeaderHeard || heard.datas > 0 || talk.isFaulty) patience.noteFault();
  if (talk.dataSentAt !== null) {
    await talk.put(BOTH_REQUESTS);
    talk.noteRequest();
    const restMs = patience.restMs(0, BOTH_REQUESTS_BYTES);
    await talk.listen(clock.now() + restMs, () => heard.hasHeldResult || heard.dataAt !== null);
    if (heard.dataAt !== null) return;
    if (heard.hasHeldResult) scope.executed = "yes";
  }
  throw scope.error("timeout", `no acknowledgement within ${Math.round(clock.now() - talk.startedAt)} ms`);
}
