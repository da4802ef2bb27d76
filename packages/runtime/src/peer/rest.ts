/**
 * Bringing a line to rest: nothing old may be under way when a command goes out, and a slave with a result
 * in its hands is deaf to commands.
 *
 * Lone command headers tell. A slave that listens acknowledges them, and they run nothing. Bytes keep their
 * order, so when two of them were acknowledged one after the other, with no acknowledgement of data between
 * them, the first acknowledgement can't be that of a whole command, and everything that was sent before
 * these headers has been answered, or never will be. Requests in between take a result that was forgotten.
 */
import { Magic } from "../packet/packet.js";
import {
  BOTH_REQUESTS,
  BOTH_REQUESTS_BYTES,
  DATA_ACK,
  HEADER_ACK,
  HEADER_EXCHANGE_BYTES,
  REQUESTS_FOR_A_FORGOTTEN,
  RESULT_HEADER,
} from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import { type Command, headerOf } from "./command.js";
import { dropResult } from "./drop-result.js";
import type { Line } from "./line.js";
import { hearLeftovers, restOverStalls } from "./rest-over-stalls.js";
import type { Talk } from "./talk.js";

const ACKNOWLEDGEMENTS_WANTED = 2;
/** So many lone headers in a row, if the first of all was missed. */
const HEADERS = 3;
/** What may be on a slow wire before them. */
const BACKLOG_BYTES = 64;

/** Returns with a clean line, and whether lone headers were sent for it; throws when `until` is over. */
export async function bringToRest(
  line: Line,
  scope: CallScope,
  command: Command,
  until: number,
): Promise<boolean> {
  const { ledger } = line;
  if (ledger !== null && line.state === "clean" && !ledger.isMissing) {
    await hearLeftovers(line, scope);
    return false;
  }
  if (ledger !== null && line.state !== "clean") {
    const outcome = await restOverStalls(line, ledger, scope, command, until);
    if (outcome === "rest") return true;
  }
  if (line.state === "clean") {
    if (line.strayHeaders > 0) await hearStrays(line, scope, until);
    await line.link.flush();
    return false;
  }
  const { clock } = line;
  await line.settle(scope, until);
  line.forgetHeaders();
  const knocking = createKnocking(line, scope, headerOf(command));
  while (clock.now() < until) {
    const outcome = await knocking.try();
    if (outcome === "something old") await line.settle(scope, until);
    else if (outcome === "rest") {
      line.state = "clean";
      return true;
    }
  }
  throw scope.error("timeout", `no acknowledgement within ${Math.round(scope.sendTimeoutMs)} ms`);
}

/** Their acknowledgements must not be taken for the next command's. A missed one has none; quiet says so. */
async function hearStrays(line: Line, scope: CallScope, until: number): Promise<void> {
  while (line.strayHeaders > 0 && line.clock.now() < until) {
    const { patience } = line;
    const waitMs = patience.quietMs() + patience.onWireMs(BACKLOG_BYTES);
    if ((await line.await([HEADER_ACK], scope, waitMs)) === null) break;
    line.noteHeaderHeard();
  }
  line.forgetHeaders();
}

interface Knocking {
  /** Sends a lone header, then requests that take a forgotten result, and hears what comes of it. */
  try(): Promise<"rest" | "not yet" | "something old">;
}

function createKnocking(line: Line, scope: CallScope, header: Uint8Array): Knocking {
  const { clock, patience } = line;
  let attempt = 0;
  let acknowledged = 0;
  let lastAt = 0;
  /** When headers went out, until one was acknowledged. */
  let sentAt: number[] = [];

  /** Counts acknowledgements of headers until one has come or `waitMs` is over; anything else is old. */
  async function hear(waitMs: number): Promise<"acknowledged" | "nothing" | "something old"> {
    const packet = await line.await([DATA_ACK, RESULT_HEADER, HEADER_ACK], scope, waitMs);
    if (packet === null) return "nothing";
    if (packet.magic === Magic.COMMAND_HEADER) {
      const onWireMs = patience.onWireMs(HEADER_EXCHANGE_BYTES);
      if (sentAt.length > 0) patience.noteRoundTrip(sentAt.map((at) => clock.now() - at - onWireMs));
      sentAt = [];
      acknowledged += 1;
      line.noteHeaderHeard();
      return "acknowledged";
    }
    acknowledged = 0;
    if (packet.magic === Magic.RESULT_HEADER) await dropResult(line, scope, packet, attempt);
    return "something old";
  }

  return {
    async try() {
      const headers = attempt === 0 ? 1 : HEADERS;
      let outcome: Awaited<ReturnType<typeof hear>> = "nothing";
      for (let sent = 1; sent <= headers && outcome === "nothing"; sent++) {
        if (acknowledged === 0) sentAt.push(clock.now());
        line.noteHeaderSent();
        lastAt = clock.now();
        await line.put([header], scope);
        const windowMs = patience.windowMs(attempt, HEADER_EXCHANGE_BYTES);
        outcome = await hear(sent < headers ? patience.headerSpacingMs : windowMs);
      }
      const requests = line.state === "unsettled" || attempt % 2 === 1 ? REQUESTS_FOR_A_FORGOTTEN : 0;
      for (let sent = 1; sent <= requests && outcome === "nothing"; sent++) {
        await line.put(BOTH_REQUESTS, scope);
        const windowMs = patience.windowMs(attempt, BOTH_REQUESTS_BYTES);
        outcome = await hear(sent < requests ? patience.requestSpacingMs : windowMs);
      }
      attempt += 1;
      // The slave waits for data in vain after a header; what comes meanwhile would be taken for it. A line that was
      // held up brings old acknowledgements one after the other, and may have lost the one that tells them apart.
      while (outcome === "acknowledged") {
        const onWireUntil = lastAt + patience.headerSpacingMs;
        const stray = await hear(Math.max(patience.pauseAfterLoneHeaderMs, onWireUntil - clock.now()));
        if (stray === "something old") return stray;
        if (stray === "nothing") break;
      }
      if (outcome === "something old") return outcome;
      return acknowledged >= ACKNOWLEDGEMENTS_WANTED ? "rest" : "not yet";
    },
  };
}

/**
 * A command and requests went out and nothing was heard. Finds out whether the command may have run:
 * `unheard`, it surely did not (but on a line that loses whole packets); `heard`, its acknowledgements came
 * after all; `unknown`, no way to tell before the time is over.
 */
export async function proveUnheard(talk: Talk): Promise<"unheard" | "heard" | "unknown"> {
  const { line, scope, header, heard } = talk;
  const { clock, patience } = line;
  const headersBefore = heard.headers;
  const wanted = ACKNOWLEDGEMENTS_WANTED + line.strayHeaders;
  const isEnough = () => heard.headers - headersBefore >= wanted || isSettled();
  const isSettled = () => heard.dataAt !== null || heard.hasHeldResult;
  const windowMs = patience.windowMs(0, HEADER_EXCHANGE_BYTES);
  // Later a slave that ran it would have given its result up, and listen again.
  const isHeld = () => talk.command.isRepeatable || patience.isHeld(talk.sinceDataMs);
  /**
   * A few close together, and then the time that their answers take. If that was not enough, or there is little time,
   * one after the other: so far apart that none catches up with the one before it, because a slave that begins to listen
   * in the middle of one would miss both.
   */
  const isLate = !patience.isHeld(2 * talk.sinceDataMs);
  const waitMs = (sent: number) => {
    const few = patience.loneHeaders();
    if (sent === few && !isLate) return windowMs;
    return sent < few ? patience.headerSpacingMs : patience.headerSpacingMs + patience.variationMs() / 4;
  };
  let lastAt = clock.now();
  for (let sent = 1; clock.now() < talk.until && isHeld(); sent++) {
    line.noteHeaderSent();
    lastAt = clock.now();
    await line.put([header], scope);
    if (await talk.listen(clock.now() + waitMs(sent), isEnough)) break;
  }
  // The slave waits for data in vain now, or will once it hears the last of them, which may be on the wire still; what
  // comes meanwhile would be taken for it.
  const listensAt = Math.max(
    clock.now() + patience.pauseAfterLoneHeaderMs,
    lastAt + patience.headerSpacingMs,
  );
  if (isEnough()) await talk.listen(listensAt, isSettled);
  else await talk.listen(clock.now() + windowMs, isEnough);
  if (heard.dataAt !== null) return "heard";
  for (let each = headersBefore; each < heard.headers; each++) line.noteHeaderHeard();
  return isEnough() && !heard.hasHeldResult ? "unheard" : "unknown";
}
