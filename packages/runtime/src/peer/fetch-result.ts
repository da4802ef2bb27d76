/**
 * The second half of a paced call: requests for the result go out until it comes. Both acknowledgements were
 * heard before, so it is this call's. The first requests may be under way already, in one trip.
 */
import { sleep } from "../clock.js";
import { PACKET_OVERHEAD } from "../packet/packet.js";
import { BOTH_REQUESTS, BOTH_REQUESTS_BYTES } from "./call-packets.js";
import type { Talk } from "./talk.js";

const RESULT_HEADER_BYTES = 8;
/** After the result's header, requests that go unanswered so often say that the result is gone. */
const TRIES_FOR_A_LOST_RESULT = 4;
/** Of the time for the result, so that a wrong expectation leaves enough for tries. */
const LONGEST_PAUSE = 0.75;
/** Below this no host's timer would keep to it. */
const SHORTEST_WAIT_MS = 0.4;

/** The answer, or null if it did not come within the scope's `recvTimeoutMs`, or surely will not come any more. */
export async function fetchResult(talk: Talk): Promise<Uint8Array | null> {
  const { heard, scope, command } = talk;
  const { clock } = talk.line;
  const isSizeHeard = () => heard.size !== null;
  const isAnswered = () => heard.answer !== null;
  const endAt = clock.now() + scope.recvTimeoutMs;
  if (talk.requestsSentAt.length === 0) await sendFirstRequests(talk, endAt);
  let unanswered = 0;
  for (let attempt = 0; ; attempt++) {
    const lastSentAt = talk.requestsSentAt.at(-1) as number;
    const waitUntil = Math.min(lastSentAt + windowMs(talk, attempt), endAt);
    if ((await talk.listen(waitUntil, isSizeHeard)) && (await hearAnswer(talk, attempt))) return finish(talk);
    if (isSizeHeard()) unanswered += 1;
    const isGone = command.isRepeatable && unanswered > TRIES_FOR_A_LOST_RESULT;
    if (isGone || clock.now() >= endAt) return null;
    talk.tellRetry("result", attempt + 1);
    await sendRequests(talk, isAnswered, attempt + 1);
  }
}

/** A few requests close together; `isEnough` ends them. */
export async function sendRequests(talk: Talk, isEnough: () => boolean, attempt = 0): Promise<void> {
  const { clock, tally, patience } = talk.line;
  const { plan } = talk;
  const copies = talk.command.isFollowed ? 1 : patience.requestCopies(attempt, plan);
  const spacingMs = attempt === 0 ? plan.requestSpacingMs : plan.laterRequestSpacingMs;
  for (let copy = 1; ; copy++) {
    const sentAt = clock.now();
    talk.noteRequest();
    tally.tries.result += 1;
    await talk.put(BOTH_REQUESTS);
    if (copy >= copies) return;
    if (await talk.listen(sentAt + spacingMs, isEnough)) return;
  }
}

/** The acknowledgement was waited for, which is a part of the pause already. */
async function sendFirstRequests(talk: Talk, endAt: number): Promise<void> {
  const { heard, plan, line, scope } = talk;
  const tripMs = line.patience.roundTripMs ?? 0;
  talk.keptPauseMs = Math.max(tripMs, plan.pauseMs);
  const now = line.clock.now();
  const dueAt = Math.min((heard.dataAt ?? 0) + plan.pauseMs - tripMs, now + (endAt - now) * LONGEST_PAUSE);
  const waitMs = dueAt - now;
  if (waitMs >= SHORTEST_WAIT_MS) await sleep(line.clock, waitMs, scope.signal);
  scope.check();
  await sendRequests(talk, () => heard.size !== null);
}

function windowMs(talk: Talk, attempt: number): number {
  const { patience, clock } = talk.line;
  const bytes = BOTH_REQUESTS_BYTES + RESULT_HEADER_BYTES;
  const tripMs = talk.command.isFollowed ? patience.soleWindowMs(bytes) : patience.windowMs(attempt, bytes);
  return Math.max(tripMs, patience.patientWindowMs(clock.now() - (talk.requestsSentAt[0] ?? 0)));
}

/** Hears the rest of an answer that has begun. */
async function hearAnswer(talk: Talk, attempt: number): Promise<boolean> {
  const { heard, scope, line } = talk;
  const size = heard.size ?? 0;
  scope.executed = "yes";
  if (size > line.maxMessageBytes) {
    throw scope.error("too-large", `a result of ${size} bytes; at most ${line.maxMessageBytes} are accepted`);
  }
  const restMs = line.patience.restMs(attempt, size + PACKET_OVERHEAD);
  return talk.listen(line.clock.now() + restMs, () => heard.answer !== null);
}

function finish(talk: Talk): Uint8Array {
  const { heard, command, requestsSentAt, keptPauseMs } = talk;
  const { patience, ledger } = talk.line;
  // Whatever went out before them was answered before them.
  ledger?.close(talk.placeBeforeRequests);
  if (talk.isFaulty) patience.noteFault();
  else {
    // Later ones were still under way when the answer came.
    const onWireMs = patience.onWireMs(BOTH_REQUESTS_BYTES + RESULT_HEADER_BYTES);
    const latestAt = heard.sizeAt - (patience.roundTripMs ?? 0) - onWireMs;
    const missed = Math.max(0, requestsSentAt.filter((at) => at <= latestAt).length - 1);
    const answeredAfterMs = (requestsSentAt[missed] as number) - (requestsSentAt[0] as number);
    const inOneTrip = talk.plan.shape === "one-trip" ? isInOneTrip(talk) : null;
    patience.noteCall({ id: command.id, missed, keptPauseMs, answeredAfterMs, inOneTrip });
  }
  return heard.answer as Uint8Array;
}

/** Whether the requests that followed the first round of commands brought the result, and nothing had to be sent after them. */
function isInOneTrip({ isSilentAtFirst, commandsSentAt, requestsSentAt, plan }: Talk): boolean {
  const lastCommandAt = commandsSentAt.at(-1) ?? 0;
  const firstRequestAt = requestsSentAt[0] ?? 0;
  return !isSilentAtFirst && lastCommandAt <= firstRequestAt && requestsSentAt.length <= plan.requestCopies;
}
