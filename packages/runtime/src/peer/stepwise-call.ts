/**
 * One call as a stock master speaks it: a packet, its answer, the next packet. It discards what has come
 * before each try and starts over from the first packet of a phase. What it does beyond a stock master: it
 * stops repeating before the slave could run the function twice, and asks for the result of a command
 * whose data was never acknowledged, which tells whether it ran and takes the result off the slave's hands.
 */
import { sleep } from "../clock.js";
import { encodeCommand, encodePacket, Magic, PACKET_OVERHEAD, readU32 } from "../packet/packet.js";
import {
  BOTH_REQUESTS,
  BOTH_REQUESTS_BYTES,
  DATA_ACK,
  DATA_REQUEST,
  HEADER_ACK,
  HEADER_REQUEST,
  RESULT_HEADER,
  resultData,
} from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import { type Command, commandDeadline } from "./command.js";
import type { Line } from "./line.js";

/** The window of this try, 7 ms, is not exceeded there. */
const LONGEST_BLIND_ATTEMPT = 3;
/** Below this no host's timer would keep to it. */
const SHORTEST_TURN_MS = 0.1;
/** Every so many tries in vain a slave that nobody hears of is clocked out of whatever it waits for. */
const TRIES_TO_GET_IN_STEP = 5;
/** All reads move a slave that waits for a header by a multiple of 4 of its bytes. */
const HEADER_BYTES = 12;
const PLACES_IN_A_HEADER = 3;
const LISTENS_AGAIN_MS = 1;
/** Short enough that nothing is read twice. */
const ONE_TRANSFER_MS = 0.1;
/** How late a busy host may be. */
const LONGEST_LATENESS_MS = 250;

export async function speakStepwise(line: Line, scope: CallScope, command: Command): Promise<Uint8Array> {
  const { clock } = line;
  const until = commandDeadline(scope, command.isRepeatable, clock.now());
  const mayHaveOld =
    line.state === "unsettled" || (line.state === "fresh" && line.link.traits.framing === "exact");
  if (mayHaveOld) await line.settle(scope, until);
  else await line.link.flush();
  for (;;) {
    scope.phase = "command";
    await deliver(line, scope, command, until);
    scope.phase = "result";
    const answer = await fetchResult(line, scope);
    if (answer !== null) return answer;
    if (!command.isRepeatable || clock.now() >= until) break;
    await line.settle(scope, until);
  }
  throw scope.error("timeout", `no result within ${scope.recvTimeoutMs} ms`);
}

/** Sends header and data until both are acknowledged. */
async function deliver(line: Line, scope: CallScope, command: Command, until: number): Promise<void> {
  const { clock, patience } = line;
  const header = encodePacket(Magic.COMMAND_HEADER, encodeCommand(command.id, command.argument.length));
  const data = encodePacket(Magic.COMMAND_DATA, command.argument);
  const startedAt = clock.now();
  let dataSentAt: number | null = null;
  for (let attempt = 0; clock.now() < until; attempt++) {
    const mustStop = !command.isRepeatable && dataSentAt !== null;
    if (mustStop && !patience.mayRepeat(clock.now() - (dataSentAt ?? 0))) break;
    if (attempt > 0) tellRetry(line, scope, "command", attempt, startedAt);
    await line.link.flush();
    if (line.isBlind && attempt > 0) await getInStep(line, scope, attempt);
    line.tally.tries.command += 1;
    const headerMs = Math.min(
      offerMs(line, attempt, header.length),
      repeatUntil(line, command, dataSentAt, until),
    );
    const isTaken = await line.offer(header, scope, headerMs);
    if (!isTaken || !(await line.await([HEADER_ACK], scope, windowMs(line, attempt, header.length)))) {
      const mayHold = line.state === "unsettled" && !(line.isBlind && attempt % 2 === 0);
      if (mayHold) await takeForgottenResult(line, scope, attempt, until);
      continue;
    }
    line.state = "clean";
    dataSentAt ??= clock.now();
    scope.executed = "unknown";
    await turn(line, scope);
    const isDataTaken = await line.offer(
      data,
      scope,
      Math.min(patience.putMs(data.length), dataMs(line, until)),
    );
    const ack = isDataTaken
      ? await line.await([DATA_ACK], scope, patience.restMs(attempt, data.length))
      : null;
    patience.noteTurn(ack !== null);
    if (ack !== null) return;
  }
  if (dataSentAt !== null) await askWhetherItRan(line, scope);
  throw scope.error("timeout", `no acknowledgement within ${Math.round(until - startedAt)} ms`);
}

/** Where nobody says that a slave was not ready, a packet that is soon said again has better chances than a long wait. */
function windowMs({ patience, isBlind }: Line, attempt: number, bytes: number): number {
  return patience.windowMs(isBlind ? Math.min(attempt, LONGEST_BLIND_ATTEMPT) : attempt, bytes);
}

/** A slave that has just answered may need a moment to listen again, and nobody says when it does. */
async function turn({ isBlind, patience, clock }: Line, scope: CallScope): Promise<void> {
  if (isBlind && patience.turnMs >= SHORTEST_TURN_MS) await sleep(clock, patience.turnMs, scope.signal);
}

/**
 * A slave that missed a packet, or a part of one, may wait for the rest of it and take a header for that; and every
 * read while it waits for a header has moved it on by so much. So tries begin at each place that it may have come to, and
 * now and then with so many clocks that whatever it waits for is over.
 */
async function getInStep(
  { link, longestBytes, clock }: Line,
  scope: CallScope,
  attempt: number,
): Promise<void> {
  const isLong = attempt % TRIES_TO_GET_IN_STEP === TRIES_TO_GET_IN_STEP - 1;
  const steps = isLong ? Math.ceil(longestBytes / HEADER_BYTES) : 0;
  const bytes = steps * HEADER_BYTES + (attempt % PLACES_IN_A_HEADER) * PACKET_OVERHEAD;
  if (bytes > 0) await link.getBytes(new Uint8Array(bytes), ONE_TRANSFER_MS, scope.signal);
  await sleep(clock, LISTENS_AGAIN_MS, scope.signal);
}

/** A slave that is busy refuses a packet; there may be something else to say to it. */
function offerMs({ patience, refuses }: Line, attempt: number, bytes: number): number {
  return refuses ? patience.windowMs(attempt, bytes) : patience.putMs(bytes);
}

/**
 * How long a header may be offered: once data went out, a slave that refuses it may hold the result, and would run the
 * command again as soon as it has given that up.
 */
function repeatUntil(
  { clock, patience }: Line,
  command: Command,
  dataSentAt: number | null,
  until: number,
): number {
  const leftMs = until - clock.now();
  if (command.isRepeatable || dataSentAt === null) return leftMs;
  return Math.min(leftMs, patience.repeatLeftMs(clock.now() - dataSentAt));
}

/** A slave that has acknowledged the header waits for the data; one that was reset then never takes it. */
const dataMs = ({ clock, refuses }: Line, until: number): number =>
  refuses ? Math.max(until - clock.now(), LONGEST_LATENESS_MS) : Number.POSITIVE_INFINITY;

/** If the slave holds the result of a call that was given up, this takes it, and the slave listens again. */
async function takeForgottenResult(
  line: Line,
  scope: CallScope,
  attempt: number,
  until: number,
): Promise<void> {
  const waitMs = windowMs(line, attempt, BOTH_REQUESTS_BYTES);
  if (await askForHeld(line, scope, waitMs)) await line.settle(scope, until);
}

/** Whether the slave says that it holds a result; it has given it away then. */
async function askForHeld(line: Line, scope: CallScope, windowMs: number): Promise<boolean> {
  if (!line.refuses) {
    await line.put(BOTH_REQUESTS, scope);
    return (await line.await([RESULT_HEADER], scope, windowMs)) !== null;
  }
  if (!(await line.offer(HEADER_REQUEST, scope, windowMs))) return false;
  const header = await line.await([RESULT_HEADER], scope, windowMs);
  if (header === null) return false;
  if (await line.offer(DATA_REQUEST, scope, windowMs)) {
    const size = readU32(header.payload, 0);
    const restMs = line.patience.restMs(0, size + PACKET_OVERHEAD);
    if (size <= line.maxMessageBytes)
      await line.await([resultData(size)], scope, Math.max(restMs, LONGEST_LATENESS_MS));
  }
  return true;
}

/** It comes last: a command must never follow it, or it may run twice. */
async function askWhetherItRan(line: Line, scope: CallScope): Promise<void> {
  const windowMs = line.patience.restMs(0, BOTH_REQUESTS_BYTES);
  if (await askForHeld(line, scope, windowMs)) scope.executed = "yes";
}

/** Asks for the result until it comes, or null. Both acknowledgements were heard, so it is this call's. */
async function fetchResult(line: Line, scope: CallScope): Promise<Uint8Array | null> {
  const { clock, patience, maxMessageBytes } = line;
  const startedAt = clock.now();
  const until = startedAt + scope.recvTimeoutMs;
  for (let attempt = 0; clock.now() < until; attempt++) {
    if (attempt > 0) tellRetry(line, scope, "result", attempt, startedAt);
    await line.link.flush();
    if (attempt === 0) await turn(line, scope);
    // A read that nothing came of was the end of what the slave waited for.
    else if (line.isBlind) await sleep(clock, LISTENS_AGAIN_MS, scope.signal);
    line.tally.tries.result += 1;
    // A function that runs for long takes none of them, and the one that waits then is the first to be heard.
    const offeredMs = line.refuses ? until - clock.now() : patience.putMs(HEADER_REQUEST.length);
    if (!(await line.offer(HEADER_REQUEST, scope, offeredMs))) continue;
    const waitMs = Math.min(windowMs(line, attempt, BOTH_REQUESTS_BYTES), until - clock.now());
    const header = await line.await([RESULT_HEADER], scope, waitMs);
    if (header === null) continue;
    scope.executed = "yes";
    const size = readU32(header.payload, 0);
    if (size > maxMessageBytes) {
      throw scope.error("too-large", `a result of ${size} bytes; at most ${maxMessageBytes} are accepted`);
    }
    await turn(line, scope);
    if (
      !(await line.offer(
        DATA_REQUEST,
        scope,
        Math.min(patience.putMs(DATA_REQUEST.length), LONGEST_LATENESS_MS),
      ))
    )
      continue;
    // It is on its way, and a slave gives it once: whoever discards it as late has lost it.
    const leastMs = line.isBlind ? 0 : LONGEST_LATENESS_MS;
    const restMs = Math.max(patience.restMs(attempt, size + PACKET_OVERHEAD), leastMs);
    const data = await line.await([resultData(size)], scope, restMs);
    patience.noteTurn(data !== null);
    if (data !== null) return data.payload;
  }
  return null;
}

function tellRetry(
  line: Line,
  scope: CallScope,
  phase: "command" | "result",
  attempt: number,
  startedAt: number,
): void {
  if (!line.tally.hasListeners) return;
  const elapsedMs = line.clock.now() - startedAt;
  line.tally.tellRetry({ name: scope.name, phase, attempt, shape: "stepwise", elapsedMs });
}
