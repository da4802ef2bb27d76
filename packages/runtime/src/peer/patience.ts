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
 * the round trips measured on this link: smoothed as TCP does it, plus what a slave's garbage collection
 * may cost. The first packet of a fresh link is a lone command header, which runs nothing and gives the
 * first measurement. Time for the bytes to go over the wire is added where the link knows its speed, and
 * time for a slow peer to work out the checksum of a long argument.
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
  /** How long to wait for the answer to the try with this number (0 first), `bytesOut` bytes having been written. */
  windowMs(attempt: number, bytesOut: number): number;
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
  /** An answer came in the try with this number, so long after the first try. */
  noteRoundTrip(elapsedMs: number, attempt: number): void;
}

const STEPWISE_FIRST_WINDOW_MS = 3;
const WINDOW_GROWTH = 4 / 3;
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
/** An answer after more tries than this says when the slave was ready, not how far away it is. */
const TELLING_ATTEMPTS = 4;
const LONGEST_ROUND_TRIP_MS = 150;
/** Shares of a new measurement in the smoothed round trip and in its deviation, as in TCP. */
const ROUND_TRIP_SHARE = 1 / 8;
const DEVIATION_SHARE = 1 / 4;

export function createPatience(options: PatienceOptions): Patience {
  const { shape, peerReceiveBytes, peerHoldMs, bytesPerMs } = options;
  const isPaired = shape === "paired";
  let roundTripMs: number | null = null;
  let deviationMs = 0;

  const onWireMs = (bytes: number) => (bytesPerMs === null ? 0 : bytes / bytesPerMs);

  function answerWindowMs(): number {
    if (!isPaired) return STEPWISE_FIRST_WINDOW_MS;
    if (roundTripMs === null) return UNMEASURED_WINDOW_MS;
    return roundTripMs + 4 * deviationMs + PEER_SLACK_MS;
  }

  return {
    shape,
    discardsBeforeTry: !isPaired,
    pairsCommand: (bytes) => isPaired && bytes <= peerReceiveBytes,
    windowMs(attempt, bytesOut) {
      const first = answerWindowMs();
      const grown = Math.min(first * WINDOW_GROWTH ** attempt, Math.max(first, LONGEST_WINDOW_MS));
      return grown + onWireMs(bytesOut) + bytesOut * PEER_CHECK_MS_PER_BYTE;
    },
    pauseBeforeResultMs: isPaired ? PAUSE_BEFORE_RESULT_MS : 0,
    pauseAfterLoneHeaderMs: PAUSE_AFTER_LONE_HEADER_MS,
    quietMs: () => (roundTripMs === null ? UNMEASURED_QUIET_MS : 1.5 * answerWindowMs() + PEER_SLACK_MS),
    mayRepeat: (sinceDataMs) => sinceDataMs < peerHoldMs - 2 * answerWindowMs() - HOLD_MARGIN_MS,
    putMs: (bytes) => STALLED_LINE_MS + onWireMs(bytes),
    noteRoundTrip(elapsedMs, attempt) {
      if (attempt > TELLING_ATTEMPTS) return;
      const sampleMs = Math.min(elapsedMs, LONGEST_ROUND_TRIP_MS);
      if (roundTripMs === null) {
        roundTripMs = sampleMs;
        deviationMs = sampleMs / 4;
        return;
      }
      deviationMs += DEVIATION_SHARE * (Math.abs(sampleMs - roundTripMs) - deviationMs);
      roundTripMs += ROUND_TRIP_SHARE * (sampleMs - roundTripMs);
    },
  };
}
