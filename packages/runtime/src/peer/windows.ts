/** How long a master waits for what may come: for the start of an answer, its rest, the end of all that is old. */
import type { RoundTrips } from "./round-trips.js";

export interface Windows {
  /** How long the try with this number (0 first) waits for the start of an answer, `bytes` being on the wire. */
  windowMs(attempt: number, bytes: number): number;
  /** The same where the next try must not be under way when this one is answered after all. */
  soleWindowMs(bytes: number): number;
  /** How long to wait for the second packet of an answer whose first one came. */
  restMs(attempt: number, bytes: number): number;
  /** How long the acknowledgement of data may be behind the data's last byte, the header's having come. */
  dataRestMs(bytes: number): number;
  /** By how much round trips differ. */
  variationMs(): number;
  /** So long without a byte, and nothing old is on its way any more. */
  quietMs(): number;
  /** A lone header that was sent so long ago is not acknowledged any more. */
  strayMs(): number;
}

export interface WindowsOptions {
  readonly trips: RoundTrips;
  readonly onWireMs: (bytes: number) => number;
  readonly isStepwise: boolean;
  readonly isTrusted: () => boolean;
}

const STEPWISE_FIRST_WINDOW_MS = 3;
const STEPWISE_GROWTH = 4 / 3;
/** Hosts' timers are late by a millisecond or so; what is there by then is read first. */
const HOST_SLACK_MS = 1;
const PAIRED_GROWTH = 1.3;
const PAIRED_TRIES_ALIKE = 6;
/** Before anything was measured: longer than nearly all round trips, so that an answer measures the packet before it. */
const UNMEASURED_WINDOW_MS = 130;
/** A program before this one may have left answers on their way. */
const UNMEASURED_QUIET_MS = 80;
/** A slave may collect garbage before it listens, and a host's timers are late. */
const PEER_SLACK_MS = 5;
/** A line that loses and doubles packets may hold some back for a while, too. */
const BAD_LINE_STALL_MS = 100;
const LONGEST_WINDOW_MS = 250;
/** A MicroPython peer checks about 50 bytes a millisecond. */
const PEER_CHECK_MS_PER_BYTE = 0.02;
/** The least: a line that stalls for a while, and loses nothing, brings them late. */
const STRAYS_KEPT_MS = 500;
/** Longest to shortest round trip where each way varies by half, with something to spare. */
const ROUND_TRIP_SPREAD = 2.5;
/** A try that must be alone waits this much longer than the longest of the last round trips. */
const SOLE_SPREAD = 1.5;

export function createWindows({ trips, onWireMs, isStepwise, isTrusted }: WindowsOptions): Windows {
  const variationMs = () => (trips.isKnown ? trips.spreadMs : UNMEASURED_WINDOW_MS);
  /** What the bytes themselves take: their way over the wire, and the peer's checksum. */
  const transferMs = (bytes: number) => onWireMs(bytes) + bytes * PEER_CHECK_MS_PER_BYTE;

  function quietMs(): number {
    if (!trips.isKnown) return UNMEASURED_QUIET_MS;
    const usualMs = Math.max(trips.leastMs * ROUND_TRIP_SPREAD, trips.longestMs) + 2 * PEER_SLACK_MS;
    return isTrusted() ? usualMs : usualMs + BAD_LINE_STALL_MS;
  }

  function stepwiseWindowMs(attempt: number, bytes: number): number {
    const grownMs = STEPWISE_FIRST_WINDOW_MS * STEPWISE_GROWTH ** attempt;
    return Math.min(grownMs, LONGEST_WINDOW_MS) + transferMs(bytes);
  }

  function pairedWindowMs(attempt: number, bytes: number): number {
    if (!trips.isKnown) return UNMEASURED_WINDOW_MS + transferMs(bytes);
    const firstMs = trips.usualLongestMs + variationMs() / 4 + HOST_SLACK_MS;
    const grownMs =
      attempt < PAIRED_TRIES_ALIKE ? firstMs : firstMs * PAIRED_GROWTH ** (attempt - PAIRED_TRIES_ALIKE + 1);
    return Math.min(grownMs, Math.max(firstMs, LONGEST_WINDOW_MS)) + transferMs(bytes);
  }

  return {
    windowMs: isStepwise ? stepwiseWindowMs : pairedWindowMs,
    soleWindowMs: (bytes) =>
      (trips.isKnown ? trips.longestMs * SOLE_SPREAD + PEER_SLACK_MS : UNMEASURED_QUIET_MS) +
      transferMs(bytes),
    restMs: isStepwise ? stepwiseWindowMs : (_attempt, bytes) => quietMs() + transferMs(bytes),
    dataRestMs: (bytes) => variationMs() / 2 + HOST_SLACK_MS + bytes * PEER_CHECK_MS_PER_BYTE,
    variationMs,
    quietMs,
    strayMs: () => Math.max(STRAYS_KEPT_MS, 2 * quietMs()),
  };
}
