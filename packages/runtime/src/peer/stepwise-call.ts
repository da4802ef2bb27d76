/**
 * One call as a stock master speaks it: a packet, its answer, the next packet. It discards what has come
 * before each try and starts over from the first packet of a phase. What it does beyond a stock master: it
 * stops repeating before the slave could run the function twice, and asks for the result of a command
 * whose data was never acknowledged, which tells whether it ran and takes the result off the slave's hands.
 */
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

/** How late a busy host may be. */
const LONGEST_LATENESS_MS = 250;

export async function speakStepwise(line: Line, scope: CallScope, command: Command): Promise<Uint8Array> {
  const { clock } = line;
  const until = commandDeadline(scope, command.isRepeatable, clock.now());
  if (line.state === "unsettled") await line.settle(scope, until);
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
    line.tally.tries.command += 1;
    const headerMs = Math.min(offerMs(line, attempt, header.length), repeatUntil(line, command, dataSentAt, until));
    const isTaken = await line.offer(header, scope, headerMs);
    if (!isTaken || !(await line.await([HEADER_ACK], scope, patience.windowMs(attempt, header.length)))) {
      if (line.state === "unsettled") await takeForgottenResult(line, scope, attempt, until);
      continue;
    }
    line.state = "clean";
    dataSentAt ??= clock.now();
    scope.executed = "unknown";
    const isDataTaken = await line.offer(data, scope, Math.min(patience.putMs(data.length), dataMs(line, until)));
    if (isDataTaken && (await line.await([DATA_ACK], scope, patience.restMs(attempt, data.length)))) return;
  }
  if (dataSentAt !== null) await askWhetherItRan(line, scope);
  throw scope.error("timeout", `no acknowledgement within ${Math.round(until - startedAt)} ms`);
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
  const windowMs = line.patience.windowMs(attempt, BOTH_REQUESTS_BYTES);
  if (await askForHeld(line, scope, windowMs)) await line.settle(scope, until);
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
    if (size <= line.maxMessageBytes) await line.await([resultData(size)], scope, Math.max(restMs, LONGEST_LATENESS_MS));
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
    line.tally.tries.result += 1;
    // A function that runs for long takes none of them, and the one that waits then is the first to be heard.
    const offeredMs = line.refuses ? until - clock.now() : patience.putMs(HEADER_REQUEST.length);
    if (!(await line.offer(HEADER_REQUEST, scope, offeredMs))) continue;
    const windowMs = Math.min(patience.windowMs(attempt, BOTH_REQUESTS_BYTES), until - clock.now());
    const header = await line.await([RESULT_HEADER], scope, windowMs);
    if (header === null) continue;
    scope.executed = "yes";
    const size = readU32(header.payload, 0);
    if (size > maxMessageBytes) {
      throw scope.error("too-large", `a result of ${size} bytes; at most ${maxMessageBytes} are accepted`);
    }
    if (!(await line.offer(DATA_REQUEST, scope, Math.min(patience.putMs(DATA_REQUEST.length), LONGEST_LATENESS_MS)))) continue;
    // It is on its way, and a slave gives it once: whoever discards it as late has lost it.
    const restMs = Math.max(patience.restMs(attempt, size + PACKET_OVERHEAD), LONGEST_LATENESS_MS);
    const data = await line.await([resultData(size)], scope, restMs);
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
