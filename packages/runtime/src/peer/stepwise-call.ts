/**
 * One call as a stock master speaks it: a packet, its answer, the next packet. It discards what has come
 * before each try and starts over from the first packet of a phase. What it does beyond a stock master: it
 * stops repeating before the slave could run the function twice, and asks for the result of a command
 * whose data was never acknowledged, which tells whether it ran and takes the result off the slave's hands.
 *
 * On I2C and SPI there is no other way, because a read must fit what the slave holds out. There a slave refuses
 * what it does not wait for (I2C) or misses it (SPI): a packet is offered as long as there is time for it, and
 * after a miss the bus is left alone for a moment, so that the slave can go back to what it waits for. On SPI, where
 * a slave may have stopped in the middle of a packet, the master then clocks it to the beginning of the next.
 */
import { sleep } from "../clock.js";
import { lengthOfPieces } from "../link/put-pieces.js";
import {
  COMMAND_PAYLOAD,
  encodeCommand,
  encodePacket,
  encodePieces,
  Magic,
  PACKET_OVERHEAD,
  readU32,
} from "../packet/packet.js";
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
import { type Line, STRAY_MS } from "./line.js";

/** How late a busy host may be. */
const LONGEST_LATENESS_MS = 250;
/** What a slave on SPI needs to wait anew after a transfer that was nothing to it. */
const LISTENS_AGAIN_MS = 1;
/** So often there a slave that nobody hears of is clocked out of whatever it waits for. */
const TRIES_TO_GET_IN_STEP = 5;
/** As much of a frame that a slave still holds out is clocked then, the first time and later. */
const FRAME_BYTES = 1024;
const LARGE_FRAME_BYTES = 8192;
/** All reads there move a slave that waits for a header by a multiple of 4 of its bytes. */
const HEADER_BYTES = COMMAND_PAYLOAD + PACKET_OVERHEAD;
const PLACES_IN_A_HEADER = HEADER_BYTES / PACKET_OVERHEAD;

export async function speakStepwise(line: Line, scope: CallScope, command: Command): Promise<Uint8Array> {
  await letStraysPass(line, scope);
  try {
    return await speak(line, scope, command);
  } catch (error) {
    expectStrays(line);
    throw error;
  }
}

/** Something was said once more, or was given up: where packets overtake each other, it may come behind later ones. */
function expectStrays(line: Line): void {
  if (line.link.traits.keepsOrder === false) line.strayUntil = line.clock.now() + STRAY_MS;
}

/**
 * A command that came late would run again once its result was asked for, and late answers would pass for the next
 * call's: nothing in a packet says which call it belongs to. So they are waited for.
 */
async function letStraysPass(line: Line, scope: CallScope): Promise<void> {
  const { clock, strayUntil } = line;
  if (clock.now() >= strayUntil) return;
  await sleep(clock, Math.min(strayUntil, scope.deadline) - clock.now(), scope.signal);
  scope.check();
}

async function speak(line: Line, scope: CallScope, command: Command): Promise<Uint8Array> {
  const { clock } = line;
  const until = commandDeadline(scope, command.isRepeatable, clock.now());
  if (line.state === "unsettled" || (line.isExact && line.state === "fresh"))
    await settle(line, scope, until);
  else await line.link.flush();
  for (;;) {
    scope.phase = "command";
    await deliver(line, scope, command, until);
    scope.phase = "result";
    const answer = await fetchResult(line, scope);
    if (answer !== null) return answer;
    if (!command.isRepeatable || clock.now() >= until) break;
    await settle(line, scope, until);
  }
  throw scope.error("timeout", `no result within ${scope.recvTimeoutMs} ms`);
}

async function settle(line: Line, scope: CallScope, until: number): Promise<void> {
  await line.settle(scope, until);
  await letListen(line, scope);
}

/**
 * A slave on SPI that missed a packet, or a part of one, may wait for the rest of it and take a header for that. So
 * tries begin at each place of a header that it may have come to, and now and then with so many clocks that whatever
 * it waits for is over. What is clocked is what a read clocks, which no slave takes for a packet.
 */
async function getInStep(line: Line, scope: CallScope, attempt: number): Promise<void> {
  const isLong = attempt % TRIES_TO_GET_IN_STEP === TRIES_TO_GET_IN_STEP - 1;
  // What was offered is known; a frame that nobody fetched is not.
  const unknownBytes = Math.min(
    FRAME_BYTES * 2 ** Math.floor(attempt / TRIES_TO_GET_IN_STEP),
    LARGE_FRAME_BYTES,
  );
  const steps = isLong ? Math.ceil(Math.max(line.longestBytes, unknownBytes) / HEADER_BYTES) : 0;
  const byteLength = steps * HEADER_BYTES + ((attempt - 1) % PLACES_IN_A_HEADER) * PACKET_OVERHEAD;
  if (byteLength > 0) {
    await line.link.putBytes(new Uint8Array(byteLength), line.patience.putMs(byteLength), scope.signal);
  }
  await letListen(line, scope);
}

/** On SPI a read in vain may have been the end of what the slave waited for. */
async function letListen(line: Line, scope: CallScope): Promise<void> {
  if (isBlind(line)) await sleep(line.clock, LISTENS_AGAIN_MS, scope.signal);
}

/** Sends header and data until both are acknowledged. */
async function deliver(line: Line, scope: CallScope, command: Command, until: number): Promise<void> {
  const { clock, patience } = line;
  const header = encodePacket(Magic.COMMAND_HEADER, encodeCommand(command.id, command.argument.length));
  const data = encodePieces(Magic.COMMAND_DATA, command.argument);
  const startedAt = clock.now();
  let dataSentAt: number | null = null;
  /** That went out since one was acknowledged. */
  let headers = 0;
  let firstHeaderAt = 0;
  let hasAskedForOld = false;
  for (let attempt = 0; clock.now() < until; attempt++) {
    const mustStop = !command.isRepeatable && dataSentAt !== null;
    if (mustStop && !patience.mayRepeat(clock.now() - (dataSentAt ?? 0))) break;
    if (attempt > 0) {
      tellRetry(line, scope, "command", attempt, startedAt);
      expectStrays(line);
    }
    await line.link.flush();
    if (isBlind(line) && attempt > 0) await getInStep(line, scope, attempt);
    line.tally.tries.command += 1;
    // A slave that holds the result refuses it, and would run it again as soon as it has given the result up.
    const leftMs = mustStop
      ? patience.repeatLeftMs(clock.now() - (dataSentAt ?? 0))
      : Number.POSITIVE_INFINITY;
    const offeredUntil = Math.min(until, clock.now() + leftMs);
    const ackMs = await offerHeader(line, scope, header, attempt, offeredUntil, dataSentAt !== null);
    if (ackMs !== null) {
      // From here on: what the link has waited before it wrote is no time that the slave took.
      if (headers === 0) firstHeaderAt = clock.now();
      headers += 1;
    }
    if (ackMs !== null && (await line.await([HEADER_ACK], scope, ackMs)) !== null) {
      // Which of several is acknowledged nobody knows: the first, at the worst.
      line.link.turnaround?.note(clock.now() - firstHeaderAt, headers === 1);
      headers = 0;
    } else {
      await leaveAlone(line, scope, attempt);
      if (line.state === "unsettled") {
        hasAskedForOld = true;
        await takeForgottenResult(line, scope, attempt, until);
        expectStrays(line);
      }
      continue;
    }
    line.state = "clean";
    // Those requests must not take this call's result.
    if (hasAskedForOld) await letStraysPass(line, scope);
    hasAskedForOld = false;
    scope.executed = "unknown";
    await turn(line, scope);
    const isTaken = await line.offer(data, scope, Math.min(until, clock.now() + LONGEST_LATENESS_MS));
    // A slave that holds the result holds it from here on, at the earliest.
    dataSentAt ??= clock.now();
    const takenAt = clock.now();
    const restMs = windowFor(line, patience.restMs(attempt, lengthOfPieces(data)));
    const ack = isTaken ? await line.await([DATA_ACK], scope, restMs) : null;
    patience.noteTurn(ack !== null);
    if (ack !== null) {
      line.link.turnaround?.note(clock.now() - takenAt, true);
      // Until its result is asked for, a slave knows a command that comes once more.
      if (attempt > 0) await letStraysPass(line, scope);
      return;
    }
    await leaveAlone(line, scope, attempt);
  }
  if (dataSentAt !== null) await askWhetherItRan(line, scope);
  throw scope.error("timeout", `no acknowledgement within ${Math.round(until - startedAt)} ms`);
}

/** How long to wait for its acknowledgement; null where the slave did not take it. */
async function offerHeader(
  line: Line,
  scope: CallScope,
  header: Uint8Array,
  attempt: number,
  until: number,
  isRepeat: boolean,
): Promise<number | null> {
  const windowMs = line.patience.windowMs(attempt, header.length);
  const offeredAt = line.clock.now();
  // A slave that holds a forgotten result refuses commands as long as it does: it is to be asked for that.
  const offerMs = line.state === "unsettled" ? windowMs : LONGEST_LATENESS_MS;
  const offeredUntil = isRepeat && line.state === "clean" ? until : Math.min(until, offeredAt + offerMs);
  if (!(await line.offer(header, scope, offeredUntil))) {
    // Or it holds something else out, as a stream's last frame; whatever it is, a read takes it off its hands.
    if (!isRepeat && line.isExact) await line.await([HEADER_ACK], scope, windowMs);
    // The program before this one may have left a result there.
    if (!isRepeat && line.state === "fresh") line.state = "unsettled";
    return null;
  }
  // Refused so long, it was holding an answer out that we did not wait for.
  const refusedMs = line.isExact ? Math.min(line.clock.now() - offeredAt, LONGEST_LATENESS_MS) : 0;
  return windowFor(line, Math.max(windowMs, refusedMs));
}

/** A slave that was late before may be as late again. */
function windowFor(line: Line, windowMs: number): number {
  return Math.max(windowMs, 2 * (line.link.turnaround?.ms ?? 0));
}

/** A slave that has just answered may need a moment to listen again, and on SPI nobody says when it does. */
async function turn(line: Line, scope: CallScope): Promise<void> {
  const { turnMs } = line.patience;
  if (isBlind(line) && turnMs > 0) await sleep(line.clock, turnMs, scope.signal);
}

const isBlind = ({ link }: Line): boolean => link.traits.tellsReady === false;

/** Between two tries on I2C and SPI; other lines keep what comes too soon. */
async function leaveAlone(line: Line, scope: CallScope, attempt: number): Promise<void> {
  if (line.isExact) await sleep(line.clock, line.patience.windowMs(attempt, 0) / 2, scope.signal);
}

/** If the slave holds the result of a call that was given up, this takes it, and the slave listens again. */
async function takeForgottenResult(
  line: Line,
  scope: CallScope,
  attempt: number,
  until: number,
): Promise<void> {
  const windowMs = windowFor(line, line.patience.windowMs(attempt, BOTH_REQUESTS_BYTES));
  if (await takeResult(line, scope, windowMs)) await line.settle(scope, until);
}

/** It comes last: a command must never follow it, or it may run twice. */
async function askWhetherItRan(line: Line, scope: CallScope): Promise<void> {
  const windowMs = windowFor(line, line.patience.restMs(0, BOTH_REQUESTS_BYTES));
  if (await takeResult(line, scope, windowMs)) scope.executed = "yes";
}

/** Whether there was a result; the slave has none in its hands any more, or gives it out in a moment. */
async function takeResult(line: Line, scope: CallScope, windowMs: number): Promise<boolean> {
  if (!line.isExact) {
    await line.put(BOTH_REQUESTS, scope);
    return (await line.await([RESULT_HEADER], scope, windowMs)) !== null;
  }
  if (!(await line.offer(HEADER_REQUEST, scope, line.clock.now() + windowMs))) return false;
  const header = await line.await([RESULT_HEADER], scope, windowMs);
  if (header === null) return false;
  const size = readU32(header.payload, 0);
  if (size <= line.maxMessageBytes) await fetchData(line, scope, size, 0);
  return true;
}

/** Asks for the result until it comes, or null. Both acknowledgements were heard, so it is this call's. */
async function fetchResult(line: Line, scope: CallScope): Promise<Uint8Array | null> {
  const { clock, patience, maxMessageBytes } = line;
  const startedAt = clock.now();
  const until = startedAt + scope.recvTimeoutMs;
  for (let attempt = 0; clock.now() < until; attempt++) {
    if (attempt > 0) {
      await leaveAlone(line, scope, attempt);
      tellRetry(line, scope, "result", attempt, startedAt);
    }
    await line.link.flush();
    if (attempt === 0) await turn(line, scope);
    line.tally.tries.result += 1;
    if (!(await line.offer(HEADER_REQUEST, scope, until))) break;
    const windowMs = windowFor(line, patience.windowMs(attempt, BOTH_REQUESTS_BYTES));
    const header = await line.await([RESULT_HEADER], scope, Math.min(windowMs, until - clock.now()));
    if (header === null) continue;
    scope.executed = "yes";
    const size = readU32(header.payload, 0);
    if (size > maxMessageBytes) {
      throw scope.error("too-large", `a result of ${size} bytes; at most ${maxMessageBytes} are accepted`);
    }
    const data = await fetchData(line, scope, size, attempt);
    if (data !== null) return data;
    expectStrays(line);
  }
  return null;
}

async function fetchData(
  line: Line,
  scope: CallScope,
  size: number,
  attempt: number,
): Promise<Uint8Array | null> {
  await turn(line, scope);
  if (!(await line.offer(DATA_REQUEST, scope, line.clock.now() + LONGEST_LATENESS_MS))) return null;
  // It is on its way, and a slave gives it once: whoever discards it as late has lost it.
  const restMs = Math.max(line.patience.restMs(attempt, size + PACKET_OVERHEAD), LONGEST_LATENESS_MS);
  const data = await line.await([resultData(size)], scope, restMs);
  line.patience.noteTurn(data !== null);
  return data?.payload ?? null;
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
