/**
 * One call spoken as `patience.ts` plans it: paired, or in one trip. Commands go out until one is
 * acknowledged, requests until one is answered; in one trip the first requests follow the command without
 * waiting. Whatever is to be sent next, what comes meanwhile is heard.
 */
import { sleep } from "../clock.js";
import { encodePacket, Magic, PACKET_OVERHEAD } from "../packet/packet.js";
import { BOTH_REQUESTS, BOTH_REQUESTS_BYTES } from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import { type Command, commandDeadline } from "./exchange.js";
import { createHeard, type Heard } from "./heard.js";
import type { Line } from "./line.js";
import type { Plan } from "./patience.js";
import { bringToRest, headerOf, proveUnheard } from "./rest.js";

const HEADER_BYTES = 12;
const ACKNOWLEDGEMENT_BYTES = PACKET_OVERHEAD;
/** After the result's header, requests that go unanswered so often say that the result is gone. */
const TRIES_FOR_A_LOST_RESULT = 4;

export async function speakPaced(line: Line, scope: CallScope, command: Command): Promise<Uint8Array> {
  const { clock } = line;
  const until = commandDeadline(scope, command.isRepeatable, clock.now());
  for (;;) {
    scope.phase = "command";
    const hasKnocked = await bringToRest(line, scope, command, until);
    const talk = createTalk(line, scope, command, until, hasKnocked);
    await talk.deliver();
    scope.phase = "result";
    const answer = await talk.fetch();
    if (answer !== null) return answer;
    line.patience.noteFault();
    if (!command.isRepeatable || clock.now() >= until) break;
    line.state = "unsettled";
  }
  throw scope.error("timeout", `no result within ${scope.recvTimeoutMs} ms`);
}

interface Talk {
  /** Sends the command until both its packets are acknowledged. */
  deliver(): Promise<void>;
  /** Asks for the result until it comes, or null. */
  fetch(): Promise<Uint8Array | null>;
}

function createTalk(
  line: Line,
  scope: CallScope,
  command: Command,
  until: number,
  hasKnocked: boolean,
): Talk {
  const { clock, patience, tally } = line;
  const header = headerOf(command);
  const data = encodePacket(Magic.COMMAND_DATA, command.argument);
  const commandBytes = header.length + data.length;
  const plan = patience.plan({ ...command, commandBytes });
  const heard: Heard = createHeard(line.maxMessageBytes);
  const startedAt = clock.now();
  const skippedBefore = line.skippedBytes;
  /** When the data first went out, as far as it may have been heard; null while it did not. */
  let dataSentAt: number | null = null;
  /** When the last bytes written are through the wire, where its speed is known. */
  let wireFreeAt = startedAt;
  let firstRequestAt: number | null = null;
  let requestsSent = 0;
  let keptPauseMs = 0;
  let isMeasured = hasKnocked;

  async function put(packets: readonly Uint8Array[], bytes: number): Promise<void> {
    wireFreeAt = Math.max(wireFreeAt, clock.now()) + patience.onWireMs(bytes);
    await line.put(packets, scope);
  }

  /** Hears what comes until `at`; true as soon as `isEnough` says so. */
  async function listen(at: number, isEnough: () => boolean): Promise<boolean> {
    while (!isEnough()) {
      const packet = await line.await(heard.expected(), scope, Math.max(0, at - clock.now()));
      if (packet === null) return false;
      heard.take(packet, clock.now());
    }
    return true;
  }
  const isHeaderHeard = () => heard.headers > 0;
  const isDataHeard = () => heard.dataAt !== null;

  function tellRetry(phase: "command" | "result", attempt: number): void {
    if (attempt === 0 || !tally.hasListeners) return;
    const elapsedMs = clock.now() - startedAt;
    tally.tellRetry({ name: scope.name, phase, attempt, shape: plan.shape, elapsedMs });
  }

  /** Copies of the command until one is heard, at most as many as were planned. Returns when the last went out. */
  async function sendCopies(): Promise<number> {
    for (let copy = 1; ; copy++) {
      const sentAt = clock.now();
      dataSentAt ??= sentAt;
      scope.executed = "unknown";
      tally.tries.command += 1;
      await put([header, data], commandBytes);
      if (copy >= plan.commandCopies) return sentAt;
      if (await listen(sentAt + plan.commandSpacingMs, isHeaderHeard)) return sentAt;
    }
  }

  async function deliver(): Promise<void> {
    for (let attempt = 0; clock.now() < until; attempt++) {
      const mustStop = !command.isRepeatable && dataSentAt !== null;
      if (mustStop && !patience.mayRepeat(clock.now() - (dataSentAt ?? 0))) break;
      tellRetry("command", attempt);
      heard.startRound();
      const commandsBefore = tally.tries.command;
      const firstSentAt = clock.now();
      const lastSentAt = await sendCopies();
      const isAsked = plan.shape === "one-trip" && (await requestAhead());
      const windowMs = patience.windowMs(attempt, commandBytes + 2 * ACKNOWLEDGEMENT_BYTES);
      if ((await listen(lastSentAt + windowMs, isHeaderHeard)) && !isDataHeard()) {
        await listen(heard.headerAt + patience.restMs(attempt, data.length), isDataHeard);
      }
      patience.noteCommands(tally.tries.command - commandsBefore, heard.headers);
      measure(firstSentAt, lastSentAt);
      if (isDataHeard()) return;
      if (isHeaderHeard() || heard.hasHeldResult) patience.noteFault();
      if (isAsked && !(await mayGoOn())) break;
      if (isDataHeard()) return;
    }
    await giveUp();
  }

  /** An acknowledgement that came too soon for the last copy answers an earlier one: the line has become longer. */
  function measure(firstSentAt: number, lastSentAt: number): void {
    if (isMeasured || !isHeaderHeard()) return;
    isMeasured = true;
    const onWireMs = patience.onWireMs(HEADER_BYTES + ACKNOWLEDGEMENT_BYTES);
    const sinceLastMs = heard.headerAt - lastSentAt - onWireMs;
    const isLonger = sinceLastMs < (patience.roundTripMs ?? 0) * 0.9;
    patience.noteRoundTrip(isLonger ? heard.headerAt - firstSentAt - onWireMs : sinceLastMs);
  }

  /** The requests of one trip, unless the data is acknowledged before their time comes. */
  async function requestAhead(): Promise<boolean> {
    const dueAt = wireFreeAt + plan.pauseMs;
    if (await listen(dueAt, isDataHeard)) return false;
    keptPauseMs = plan.pauseMs;
    await requestGroup(isDataHeard);
    return true;
  }

  /** A result was asked for and nothing was heard: the command may go out again only if it surely never ran. */
  async function mayGoOn(): Promise<boolean> {
    if (heard.hasHeldResult && !command.isRepeatable) return false;
    const outcome = await proveUnheard(line, scope, header, until, heard);
    if (outcome === "unheard") dataSentAt = null;
    isMeasured = true;
    return outcome === "unheard" || outcome === "heard" || command.isRepeatable;
  }

  async function giveUp(): Promise<void> {
    if (dataSentAt !== null) {
      // It comes last: a command must never follow it, or it may run twice.
      await put(BOTH_REQUESTS, BOTH_REQUESTS_BYTES);
      await listen(clock.now() + patience.restMs(0, BOTH_REQUESTS_BYTES), () => heard.hasHeldResult);
      if (heard.hasHeldResult) scope.executed = "yes";
    }
    patience.noteFault();
    throw scope.error("timeout", `no acknowledgement within ${Math.round(clock.now() - startedAt)} ms`);
  }

  /** A few requests close together; `isEnough` ends them. */
  async function requestGroup(isEnough: () => boolean): Promise<void> {
    for (let copy = 1; ; copy++) {
      const sentAt = clock.now();
      firstRequestAt ??= sentAt;
      requestsSent += 1;
      tally.tries.result += 1;
      await put(BOTH_REQUESTS, BOTH_REQUESTS_BYTES);
      if (copy >= plan.requestCopies) return;
      if (await listen(sentAt + plan.requestSpacingMs, isEnough)) return;
    }
  }

  function checkSize(): void {
    if (heard.size === null) return;
    scope.executed = "yes";
    if (heard.size <= line.maxMessageBytes) return;
    const message = `a result of ${heard.size} bytes; at most ${line.maxMessageBytes} are accepted`;
    throw scope.error("too-large", message);
  }

  const isSizeHeard = () => heard.size !== null;
  const isAnswered = () => heard.answer !== null;

  /** Hears the rest of an answer that has begun. */
  async function hearAnswer(attempt: number): Promise<boolean> {
    checkSize();
    if (heard.size === null) return false;
    const restMs = patience.restMs(attempt, heard.size + PACKET_OVERHEAD);
    return listen(clock.now() + restMs, isAnswered);
  }

  /** When the first request is due after an acknowledgement that was waited for. */
  function firstDueAt(dataAt: number): number {
    const tripMs = patience.roundTripMs ?? 0;
    keptPauseMs = Math.max(tripMs, plan.pauseMs);
    const waitMs = plan.pauseMs - tripMs;
    // Below a part of a millisecond no host's timer would keep to it.
    return waitMs < 0.4 ? clock.now() : dataAt + waitMs;
  }

  async function fetch(): Promise<Uint8Array | null> {
    const dataAt = heard.dataAt as number;
    const endAt = Math.max(dataAt, clock.now()) + scope.recvTimeoutMs;
    if (firstRequestAt === null) {
      const dueAt = firstDueAt(dataAt);
      if (dueAt > clock.now()) await sleep(clock, dueAt - clock.now(), scope.signal);
      scope.check();
      await requestGroup(isSizeHeard);
    }
    let unanswered = 0;
    for (let attempt = 0; ; attempt++) {
      const sinceFirstMs = clock.now() - (firstRequestAt ?? 0);
      const windowMs = windowOf(attempt, sinceFirstMs);
      if ((await listen(Math.min(clock.now() + windowMs, endAt), isSizeHeard)) && (await hearAnswer(attempt))) {
        return finish(dataAt);
      }
      if (isSizeHeard()) unanswered += 1;
      if (clock.now() >= endAt) return null;
      if (command.isRepeatable && unanswered > TRIES_FOR_A_LOST_RESULT) return null;
      tellRetry("result", attempt + 1);
      await requestGroup(isAnswered);
    }
  }

  function windowOf(attempt: number, sinceFirstMs: number): number {
    const bytes = BOTH_REQUESTS_BYTES + HEADER_BYTES;
    const tripMs = command.isFollowed ? patience.soleWindowMs(bytes) : patience.windowMs(attempt, bytes);
    return Math.max(tripMs, patience.patientWindowMs(sinceFirstMs));
  }

  function finish(dataAt: number): Uint8Array {
    if (heard.isFaulty || line.skippedBytes !== skippedBefore) patience.noteFault();
    else {
      const heardAfterMs = heard.sizeAt - dataAt;
      patience.noteCall({ id: command.id, requestsSent, heardAfterMs, keptPauseMs });
    }
    return heard.answer as Uint8Array;
  }

  return { deliver, fetch };
}

export type { Plan };
