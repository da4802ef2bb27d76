/**
 * Bringing a line to rest: nothing old may be under way when a command goes out, and a slave with a result
 * in its hands is deaf to commands.
 *
 * Lone command headers tell. A slave that listens acknowledges them, and they run nothing. Bytes keep their
 * order, so when two of them were acknowledged one after the other, with no acknowledgement of data between
 * them, the first acknowledgement can't be that of a whole command, and everything that was sent before
 * these headers has been answered, or never will be. Requests in between take a result that was forgotten.
 */
import { encodeCommand, encodePacket, Magic, PACKET_OVERHEAD, readU32 } from "../packet/packet.js";
import {
  BOTH_REQUESTS,
  BOTH_REQUESTS_BYTES,
  DATA_ACK,
  HEADER_ACK,
  RESULT_HEADER,
  resultData,
} from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import type { Command } from "./exchange.js";
import type { Heard } from "./heard.js";
import type { Line } from "./line.js";
import type { Expectation, Packet } from "./packet-scanner.js";

const ACKNOWLEDGEMENTS_WANTED = 2;
const HEADER_BYTES = 12;

export function headerOf(command: Command): Uint8Array {
  return encodePacket(Magic.COMMAND_HEADER, encodeCommand(command.id, command.argument.length));
}

/** Returns with a clean line, and whether lone headers were sent for it; throws when `until` is over. */
export async function bringToRest(
  line: Line,
  scope: CallScope,
  command: Command,
  until: number,
): Promise<boolean> {
  if (line.state === "clean") {
    await line.link.flush();
    return false;
  }
  const { clock } = line;
  if (line.state === "unsettled") await line.settle(scope, until);
  else await line.link.flush();
  const knocking = createKnocking(line, scope, headerOf(command));
  for (let attempt = 0; clock.now() < until; attempt++) {
    const outcome = await knocking.knock(attempt);
    if (outcome === "rest") {
      line.state = "clean";
      return true;
    }
    if (outcome === "something old") await line.settle(scope, until);
    else if (outcome === "nothing") await knocking.request(attempt);
  }
  throw scope.error("timeout", `no acknowledgement within ${Math.round(scope.sendTimeoutMs)} ms`);
}

type Outcome = "rest" | "acknowledged" | "nothing" | "something old";

export interface Knocking {
  /** Sends a lone header and hears what comes of it. */
  knock(attempt: number): Promise<Outcome>;
  /** Takes a result off the slave's hands, if it has one. */
  request(attempt: number): Promise<void>;
}

function createKnocking(line: Line, scope: CallScope, header: Uint8Array): Knocking {
  const { clock, patience } = line;
  let acknowledged = 0;
  /** When the first header went out, until one was acknowledged. */
  let firstSentAt: number | null = null;

  async function hear(expected: readonly Expectation[], waitMs: number): Promise<Packet | null> {
    return line.await(expected, scope, Math.max(0, waitMs));
  }

  return {
    async knock(attempt) {
      if (acknowledged === 0) firstSentAt ??= clock.now();
      line.tally.tries.header += 1;
      await line.put([header], scope);
      const windowMs = patience.windowMs(attempt, HEADER_BYTES + PACKET_OVERHEAD);
      const packet = await hear([DATA_ACK, RESULT_HEADER, HEADER_ACK], windowMs);
      if (packet === null) return "nothing";
      if (packet.magic !== Magic.COMMAND_HEADER) {
        acknowledged = 0;
        return "something old";
      }
      if (firstSentAt !== null) {
        patience.noteRoundTrip(clock.now() - firstSentAt - patience.onWireMs(HEADER_BYTES + PACKET_OVERHEAD));
      }
      firstSentAt = null;
      acknowledged += 1;
      // The slave now waits for data in vain; what comes meanwhile would be taken for it.
      const stray = await hear([DATA_ACK, RESULT_HEADER], patience.pauseAfterLoneHeaderMs);
      if (stray !== null) {
        acknowledged = 0;
        return "something old";
      }
      return acknowledged >= ACKNOWLEDGEMENTS_WANTED ? "rest" : "acknowledged";
    },
    async request(attempt) {
      await line.put(BOTH_REQUESTS, scope);
      const windowMs = patience.windowMs(attempt, BOTH_REQUESTS_BYTES);
      const packet = await hear([HEADER_ACK, RESULT_HEADER], windowMs);
      if (packet?.magic === Magic.COMMAND_HEADER) acknowledged += 1;
      if (packet?.magic !== Magic.RESULT_HEADER) return;
      acknowledged = 0;
      const size = readU32(packet.payload, 0);
      if (size <= line.maxMessageBytes) await hear([resultData(size)], patience.restMs(attempt, size + PACKET_OVERHEAD));
    },
  };
}

/**
 * A command and requests went out and nothing was heard. Finds out whether the command may have run:
 * `unheard`, it surely did not (but on a line that loses whole packets); `heard`, its acknowledgements came
 * after all; `unknown`, no way to tell before `until`.
 */
export async function proveUnheard(
  line: Line,
  scope: CallScope,
  header: Uint8Array,
  until: number,
  heard: Heard,
): Promise<"unheard" | "heard" | "unknown"> {
  const { clock, patience, tally } = line;
  let acknowledged = 0;
  for (let attempt = 0; clock.now() < until; attempt++) {
    tally.tries.header += 1;
    await line.put([header], scope);
    const windowMs = patience.windowMs(attempt, HEADER_BYTES + PACKET_OVERHEAD);
    let listenUntil = clock.now() + Math.max(windowMs, patience.pauseAfterLoneHeaderMs);
    for (;;) {
      const packet = await line.await(heard.expected(), scope, Math.max(0, listenUntil - clock.now()));
      if (packet === null) break;
      heard.take(packet, clock.now());
      if (heard.dataAt !== null) return "heard";
      if (packet.magic === Magic.COMMAND_HEADER) {
        acknowledged += 1;
        if (acknowledged >= ACKNOWLEDGEMENTS_WANTED) listenUntil = clock.now() + patience.pauseAfterLoneHeaderMs;
      } else if (packet.magic !== Magic.COMMAND_DATA && heard.hasHeldResult) return "unknown";
    }
    if (acknowledged >= ACKNOWLEDGEMENTS_WANTED) return "unheard";
  }
  return "unknown";
}
