/**
 * What a slave does with each packet that comes. It listens while a handler runs, so that a master which missed an acknowledgement
 * gets another one at once, and it throws nothing away: whatever comes is looked at in its order.
 *
 * What a packet means depends on the call in hand:
 *
 *     command header   acknowledged, always; its data is expected from now on
 *     command data     the same command again, its result not asked for: acknowledged, not run again
 *                      any other: acknowledged; a held result is dropped; runs now, or after the running one
 *     result header    result held: given out. Still running: remembered
 *     result data      header given out before: the result goes out, the call is over; asked for once more
 *                      before the next call, it goes out once more
 *                      still running, right after a header request: both are answered when it is done
 *
 * Only a whole pair of requests is answered later: a stock master, which sends a lone header request,
 * asks again by itself and would take a late answer and the next one for the same.
 */
import { type Clock, sleep } from "../clock.js";
import { RpcError } from "../errors.js";
import type { PushbackLink } from "../link/pushback-link.js";
import { COMMAND_PAYLOAD, encodePacket, encodePieces, encodeU32, Magic, readU32 } from "../packet/packet.js";
import { clockedMs, createAnswers } from "./answers.js";
import type { Expectation, Packet, PacketScanner } from "./scan.js";
import { type Command, type Registration, type ServedCall, startCall } from "./served-call.js";

export interface SlaveSessionOptions {
  readonly link: PushbackLink;
  readonly scanner: PacketScanner;
  readonly clock: Clock;
  readonly registrations: ReadonlyMap<number, Registration>;
  /** How long a result is held. */
  readonly sendTimeoutMs: number;
  /** How long nothing comes before `onLoop` runs. */
  readonly recvTimeoutMs: number;
  readonly maxMessageBytes: number;
  /** Never throws. */
  readonly onError: (error: unknown, wireName: string) => void;
  readonly onLoop: () => void | Promise<void>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** A header was acknowledged; this is what its data must look like. */
interface Awaited {
  readonly id: number;
  /** What had been skipped by then: if there is more when the data comes, another header may have been lost between them. */
  readonly skippedBytes: number;
  readonly expectation: Expectation;
}

/** On I2C and SPI: how long data is waited for. A master that lost the acknowledgement says something else, which does not fit. */
const DATA_WAIT_MS = 500;
/** Requests that come so soon were sent before the result can have been missed. */
const REPEAT_AFTER_MS = 10;
const HEADER_ACK = /* @__PURE__ */ encodePacket(Magic.COMMAND_HEADER);
const DATA_ACK = /* @__PURE__ */ encodePacket(Magic.COMMAND_DATA);
const COMMAND: Expectation = { magic: Magic.COMMAND_HEADER, payloadBytes: COMMAND_PAYLOAD };
const HEADER_REQUEST: Expectation = { magic: Magic.RESULT_HEADER, payloadBytes: 0 };
const DATA_REQUEST: Expectation = { magic: Magic.RESULT_DATA, payloadBytes: 0 };

/** Answers until the signal aborts; rejects when the link ends for good. */
export async function runSlaveSession(options: SlaveSessionOptions): Promise<void> {
  const { link, scanner, clock, signal, onError } = options;
  let current: ServedCall | null = null;
  /** Its result went out, and may have been lost on the way: it is given once more as long as it would be held. */
  let delivered: ServedCall | null = null;
  let forgottenAt = 0;
  /** When the result was through the wire, the last time. */
  let deliveredAt = 0;
  /** Came while another call was running. */
  let next: Command | null = null;
  /** What was asked of the newest command while it could not be answered yet. */
  let askedEarly: "no" | "header" | "both" = "no";
  let awaited = null as Awaited | null;
  let attention = new AbortController();
  let idleSince = clock.now();

  const isExact = link.traits.framing === "exact";
  /** A request that was overtaken by this command may have asked for another one's result. */
  const isOrdered = () => link.traits.keepsOrder !== false;
  /** Whoever has seen a result's header and sends the same command means it. */
  const isNew = (call: ServedCall) => isOrdered() && call.headerGiven;
  const answers = createAnswers(link, clock);
  const { put } = answers;

  function start(command: Command): void {
    delivered = null;
    next = null;
    current = startCall({
      command,
      registration: options.registrations.get(command.id) ?? null,
      signal,
      now: clock.now,
      onError,
      onFinished: () => attention.abort(),
    });
  }

  async function deliver(call: ServedCall): Promise<void> {
    if (!(await put(...encodePieces(Magic.RESULT_DATA, call.result)))) return;
    current = null;
    askedEarly = "no";
    // What follows the result on the same line leaves no room for a second one.
    delivered = call.scheduled.length === 0 ? call : null;
    deliveredAt = answers.throughAt;
    forgottenAt = deliveredAt + options.sendTimeoutMs;
    for (const callback of call.scheduled) {
      if (signal.aborted) return;
      try {
        await callback(link);
      } catch (error) {
        if (!signal.aborted) onError(error, call.name);
      }
    }
    await betweenCalls();
  }

  async function giveHeader(call: ServedCall): Promise<void> {
    const isGiven = await put(encodePacket(Magic.RESULT_HEADER, encodeU32(call.result.length)));
    call.headerGiven ||= isGiven;
  }

  async function betweenCalls(): Promise<void> {
    idleSince = clock.now();
    try {
      await options.onLoop();
    } catch (error) {
      onError(error, "onLoop");
    }
  }

  /** When something is to be done although no packet came. */
  function dueAt(): number {
    if (current === null) return idleSince + options.recvTimeoutMs;
    if (current.state === "running") return clock.now() + options.recvTimeoutMs;
    return current.finishedAt + options.sendTimeoutMs;
  }

  /** What has become due without a packet: the handler is done, or the hold time is over. */
  async function advance(): Promise<void> {
    const call = current;
    if (call === null) {
      if (clock.now() >= dueAt()) await betweenCalls();
      return;
    }
    if (call.state === "running") return;
    if (next !== null) {
      start(next);
      return advance();
    }
    if (call.state === "held" && askedEarly === "both") {
      await giveHeader(call);
      await deliver(call);
    } else if (clock.now() >= dueAt()) {
      current = null;
      askedEarly = "no";
      await betweenCalls();
    }
  }

  /** A transfer that is under way is not cut off in its middle. */
  function waitMs(): number {
    if (isExact && awaited !== null) return DATA_WAIT_MS + clockedMs(awaited.expectation.payloadBytes);
    return dueAt() - clock.now();
  }

  async function takeHeader(packet: Packet): Promise<void> {
    const id = readU32(packet.payload, 0);
    const size = readU32(packet.payload, 4);
    askedEarly = "no";
    awaited = null;
    // Requests that come from here on mean this command, or the held one if this is the same once more.
    delivered = null;
    if (current?.state === "held" && !current.mayBeRepeatedBy(id, size)) current = null;
    if (size > options.maxMessageBytes) return;
    const resync = encodePacket(Magic.COMMAND_HEADER, packet.payload);
    const { skippedBytes } = scanner;
    if (!(await put(HEADER_ACK))) return;
    awaited = { id, skippedBytes, expectation: { magic: Magic.COMMAND_DATA, payloadBytes: size, resync } };
  }

  async function takeData(packet: Packet, id: number): Promise<void> {
    const command: Command = { id, argument: packet.payload };
    awaited = null;
    await put(DATA_ACK);
    if (current !== null && !isNew(current) && current.isRepeatedBy(command)) next = null;
    else if (current?.state === "running") next = command;
    else start(command);
  }

  async function takeRequest(magic: number): Promise<void> {
    const call = current;
    const isForHeader = magic === Magic.RESULT_HEADER;
    if (call === null) return repeatResult(isForHeader);
    if (call.state === "running") {
      if (isForHeader) askedEarly = "header";
      else if (askedEarly === "header") askedEarly = "both";
    } else if (call.state === "silent") current = null;
    else if (isForHeader) await giveHeader(call);
    else if (call.headerGiven) await deliver(call);
  }

  /** Whoever asks while a result is under way can't have missed it: a second one would keep a slow line busy in vain. */
  async function repeatResult(isForHeader: boolean): Promise<void> {
    const now = clock.now();
    if (delivered === null || now < deliveredAt + REPEAT_AFTER_MS || now >= forgottenAt) return;
    if (isForHeader) return giveHeader(delivered);
    await put(...encodePieces(Magic.RESULT_DATA, delivered.result));
    deliveredAt = answers.throughAt;
  }

  /** All that may come; last, what is likeliest: where a read is one transfer, only that is looked for. */
  function expected(): readonly Expectation[] {
    if (awaited !== null) return [COMMAND, HEADER_REQUEST, DATA_REQUEST, awaited.expectation];
    if (current === null) return [HEADER_REQUEST, DATA_REQUEST, COMMAND];
    return current.headerGiven
      ? [COMMAND, HEADER_REQUEST, DATA_REQUEST]
      : [COMMAND, DATA_REQUEST, HEADER_REQUEST];
  }
  const isRunning = () => current?.state === "running";

  async function take(packet: Packet): Promise<void> {
    if (packet.magic === Magic.COMMAND_HEADER) await takeHeader(packet);
    else if (packet.magic !== Magic.COMMAND_DATA) await takeRequest(packet.magic);
    else if (awaited !== null && scanner.skippedBytes === awaited.skippedBytes) {
      await takeData(packet, awaited.id);
    }
  }

  /** One packet, or whatever is due without one. */
  async function step(): Promise<void> {
    await advance();
    if (signal.aborted) return;
    if (isExact && isRunning()) return sleep(clock, dueAt() - clock.now(), attention.signal);
    const packet = await scanner.next(expected(), { waitMs: waitMs(), wake: attention.signal });
    if (packet !== null) await take(packet);
    else if (isExact) awaited = null;
  }

  /** The link failed and opens itself again. A function goes on running, and its result is held as always. */
  async function missWhatWasUnderWay(): Promise<void> {
    awaited = null;
    askedEarly = "no";
    await link.flush();
  }

  const stop = () => attention.abort();
  signal.addEventListener("abort", stop);
  try {
    while (!signal.aborted) {
      if (attention.signal.aborted) attention = new AbortController();
      try {
        await step();
      } catch (error) {
        const isOfLink = error instanceof RpcError && error.phase === "open";
        if (!isOfLink || link.traits.comesBack !== true) throw error;
        await missWhatWasUnderWay();
      }
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
