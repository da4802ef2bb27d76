/**
 * What a stepwise master does between its packets on I2C and SPI, where a slave refuses what it does not wait for (I2C)
 * or misses it (SPI): it leaves the bus alone for a moment, so that the slave can go back to what it waits for. On SPI,
 * where a slave may have stopped in the middle of a packet, it clocks it to the beginning of the next.
 */
import { sleep } from "../clock.js";
import { PACKET_OVERHEAD } from "../packet/packet.js";
import { HEADER_BYTES } from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import type { Line } from "./line.js";

/** How late a busy host may be. */
export const LONGEST_LATENESS_MS = 250;
/** What a slave on SPI needs to wait anew after a transfer that was nothing to it. */
const LISTENS_AGAIN_MS = 1;
/** So often there a slave that nobody hears of is clocked out of whatever it waits for. */
const TRIES_TO_GET_IN_STEP = 5;
/** As much of a frame that a slave still holds out is clocked then, the first time and later. */
const FRAME_BYTES = 1024;
const LARGE_FRAME_BYTES = 8192;
/** All reads there move a slave that waits for a header by a multiple of 4 of its bytes. */
const PLACES_IN_A_HEADER = HEADER_BYTES / PACKET_OVERHEAD;

/**
 * A slave on SPI that missed a packet, or a part of one, may wait for the rest of it and take a header for that. So
 * tries begin at each place of a header that it may have come to, and now and then with so many clocks that whatever
 * it waits for is over. What is clocked is what a read clocks, which no slave takes for a packet.
 */
export async function getInStep(line: Line, scope: CallScope, attempt: number): Promise<void> {
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
export async function letListen(line: Line, scope: CallScope): Promise<void> {
  if (isBlind(line)) await sleep(line.clock, LISTENS_AGAIN_MS, scope.signal);
}

/** A slave that was late before may be as late again. */
export function windowFor(line: Line, windowMs: number): number {
  return Math.max(windowMs, 2 * (line.link.turnaround?.ms ?? 0));
}

/** A slave that has just answered may need a moment to listen again, and on SPI nobody says when it does. */
export async function turn(line: Line, scope: CallScope): Promise<void> {
  const { turnMs } = line.patience;
  if (isBlind(line) && turnMs > 0) await sleep(line.clock, turnMs, scope.signal);
}

export const isBlind = ({ link }: Line): boolean => link.traits.tellsReady === false;

/** Between two tries on I2C and SPI; other lines keep what comes too soon. */
export async function leaveAlone(line: Line, scope: CallScope, attempt: number): Promise<void> {
  if (line.isExact) await sleep(line.clock, line.patience.windowMs(attempt, 0) / 2, scope.signal);
}
