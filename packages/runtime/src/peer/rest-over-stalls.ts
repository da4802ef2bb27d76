/**
 * Bringing a line to rest that loses nothing and may stall (`stallsMs`). Quiet says little there: what is old may be
 * held back for longer than anybody wants to wait. The order of things says all: once a header is acknowledged that
 * went out behind everything else, all before it has been answered, or never will be (`header-ledger.ts`).
 */
import { Magic } from "../packet/packet.js";
import {
  BOTH_REQUESTS,
  DATA_ACK,
  HEADER_ACK,
  HEADER_EXCHANGE_BYTES,
  REQUESTS_FOR_A_FORGOTTEN,
  RESULT_HEADER,
} from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import { type Command, headerOf } from "./command.js";
import { dropResult } from "./drop-result.js";
import type { HeaderLedger } from "./header-ledger.js";
import type { Line } from "./line.js";

/** A slave that acknowledges nothing may hold a forgotten result, and is asked for it every so many rounds. */
const ROUNDS_BETWEEN_REQUESTS = 4;
/** In one write: two show which kind of slave it is, and more catch up with those that were missed. */
const FEWEST_TOGETHER = 2;
const MOST_TOGETHER = 16;

/**
 * `rest`, and the line is clean; `missing` if the slave is found to miss headers, so that the order says nothing.
 * Throws when `until` is over.
 */
export async function restOverStalls(
  line: Line,
  ledger: HeaderLedger,
  scope: CallScope,
  command: Command,
  until: number,
): Promise<"rest" | "missing"> {
  const { clock, patience } = line;
  const header = headerOf(command);
  const isFresh = line.state === "fresh";
  line.forgetHeaders();
  if (isFresh) {
    await line.settle(scope, until);
    ledger.beginAnew();
  } else {
    await line.link.ready?.(until - clock.now(), scope.signal);
    scope.check();
  }
  let mark = ledger.last;
  let silentRounds = isFresh ? 1 : 0;
  let isHeard = false;
  for (let round = 0; clock.now() < until; round++) {
    if (silentRounds % ROUNDS_BETWEEN_REQUESTS === 0 && (round === 0 || silentRounds > 0)) {
      await takeForgotten(line, scope);
      mark = ledger.last;
    }
    const windowMs = patience.windowMs(round, HEADER_EXCHANGE_BYTES);
    const waitMs = Math.min(windowMs, until - clock.now());
    const { sent, heard } = await knock(line, ledger, scope, header, isHeard, waitMs);
    isHeard = heard > 0;
    silentRounds = heard === 0 ? silentRounds + 1 : 0;
    if (ledger.isMissing) return "missing";
    if (ledger.heard <= mark || heard < sent) continue;
    line.state = "clean";
    return "rest";
  }
  throw scope.error("timeout", `no acknowledgement within ${Math.round(scope.sendTimeoutMs)} ms`);
}

/** What comes late of a clean line, before the next command goes out. */
export async function hearLeftovers(line: Line, scope: CallScope): Promise<void> {
  while ((await hear(line, scope, 0)) !== null);
  await line.link.flush();
}

/** Two headers in one write; to a slave that acknowledges them, as many as bring the order up to date. */
export async function putHeaders(
  line: Line,
  ledger: HeaderLedger,
  scope: CallScope,
  header: Uint8Array,
  isHeard: boolean,
): Promise<number> {
  const together = isHeard
    ? Math.min(Math.max(ledger.open, FEWEST_TOGETHER), MOST_TOGETHER)
    : FEWEST_TOGETHER;
  for (let each = 0; each < together; each++) line.noteHeaderSent();
  await line.put(new Array<Uint8Array>(together).fill(header), scope);
  return together;
}

/** Sends lone headers and hears their acknowledgements, until all have come or none does for `waitMs`. */
async function knock(
  line: Line,
  ledger: HeaderLedger,
  scope: CallScope,
  header: Uint8Array,
  isHeard: boolean,
  waitMs: number,
): Promise<{ readonly sent: number; readonly heard: number }> {
  const { clock, patience } = line;
  const sentAt = clock.now();
  const isMeasured = patience.roundTripMs !== null;
  const sent = await putHeaders(line, ledger, scope, header, isHeard);
  let heard = 0;
  for (;;) {
    const nextMs = heard === 0 ? waitMs : Math.max(waitMs, patience.pauseAfterLoneHeaderMs);
    const magic = await hear(line, scope, heard < sent ? nextMs : 0);
    if (magic === null) break;
    if (magic !== Magic.COMMAND_HEADER) continue;
    if (heard === 0 && !isMeasured) {
      patience.noteRoundTrip([clock.now() - sentAt - patience.onWireMs(HEADER_EXCHANGE_BYTES)]);
    }
    heard += 1;
  }
  ledger.noteTogether(sent, heard);
  return { sent, heard };
}

/** Requests, if there is a result to be taken: what they bring comes before the next header's acknowledgement. */
async function takeForgotten(line: Line, scope: CallScope): Promise<void> {
  for (let sent = 0; sent < REQUESTS_FOR_A_FORGOTTEN; sent++) {
    await line.put(BOTH_REQUESTS, scope);
    const until = line.clock.now() + line.patience.requestSpacingMs;
    while ((await hear(line, scope, Math.max(0, until - line.clock.now()))) !== null);
  }
}

/** What kind of packet came, or null; the line counts acknowledgements of headers. */
async function hear(line: Line, scope: CallScope, waitMs: number): Promise<number | null> {
  const packet = await line.await([DATA_ACK, RESULT_HEADER, HEADER_ACK], scope, waitMs);
  if (packet?.magic === Magic.RESULT_HEADER) await dropResult(line, scope, packet, 0);
  return packet?.magic ?? null;
}
