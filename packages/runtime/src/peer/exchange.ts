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
import type { Expectation } from "./packet-scanner.js";

export interface Command {
  readonly id: number;
  readonly argument: Uint8Array;
  /** Whether more than an answer comes back: frames or raw bytes, into which no late request may fall. */
  readonly isFollowed: boolean;
}

const HEADER_ACK = [{ magic: Magic.COMMAND_HEADER, payloadBytes: 0 }];
const DATA_ACK = [{ magic: Magic.COMMAND_DATA, payloadBytes: 0 }];
const RESULT_HEADER: Expectation[] = [{ magic: Magic.RESULT_HEADER, payloadBytes: SIZE_PAYLOAD }];
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
    const answer = await fetchResult(line, scope, command.isFollowed, maxMessageBytes);
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
  /** Lone headers went before it: an acknowledgement may answer one of them, so it measures nothing. */
  readonly hasKnocked: boolean;
}

/** Sends the command until both its packets are acknowledged. */
async function deliver(line: Line, scope: CallScope, command: Command): Promise<void> {
  const { clock, patience } = line;
  const until = clock.now() + scope.sendTimeoutMs;
  const header = encodePacket(Magic.COMMAND_HEADER, encodeCommand(command.id, command.argument.length));
  const data = encodePacket(Magic.COMMAND_DATA, command.argument);
  const isPaired = patience.pairsCommand(header.length + data.length);
  const hasKnocked = await bringToRest(line, scope, header, until, isPaired);

  const startedAt = clock.now();
  const delivery: Delivery = { header, data, startedAt, dataSentAt: null, headerHeard: false, hasKnocked };
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

/**
 * Nothing old may be under way when the command goes out. A pair needs to know so before it is sent, and
 * true says that lone headers were sent to find out.
 */
async function bringToRest(
  line: Line,
  scope: CallScope,
  header: Uint8Array,
  until: number,
  isPaired: boolean,
): Promise<boolean> {
  if (line.state === "unsettled") await line.settle(scope, until);
  else await line.link.flush();
  if (!isPaired || line.state === "clean") return false;
  const startedAt = line.clock.now();
  for (let attempt = 0; line.clock.now() < until; attempt++) {
    if (await knock(line, scope, header, startedAt, attempt)) {
      await sleep(line.clock, line.patience.pauseAfterLoneHeaderMs, scope.signal);
      return true;
    }
    if (await takeForgottenResult(line, scope, attempt, until)) {
      await sleep(line.clock, line.patience.pauseAfterLoneHeaderMs, scope.signal);
      return true;
    }
  }
  throw scope.error("timeout", `no acknowledgement within ${scope.sendTimeoutMs} ms`);
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
  line.patience.noteRoundTrip(line.clock.now() - startedAt);
  line.state = "clean";
  return true;
}

/**
 * If the slave holds the result of a call that was given up, this takes it, and the slave listens again.
 * True: the acknowledgement of an earlier knock came instead.
 */
async function takeForgottenResult(
  line: Line,
  scope: CallScope,
  attempt: number,
  until: number,
): Promise<boolean> {
  await line.put(BOTH_REQUESTS, scope);
  const windowMs = line.patience.windowMs(attempt, BOTH_REQUESTS.length);
  const packet = await line.await([...HEADER_ACK, ...RESULT_HEADER], scope, windowMs);
  if (packet?.magic === Magic.COMMAND_HEADER) {
    line.state = "clean";
    return true;
  }
  if (packet !== null) await line.settle(scope, until);
  return false;
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
  // The acknowledgements may answer any try so far: one heard earlier need not come again.
  const windowMs = patience.windowMs(attempt, pair.length);
  const header = delivery.headerHeard ? null : await line.await(HEADER_ACK, scope, windowMs);
  if (header !== null) {
    if (!delivery.hasKnocked) patience.noteRoundTrip(clock.now() - delivery.startedAt);
    delivery.headerHeard = true;
  }
  return delivery.headerHeard && (await line.await(DATA_ACK, scope, windowMs)) !== null;
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
  return (await line.await(DATA_ACK, scope, patience.restMs(attempt, delivery.data.length))) !== null;
}

/**
 * The data went out and was never acknowledged. A result in the slave's hands says that the function ran
 * (if the slave has heard this call's header; else it may be another call's), and asking takes it from
 * the slave, which then listens again. It comes last: a command must never follow it, or it may run twice.
 */
async function askWhetherItRan(line: Line, scope: CallScope, delivery: Delivery): Promise<void> {
  await line.put(BOTH_REQUESTS, scope);
  const result = await line.await(RESULT_HEADER, scope, line.patience.restMs(0, BOTH_REQUESTS.length));
  if (result !== null && delivery.headerHeard) scope.executed = "yes";
}

/** Asks for the result until it comes. Both acknowledgements were heard, so it is this call's. */
async function fetchResult(
  line: Line,
  scope: CallScope,
  isFollowed: boolean,
  maxMessageBytes: number,
): Promise<Uint8Array> {
  const { clock, patience } = line;
  const isPaired = patience.shape === "paired";
  const tryMs = isFollowed ? patience.soleWindowMs : patience.windowMs;
  const until = clock.now() + scope.recvTimeoutMs;
  let size: number | null = null;
  if (patience.pauseBeforeResultMs > 0) await sleep(clock, patience.pauseBeforeResultMs, scope.signal);
  for (let attempt = 0; clock.now() < until; attempt++) {
    if (patience.discardsBeforeTry) await line.link.flush();
    await line.put(isPaired ? BOTH_REQUESTS : HEADER_REQUEST, scope);
    let waitMs = Math.min(tryMs(attempt, BOTH_REQUESTS.length), until - clock.now());
    for (let headers = 0; headers < 2; headers++) {
      const expected: Expectation[] = size === null ? RESULT_HEADER : [...RESULT_HEADER, resultData(size)];
      const packet = await line.await(expected, scope, waitMs);
      if (packet === null) break;
      if (packet.magic === Magic.RESULT_DATA) return packet.payload;
      scope.executed = "yes";
      size = readU32(packet.payload, 0);
      if (size > maxMessageBytes) {
        throw scope.error("too-large", `a result of ${size} bytes; at most ${maxMessageBytes} are accepted`);
      }
      if (!isPaired) await line.put(DATA_REQUEST, scope);
      waitMs = patience.restMs(attempt, size + PACKET_OVERHEAD);
    }
  }
  throw scope.error("timeout", `no result within ${scope.recvTimeoutMs} ms`);
}

const resultData = (size: number): Expectation => ({
  magic: Magic.RESULT_DATA,
  payloadBytes: size,
  resync: NO_RESYNC,
});
