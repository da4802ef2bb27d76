import { lengthOfPieces } from "../link/put-pieces.js";
import { encodeCommand, encodePacket, encodePieces, Magic, readU32 } from "../packet/packet.js";
import {
  getInStep,
  isBlind,
  LONGEST_LATENESS_MS,
  leaveAlone,
  letListen,
  turn,
  windowFor,
} from "./bus-manners.js";
import {
  BOTH_REQUESTS,
  BOTH_REQUESTS_BYTES,
  DATA_ACK,
  HEADER_ACK,
  HEADER_REQUEST,
  RESULT_HEADER,
} from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import { type Command, commandDeadline } from "./command.js";
import { fetchData, fetchStepwise } from "./fetch-stepwise.js";
import type { Line } from "./line.js";
import { tellRetry } from "./stepwise-retry.js";
import { expectStrays, letStraysPass } from "./strays.js";

export async function speakStepwise(line: Line, scope: CallScope, command: Command): Promise<Uint8Array> {
  await letStraysPass(line, scope);
  try {
    return await speak(line, scope, command);
  } catch (error) {
    expectStrays(line);
    throw error;
  }
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
    const answer = await fetchStepwise(line, scope);
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
