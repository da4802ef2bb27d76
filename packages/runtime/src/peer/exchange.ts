/**
 * One call, from the master's side: deliver the command, then fetch the result.
 *
 * A packet carries no call number, so what an answer belongs to follows from the order of things alone:
 * a result counts only if both acknowledgements of this call came before it, and acknowledgements count
 * only on a line where nothing old is under way. After a call that was given up the line is therefore
 * brought to rest first: quiet, then command headers without data (they run nothing) and requests that
 * take a forgotten result off the slave's hands, in turns, until it acknowledges a header.
 */
import { sleep } from "../clock.js";
import {
  encodeCommand,
  encodePacket,
  Magic,
  PACKET_OVERHEAD,
  readU32,
  SIZE_PAYLOAD,
} from "../packet/packet.js";
import type { CallScope } from "./call-scope.js";
import type { Line } from "./line.js";

export interface Command {
  readonly id: number;
  readonly argument: Uint8Array;
}

const HEADER_ACK = [{ magic: Magic.COMMAND_HEADER, payloadBytes: 0 }];
const DATA_ACK = [{ magic: Magic.COMMAND_DATA, payloadBytes: 0 }];
const RESULT_HEADER = [{ magic: Magic.RESULT_HEADER, payloadBytes: SIZE_PAYLOAD }];
const NO_RESYNC = new Uint8Array(0);

const HEADER_REQUEST = /* @__PURE__ */ encodePacket(Magic.RESULT_HEADER);
const DATA_REQUEST = /* @__PURE__ */ encodePacket(Magic.RESULT_DATA);
const BOTH_REQUESTS = /* @__PURE__ */ Uint8Array.of(...HEADER_REQUEST, ...DATA_REQUEST);

/** Runs one call on `line` and resolves with the raw answer; rejects with what `scope` makes of a failure. */
export async function runCall(
  line: Line,
  scope: CallScope,
  command: Command,
  maxMessageBytes: number,
): Promise<Uint8Array> {
  scope.phase = "command";
  try {
    scope.check();
    await deliver(line, scope, command);
    scope.phase = "result";
    const answer = await fetchResult(line, scope, maxMessageBytes);
    line.state = "clean";
    return answer;
  } catch (error) {
    line.state = "unsettled";
    throw scope.wrap(error);
  }
}

/** A command on its way: what is sent, and what is known of it. */
interface Delivery {
  readonly header: Uint8Array;
  readonly data: Uint8Array;
  readonly startedAt: number;
  /** When the data first went out; null while it did not. */
  dataSentAt: number | null;
  headerHeard: boolean;
}

/** Sends the command until both its packets are acknowledged. */
async function deliver(line: Line, scope: CallScope, command: Command): Promise<void> {
  const { clock, patience } = line;
  const until = clock.now() + scope.sendTimeoutMs;
  const header = encodePacket(Magic.COMMAND_HEADER, encodeCommand(command.id, command.argument.length));
  const data = encodePacket(Magic.COMMAND_DATA, command.argument);
  const isPaired = patience.pairsCommand(header.length + data.length);
  await bringToRest(line, scope, header, until, isPaired);

  const delivery: Delivery = { header, data, startedAt: clock.now(), dataSentAt: null, headerHeard: false };
  const send = isPaired ? sendPaired : sendStepwise;
  for (let attempt = 0; clock.now() < until; attempt++) {
    const { dataSentAt } = delivery;
    if (dataSentAt !== null && !patience.mayRepeat(clock.now() - dataSentAt)) break;
    if (patience.discardsBeforeTry) await line.link.flush();
    if (await send(line, scope, delivery, attempt)) return;
  }
  if (delivery.dataSentAt !== null) await askWhetherItRan(line, scope, delivery);
  throw scope.error("timeout", `no acknowledgement within ${scope.sendTimeoutMs} ms`);
}

/** Nothing old may be under way when the command goes out; a pair needs to know so before it is sent. */
async function bringToRest(
  line: Line,
  scope: CallScope,
  header: Uint8Array,
  until: number,
  isPaired: boolean,
): Promise<void> {
  if (line.state === "unsettled") await line.settle(scope, until);
  else await line.link.flush();
  if (!isPaired || line.state === "clean") return;
  const startedAt = line.clock.now();
  for (let attempt = 0; !(await knock(line, scope, header, startedAt, attempt)); attempt++) {
    await takeForgottenResult(line, scope, attempt, until);
    if (line.clock.now() >= until) {
      throw scope.error("timeout", `no acknowledgement within ${scope.sendTimeoutMs} ms`);
    }
  }
  await sleep(line.clock, line.patience.pauseAfterLoneHeaderMs, scope.signal);
}

/** Sends a lone command header, which runs nothing. An acknowledgement says that the slave listens. */
async function knock(
  line: Line,
  scope: CallScope,
  header: Uint8Array,
  startedAt: number,
  attempt: number,
): Promise<boolean> {
  await line.put(header, scope);
  if (!(await line.await(HEADER_ACK, scope, line.patience.windowMs(attempt, header.length)))) return false;
  line.patience.noteRoundTrip(line.clock.now() - startedAt, attempt);
  line.state = "clean";
  return true;
}

/** If the slave holds the result of a call that was given up, this takes it, and the slave listens again. */
async function takeForgottenResult(
  line: Line,
  scope: CallScope,
  attempt: number,
  until: number,
): Promise<void> {
  await line.put(BOTH_REQUESTS, scope);
  const windowMs = line.patience.windowMs(attempt, BOTH_REQUESTS.length);
  if (await line.await(RESULT_HEADER, scope, windowMs)) await line.settle(scope, until);
}

async function sendPaired(
  line: Line,
  scope: CallScope,
  delivery: Delivery,
  attempt: number,
): Promise<boolean> {
  const { clock, patience } = line;
  const pair = Uint8Array.of(...delivery.header, ...delivery.data);
  delivery.dataSentAt ??= clock.now();
  scope.executed = "unknown";
  await line.put(pair, scope);
  if (!(await line.await(HEADER_ACK, scope, patience.windowMs(attempt, pair.length)))) return false;
  patience.noteRoundTrip(clock.now() - delivery.startedAt, attempt);
  delivery.headerHeard = true;
  return (await line.await(DATA_ACK, scope, patience.windowMs(attempt, delivery.data.length))) !== null;
}

async function sendStepwise(
  line: Line,
  scope: CallScope,
  delivery: Delivery,
  attempt: number,
): Promise<boolean> {
  const { clock, patience } = line;
  const mayHoldOldResult = line.state === "unsettled";
  if (!(await knock(line, scope, delivery.header, delivery.startedAt, attempt))) {
    if (mayHoldOldResult) await takeForgottenResult(line, scope, attempt, clock.now() + scope.sendTimeoutMs);
    return false;
  }
  delivery.headerHeard = true;
  delivery.dataSentAt ??= clock.now();
  scope.executed = "unknown";
  await line.put(delivery.data, scope);
  return (await line.await(DATA_ACK, scope, patience.windowMs(attempt, delivery.data.length))) !== null;
}

/**
 * The data went out and was never acknowledged. A result in the slave's hands says that the function ran
 * (if the slave has heard this call's header; else it may be another call's), and asking takes it from
 * the slave, which then listens again. It comes last: a command must never follow it, or it may run twice.
 */
async function askWhetherItRan(line: Line, scope: CallScope, delivery: Delivery): Promise<void> {
  await line.put(BOTH_REQUESTS, scope);
  const result = await line.await(RESULT_HEADER, scope, line.patience.windowMs(0, BOTH_REQUESTS.length));
  if (result !== null && delivery.headerHeard) scope.executed = "yes";
}

/** Asks for the result until it comes. Both acknowledgements were heard, so it is this call's. */
async function fetchResult(line: Line, scope: CallScope, maxMessageBytes: number): Promise<Uint8Array> {
  const { clock, patience } = line;
  const isPaired = patience.shape === "paired";
  const until = clock.now() + scope.recvTimeoutMs;
  if (patience.pauseBeforeResultMs > 0) await sleep(clock, patience.pauseBeforeResultMs, scope.signal);
  for (let attempt = 0; clock.now() < until; attempt++) {
    if (patience.discardsBeforeTry) await line.link.flush();
    await line.put(isPaired ? BOTH_REQUESTS : HEADER_REQUEST, scope);
    const windowMs = Math.min(patience.windowMs(attempt, BOTH_REQUESTS.length), until - clock.now());
    const header = await line.await(RESULT_HEADER, scope, windowMs);
    if (header === null) continue;
    scope.executed = "yes";
    const size = readU32(header.payload, 0);
    if (size > maxMessageBytes) {
      throw scope.error("too-large", `a result of ${size} bytes; at most ${maxMessageBytes} are accepted`);
    }
    if (!isPaired) await line.put(DATA_REQUEST, scope);
    const expected = [{ magic: Magic.RESULT_DATA, payloadBytes: size, resync: NO_RESYNC }];
    const result = await line.await(expected, scope, patience.windowMs(attempt, size + PACKET_OVERHEAD));
    if (result !== null) return result.payload;
  }
  throw scope.error("timeout", `no result within ${scope.recvTimeoutMs} ms`);
}
