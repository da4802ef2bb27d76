/**
 * How a master paces itself: what goes out in one write, how long it waits for an answer, when it pauses
 * and when it stops. All of it is here; whoever speaks the protocol asks and never waits by a number of
 * its own.
 *
 * **Why there is anything to decide.** A stock slave reads with a patience of about 2 ms and throws its
 * receive buffer away before each try. A packet that comes too late finds it gone, one that comes too
 * early is discarded. Nothing tells the master which of the two it was: it only sees that no answer comes.
 *
 * **Shapes.** `stepwise` is how a stock master speaks: a packet, its answer, the next packet. The slave
 * waits 2 ms for the second packet of a pair, so this works only where the host answers faster than that.
 * `paired` writes both packets of a phase at once: the slave finds the second one in its buffer however
 * far away the master is. A stock slave's receive buffer may hold 64 bytes, and nothing says more, so a
 * command is paired only where header and data fit `peerReceiveBytes`; a longer one goes step by step.
 *
 * **Windows.** A stock master waits 3 ms and a third longer each time, and discards what came before each
 * try. With 16 ms each way it discards every answer just before it arrives. So `paired` never discards
 * between tries (an answer to the first try is as good as one to the third), and its first window follows
 * the round trips seen on this link. The time from the first try of a packet to its answer is never less
 * than the round trip, whichever try was answered; so the least of the last few is what the line takes. A
 * window that is too short costs a packet and nothing else. What must not be too short (the quiet after a
 * call that was given up, the wait for the second packet of an answer) allows for a line whose delay
 * changes by half. The first packet of a fresh link is a lone command header, which runs nothing and gives
 * the first measurement. Time for the bytes to go over the wire is added where the link knows its speed,
 * and time for a slow peer to work out the checksum of a long argument.
 *
 * **Tries.** A slave that collects garbage for up to 3 ms before it listens for 2 ms discards every third
 * packet, at any distance. Far away, waiting a round trip after each loss would leave too few tries in a
 * second. So the first try gets its whole window, and the next ones follow each other quickly, whatever
 * is under way: a slave with a result in its hands is deaf to commands, one without is deaf to requests,
 * and bytes keep their order, so every repeated command arrives before the first request. Only where a
 * stream or raw bytes follow the result, a late request would fall into them: there each try waits its
 * round trip.
 *
 * **Pauses.** After it acknowledged the data, a stock slave runs the function and then discards what is in
 * its buffer; a result request that came with the acknowledgement would be lost. About 1 ms avoids it.
 * After a lone header it waits a few milliseconds for data: a pair must not start in that time.
 *
 * **Ends.** A finished result is held for `peerHoldMs`. A command that is repeated within that time since
 * its data first went out meets either a slave that never got it or one that is deaf; later it could run a
 * second time. So sending stops early enough for the slowest packet. What an abandoned call may still
 * answer, it answers within one round trip of the last packet sent: after that much quiet the line is
 * known to hold nothing old.
 */

export type Shape = "stepwise" | "paired";

export interface PatienceOptions {
  readonly shape: Shape;
  /** What the peer's receive buffer surely holds. */
  readonly peerReceiveBytes: number;
  /** How long the peer holds a finished result. */
  readonly peerHoldMs: number;
  /** Speed of the line, or null where unknown. */
  readonly bytesPerMs: number | null;
}

export interface Patience {
  readonly shape: Shape;
  /** Whether what was received is thrown away before each try. */
  readonly discardsBeforeTry: boolean;
  /** Whether a command of so many bytes (header and data) goes out in one write. */
  pairsCommand(bytes: number): boolean;
  /** How long the try with this number (0 first) waits for the start of an answer, `bytes` being on the wire. */
  windowMs(attempt: number, bytes: number): number;
  /** The same where the next try must not be under way when this one is answered after all. */
  soleWindowMs(attempt: number, bytes: number): number;
  /** How long to wait for the second packet of an answer whose first one came. */
  restMs(attempt: number, bytes: number): number;
  /** Between the data's acknowledgement and the first request for the result. */
  readonly pauseBeforeResultMs: number;
  /** Between the answer to a lone header and a pair. */
  readonly pauseAfterLoneHeaderMs: number;
  /** So long without a byte, and nothing old is on its way any more. */
  quietMs(): number;
  /** Whether a command may be sent again, `sinceDataMs` after its data first went out. */
  mayRepeat(sinceDataMs: number): boolean;
  /** How long a line may take to accept so many bytes. */
  putMs(bytes: number): number;
  /** An answer came, so long after the first try of what it answers. */
  noteRoundTrip(elapsedMs: number): void;
}

const STEPWISE_FIRST_WINDOW_MS = 3;
const STEPWISE_GROWTH = 4 / 3;
/** A little more than the longest collection of garbage and the wait after it, so that one try in two hits. */
const PAIRED_RETRY_MS = 5;
const PAIRED_GROWTH = 1.15;
/** Before anything was measured: longer than most round trips, short enough to try again soon. */
const UNMEASURED_WINDOW_MS = 25;
const UNMEASURED_QUIET_MS = 150;
/** A slave may collect garbage before it answers, and a host's timers are late by a millisecond or two. */
const PEER_SLACK_MS = 5;
const LONGEST_WINDOW_MS = 250;
/** A MicroPython peer checks about 50 bytes a millisecond. */
const PEER_CHECK_MS_PER_BYTE = 0.02;
const PAUSE_BEFORE_RESULT_MS = 1;
const PAUSE_AFTER_LONE_HEADER_MS = 5;
const HOLD_MARGIN_MS = 50;
const STALLED_LINE_MS = 5000;
/** An answer later than this says when the slave was ready, not how far away it is. */
const LONGEST_ROUND_TRIP_MS = 150;
const ROUND_TRIPS_KEPT = 16;
/** Longest to shortest round trip where each way varies by half, with something to spare. */
const ROUND_TRIP_SPREAD = 2.5;
/** A try that must be alone waits this much longer than the least round trip. */
const SOLE_SPREAD = 1.5;

export function createPatience(options: PatienceOptions): Patience {
  const { shape, peerReceiveBytes, peerHoldMs, bytesPerMs } = options;
  const isPaired = shape === "paired";
  const roundTripsMs: number[] = [];

  const onWireMs = (bytes: number) => (bytesPerMs === null ? 0 : bytes / bytesPerMs);

  /** What the line takes at the least, times `spread`, and what the peer and the host may add. */
  function roundTripMs(spread: number, unmeasuredMs: number): number {
    return roundTripsMs.length === 0 ? unmeasuredMs : Math.min(...roundTripsMs) * spread + PEER_SLACK_MS;
  }
  const quietMs = () => roundTripMs(ROUND_TRIP_SPREAD, UNMEASURED_QUIET_MS) + PEER_SLACK_MS;

  /** What the bytes themselves take: their way over the wire, and the peer's checksum. */
  const transferMs = (bytes: number) => onWireMs(bytes) + bytes * PEER_CHECK_MS_PER_BYTE;

  function stepwiseWindowMs(attempt: number, bytes: number): number {
    const grownMs = STEPWISE_FIRST_WINDOW_MS * STEPWISE_GROWTH ** attempt;
    return Math.min(grownMs, LONGEST_WINDOW_MS) + transferMs(bytes);
  }

  function pairedWindowMs(attempt: number, bytes: number): number {
    const firstMs = roundTripMs(1, UNMEASURED_WINDOW_MS);
    const retryMs = Math.min(PAIRED_RETRY_MS * PAIRED_GROWTH ** (attempt - 1), LONGEST_WINDOW_MS);
    return (attempt === 0 ? firstMs : retryMs) + transferMs(bytes);
  }

  const soleWindowMs = (_attempt: number, bytes: number) =>
    roundTripMs(SOLE_SPREAD, UNMEASURED_QUIET_MS) + transferMs(bytes);
  const restMs = (_attempt: number, bytes: number) => quietMs() + transferMs(bytes);

  return {
    shape,
    discardsBeforeTry: !isPaired,
    pairsCommand: (bytes) => isPaired && bytes <= peerReceiveBytes,
    windowMs: isPaired ? pairedWindowMs : stepwiseWindowMs,
    soleWindowMs: isPaired ? soleWindowMs : stepwiseWindowMs,
    restMs: isPaired ? restMs : stepwiseWindowMs,
    pauseBeforeResultMs: isPaired ? PAUSE_BEFORE_RESULT_MS : 0,
    pauseAfterLoneHeaderMs: PAUSE_AFTER_LONE_HEADER_MS,
    quietMs,
    mayRepeat: (sinceDataMs) => sinceDataMs < peerHoldMs - quietMs() - HOLD_MARGIN_MS,
    putMs: (bytes) => STALLED_LINE_MS + onWireMs(bytes),
    noteRoundTrip(elapsedMs) {
      if (elapsedMs > LONGEST_ROUND_TRIP_MS) return;
      roundTripsMs.push(elapsedMs);
      if (roundTripsMs.length > ROUND_TRIPS_KEPT) roundTripsMs.shift();
    },
  };
}
