/**
 * How a master paces itself: what goes out together, how long it waits for an answer, when it pauses and
 * when it stops. Whoever speaks the protocol asks here and never waits by a number of its own. What is measured and
 * learned has rooms of its own: `round-trips.ts`, `windows.ts`, `copies.ts`, `pause-choice.ts`, `ladder.ts`.
 *
 * **Why there is anything to decide.** A stock slave collects garbage for up to 3 ms, throws its receive
 * buffer away, listens for 2 ms, and starts again. A packet that comes at the wrong moment is gone, and
 * nothing tells the master: it only sees that no answer comes. With 2 ms of every 3.5 open, a single packet
 * is heard in a bit more than half of all cases, at any distance.
 *
 * **Shapes.** `stepwise` is how a stock master speaks: a packet, its answer, the next packet. The slave waits
 * 2 ms for the second packet, so this works only where the host answers faster than that. `paired` writes
 * both packets of a phase at once: the slave finds the second one in its buffer however far away the master
 * is; a call takes two round trips. `one-trip` sends the requests for the result after the command without
 * waiting for its acknowledgements; a call takes one. A master left to choose starts paired and goes over
 * to one trip where a round trip costs more than the pause that one trip needs.
 *
 * **What one trip must not do.** Who asks for a result before the command was acknowledged takes the result
 * off the slave's hands, and a command that comes after that runs again. So within a call all copies of the
 * command go out before the first request. Where nothing was heard, the command may go out again only when
 * it is known that it was not run: after two lone headers, sent after it, were acknowledged one after the
 * other. Bytes keep their order, so whatever the command had caused would have come before them. That leaves
 * lines that lose whole packets: a plain function is called in one trip only after some calls in a row in
 * which nothing was lost, damaged or out of order, and the first such sign ends it. `@idempotent` and `@once`
 * functions may be sent again at any time and need no such care.
 *
 * **Copies.** Where single commands are often missed, a second copy follows 1.4 ms later: one of the two finds a
 * slave that collects garbage for 0 to 3 ms in seven of eight cases, and a slave with a result in its hands drops
 * the other. Once a round went unheard, more follow: as many as fit into a round trip, or on a slow wire, where few do,
 * until one is acknowledged. A copy that takes long on the wire is
 * not worth its time.
 * Requests cost less, and four of them 1.1 ms apart meet nearly every slave that has a result; more in flight would
 * not be heard more often.
 *
 * **Where one trip is worth it.** Each call that goes unheard costs three round trips more, so a function of which
 * too few calls are answered in their first trip is called paired, and tried again now and then. On a slow wire,
 * where only one copy fits, that is a bit more than half at the best.
 *
 * **Windows.** The time from the first try of a packet to its answer is never less than the round trip,
 * whichever try was answered (`round-trips.ts`). A window that is too short costs a packet and nothing else. The
 * first packet of a fresh link is a lone command header, which runs nothing and gives the first measurement. Time
 * for bytes to go over the wire is added where the link knows its speed, and time for a slow peer to check a long
 * argument.
 *
 * **The pause before a request.** After it acknowledged the data, a stock slave runs the function, collects
 * garbage and discards: a request that came before that is lost. How long to leave it is learned for each
 * function, from which pause was answered how often: the one that costs least in time and tries is taken,
 * and now and then its neighbours are tried. A function that takes long moves the whole scale. Far beyond
 * what was expected, requests come in small groups, further and further apart, so that a long function
 * costs few and is still heard soon after it is done.
 *
 * **Ends.** A finished result is held for `peerHoldMs`. A command that is repeated within that time since its
 * data first went out, no result having been asked for, meets either a slave that never got it or one that
 * is deaf; later it could run a second time. So sending stops early enough for the slowest packet. What an
 * abandoned call may still answer, it answers within one round trip of the last packet sent: after that
 * much quiet the line holds nothing old.
 */
import { HEADER_EXCHANGE_BYTES } from "./call-packets.js";
import { COPIES, COPY_SPACING_MS, createCopies, MOST_COPIES_LATER } from "./copies.js";
import { createLadder } from "./ladder.js";
import { createPauseChoice, type PauseChoice, type PauseLesson } from "./pause-choice.js";
import { createRoundTrips } from "./round-trips.js";
import { createWindows, type Windows } from "./windows.js";

export type Shape = "stepwise" | "paired" | "one-trip";

export interface PatienceOptions {
  /** `learned`: paired or one trip, as the line turns out to be. */
  readonly shape: Shape | "learned";
  /** What the peer's receive buffer surely holds. */
  readonly peerReceiveBytes: number;
  /** How long the peer holds a finished result. */
  readonly peerHoldMs: number;
  /** Speed of the line, or null where unknown. */
  readonly bytesPerMs: number | null;
}

/** What is known of a call before it is made. */
export interface PlannedCall {
  readonly id: number;
  /** Header and data of the command. */
  readonly commandBytes: number;
  /** May be sent again whatever happened to it: `@idempotent`, `@once`. */
  readonly isRepeatable: boolean;
  /** Frames or raw bytes follow the result: no late request may fall into them. */
  readonly isFollowed: boolean;
}

/** How one call is to be spoken. */
export interface Plan {
  readonly shape: Shape;
  readonly commandSpacingMs: number;
  /** From the end of the command at the slave to the first request's arrival there. */
  readonly pauseMs: number;
  /** The most requests that go out before an answer could be there. */
  readonly requestCopies: number;
  /** From one of the first requests to the next. */
  readonly requestSpacingMs: number;
  /** The same after those were missed. */
  readonly laterRequestSpacingMs: number;
}

/** What an answered call showed of its function, for the next calls of it. */
export interface Lesson extends PauseLesson {
  readonly id: number;
  /** Whether the result came in the first round trip; null where that was not tried. */
  readonly inOneTrip: boolean | null;
}

export interface Patience extends Windows {
  /** The shape of stepwise masters, or what is used at present for plain functions. */
  readonly shape: Shape;
  /** The least of the last round trips, or null before the first. */
  readonly roundTripMs: number | null;
  plan(call: PlannedCall): Plan;
  /** The most copies of a command that go out in the try with this number (0 first) before an answer could be there. */
  commandCopies(attempt: number, commandBytes: number): number;
  /** Between a header and its data, where the slave's receive buffer can't hold both; 0: one write. */
  headerGapMs(commandBytes: number): number;
  /** The header was acknowledged, and the data was not. */
  noteDataMissed(): void;
  /** How many lone headers follow each other before an answer could be there. */
  loneHeaders(): number;
  /** How close copies follow each other where bytes take no time. */
  readonly spacingMs: number;
  /** How far apart groups of requests are, so long after the first request. */
  patientWindowMs(sinceFirstMs: number): number;
  /** Between lone headers, and between one and a command: the slave waits for data in vain meanwhile. */
  readonly pauseAfterLoneHeaderMs: number;
  /** The most requests that go out in the try with this number before an answer could be there: later, as many as fit. */
  requestCopies(attempt: number, plan: Plan): number;
  /** From one pair of requests to the next. */
  readonly requestSpacingMs: number;
  /** From one lone header to the next. */
  readonly headerSpacingMs: number;
  /** Whether a command may be sent again, `sinceDataMs` after its data first went out. */
  mayRepeat(sinceDataMs: number): boolean;
  /** Whether a slave that ran it is sure to hold its result still when what is sent then comes to it. */
  isHeld(sinceDataMs: number): boolean;
  /** What it takes in nearly all cases to prove that a command was not run. */
  proofMs(): number;
  /** Where nobody says that the slave is ready: what it takes to get ready for the next packet after its answer. */
  readonly turnMs: number;
  /** Whether the packet after that pause was taken. */
  noteTurn(isTaken: boolean): void;
  /** How much longer it may be, from then on; below 0 if no longer. */
  repeatLeftMs(sinceDataMs: number): number;
  /** How long a line may take to accept so many bytes. */
  putMs(bytes: number): number;
  /** What so many bytes take on the wire, where its speed is known. */
  onWireMs(bytes: number): number;
  /** An answer came, so long after each of the packets that it may answer, oldest first; bytes on the wire not counted. */
  noteRoundTrip(elapsedMs: readonly number[]): void;
  /** So many copies of a command went out, and so many were acknowledged before the next round. */
  noteCommands(sent: number, heard: number): void;
  /** A call was answered. */
  noteCall(lesson: Lesson): void;
  /** Whether the line has lost nothing, as far as can be seen. */
  readonly isTrusted: boolean;
  /** Something was lost, damaged, doubled or out of order. */
  noteFault(): void;
}

/** Longer than a slave waits for data in vain and collects garbage afterwards. */
const PAUSE_AFTER_LONE_HEADER_MS = 5.5;
const HOLD_MARGIN_MS = 50;
const PROOF_WINDOWS = 3;
const STALLED_LINE_MS = 5000;
/** Below this, waiting for acknowledgements costs less than the pause of one trip. */
const ONE_TRIP_FROM_MS = 3;
/** Calls without a fault before a plain function is called in one trip. */
const CLEAN_CALLS_FOR_ONE_TRIP = 4;
/** After a fault, many more. */
const CLEAN_CALLS_AFTER_FAULT = 64;
/** What is tried between a header and data that follows it blind; a slave waits 2 ms. */
const HEADER_GAPS_MS = [0, 0.5, 1, 1.5] as const;
const MISSES_FOR_A_GAP = 3;
const REQUEST_SPACING_MS = 1.1;
const REQUEST_COPIES = 4;
/** Of requests that take long on the wire fewer fit. */
const LONGEST_REQUEST_MS = 1.5;
const LONG_REQUEST_COPIES = 3;
const REQUEST_BYTES = 8;
/** Where fewer calls than this are answered in their first round trip, it is not worth trying. */
const ONE_TRIP_OFTEN = 0.35;
const ONE_TRIP_SMOOTHING = 1 / 24;
const PROBE_EVERY = 12;
const PATIENT_SHARE = 0.2;
/** So a finished result meets more than one group of requests before the slave gives it up. */
const LONGEST_PART_OF_HOLD = 0.4;
/** After so many groups of requests it is the function that takes long, not the slave that did not hear. */
const QUICK_ATTEMPTS = 3;
const PATIENT_COPIES = 3;
const FUNCTIONS_KEPT = 256;
/** What is tried between an answer and the next packet: a slave listens again some time after, for 2 ms. */
const TURNS_MS = [0, 0.3, 0.6, 0.9, 1.2] as const;
const MISSES_FOR_A_TURN = 2;

/** What is known of one function. */
interface FunctionMemory {
  readonly pause: PauseChoice;
  /** How often its result came in the first round trip, from 0 to 1. */
  oneTripShare: number;
}

export function createPatience(options: PatienceOptions): Patience {
  const { peerReceiveBytes, peerHoldMs, bytesPerMs } = options;
  const functions = new Map<number, FunctionMemory>();
  let calls = 0;
  let cleanCalls = 0;
  let hasFaults = false;
  let cleanCallsWanted = CLEAN_CALLS_FOR_ONE_TRIP;

  const onWireMs = (bytes: number) => (bytesPerMs === null ? 0 : bytes / bytesPerMs);
  const isTrusted = () => !hasFaults || cleanCalls >= cleanCallsWanted;
  const trips = createRoundTrips();
  const windows = createWindows({ trips, onWireMs, isStepwise: options.shape === "stepwise", isTrusted });
  const copies = createCopies({
    trips,
    onWireMs,
    clearMs: PAUSE_AFTER_LONE_HEADER_MS,
    calls: () => calls,
  });
  const headerGap = createLadder(HEADER_GAPS_MS, MISSES_FOR_A_GAP);
  const turn = createLadder(TURNS_MS, MISSES_FOR_A_TURN);
  const repeatLeftMs = (sinceDataMs: number) => peerHoldMs - windows.quietMs() - HOLD_MARGIN_MS - sinceDataMs;

  function memoryOf(id: number): FunctionMemory {
    const known = functions.get(id);
    if (known !== undefined) return known;
    const [oldest] = functions.keys();
    if (functions.size >= FUNCTIONS_KEPT && oldest !== undefined) functions.delete(oldest);
    const memory = { pause: createPauseChoice(), oneTripShare: 1 };
    functions.set(id, memory);
    return memory;
  }

  function shapeFor(isRepeatable: boolean, memory?: FunctionMemory): Shape {
    if (options.shape !== "learned") return options.shape;
    if (!trips.isKnown || trips.usualMs < ONE_TRIP_FROM_MS) return "paired";
    if (!isRepeatable && cleanCalls < cleanCallsWanted) return "paired";
    const isWorthIt = memory === undefined || memory.oneTripShare >= ONE_TRIP_OFTEN;
    return isWorthIt || calls % PROBE_EVERY === 0 ? "one-trip" : "paired";
  }

  return {
    ...windows,
    get shape() {
      return shapeFor(false);
    },
    get roundTripMs() {
      return trips.isKnown ? trips.leastMs : null;
    },
    plan({ id, commandBytes, isRepeatable, isFollowed }) {
      calls += 1;
      const requestMs = onWireMs(REQUEST_BYTES);
      const memory = memoryOf(id);
      const { pause } = memory;
      const pauseMs = pause.next();
      const isSlow = requestMs > LONGEST_REQUEST_MS;
      const requestCopies = isSlow ? LONG_REQUEST_COPIES : REQUEST_COPIES;
      return {
        shape: shapeFor(isRepeatable, memory),
        commandSpacingMs: copies.spacingMs(commandBytes),
        pauseMs,
        requestCopies: isFollowed || pause.isSure ? 1 : requestCopies,
        requestSpacingMs: REQUEST_SPACING_MS + requestMs,
        // Close together they leave a slow wire no gap for a slave to begin to listen in.
        laterRequestSpacingMs: requestMs + (isSlow ? PAUSE_AFTER_LONE_HEADER_MS : REQUEST_SPACING_MS),
      };
    },
    commandCopies: copies.most,
    headerGapMs: (commandBytes) => (commandBytes <= peerReceiveBytes ? 0 : headerGap.value),
    noteDataMissed: () => headerGap.note(false),
    loneHeaders: () => ((trips.isKnown ? trips.leastMs : 0) < 2 * PAUSE_AFTER_LONE_HEADER_MS ? 2 : 3),
    spacingMs: COPY_SPACING_MS,
    patientWindowMs: (sinceFirstMs) =>
      Math.max(REQUEST_SPACING_MS, Math.min(sinceFirstMs * PATIENT_SHARE, peerHoldMs * LONGEST_PART_OF_HOLD)),
    pauseAfterLoneHeaderMs: PAUSE_AFTER_LONE_HEADER_MS,
    requestCopies(attempt, { requestCopies, laterRequestSpacingMs }) {
      if (attempt === 0 || !trips.isKnown) return requestCopies;
      if (attempt > QUICK_ATTEMPTS) return PATIENT_COPIES;
      const inTrip = Math.floor(trips.usualMs / laterRequestSpacingMs);
      return Math.max(requestCopies, COPIES, Math.min(inTrip, MOST_COPIES_LATER));
    },
    requestSpacingMs: REQUEST_SPACING_MS + onWireMs(REQUEST_BYTES),
    headerSpacingMs: PAUSE_AFTER_LONE_HEADER_MS + onWireMs(HEADER_EXCHANGE_BYTES),
    get turnMs() {
      return turn.value;
    },
    noteTurn: turn.note,
    mayRepeat: (sinceDataMs) => repeatLeftMs(sinceDataMs) > 0,
    // Bytes keep their order: it may come later than the data did, but only by as much as ways differ.
    isHeld: (sinceDataMs) => sinceDataMs < peerHoldMs - windows.variationMs() - HOLD_MARGIN_MS,
    proofMs: () => windows.windowMs(0, HEADER_EXCHANGE_BYTES) * PROOF_WINDOWS,
    repeatLeftMs,
    putMs: (bytes) => STALLED_LINE_MS + onWireMs(bytes),
    onWireMs,
    noteRoundTrip: trips.note,
    noteCommands: copies.note,
    noteCall(lesson) {
      headerGap.note(true);
      cleanCalls += 1;
      const memory = memoryOf(lesson.id);
      memory.pause.learn(lesson);
      if (lesson.inOneTrip !== null) {
        memory.oneTripShare += ((lesson.inOneTrip ? 1 : 0) - memory.oneTripShare) * ONE_TRIP_SMOOTHING;
      }
    },
    get isTrusted() {
      return isTrusted();
    },
    noteFault() {
      hasFaults = true;
      cleanCalls = 0;
      cleanCallsWanted = CLEAN_CALLS_AFTER_FAULT;
    },
  };
}
