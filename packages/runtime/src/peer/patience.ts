/**
 * How a master paces itself: what goes out together, how long it waits for an answer, when it pauses and
 * when it stops. All of it is here; whoever speaks the protocol asks and never waits by a number of its own.
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
 * the other. Once a round went unheard, as many follow as fit into a round trip. A copy that takes long on the wire is
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
import { createPauseChoice, type PauseChoice, type PauseLesson } from "./pause-choice.js";
import { createRoundTrips } from "./round-trips.js";

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
  readonly requestSpacingMs: number;
}

/** What an answered call showed of its function, for the next calls of it. */
export interface Lesson extends PauseLesson {
  readonly id: number;
  /** Whether the result came in the first round trip; null where that was not tried. */
  readonly inOneTrip: boolean | null;
}

export interface Patience {
  /** The shape of stepwise masters, or what is used at present for plain functions. */
  readonly shape: Shape;
  /** The least of the last round trips, or null before the first. */
  readonly roundTripMs: number | null;
  plan(call: PlannedCall): Plan;
  /** The most copies of a command that go out in the try with this number (0 first) before an answer could be there. */
  commandCopies(attempt: number, commandBytes: number, shape: Shape): number;
  /** Between a header and its data, where the slave's receive buffer can't hold both; 0: one write. */
  headerGapMs(commandBytes: number): number;
  /** The header was acknowledged, and the data was not. */
  noteDataMissed(): void;
  /** How many lone headers follow each other before an answer could be there. */
  loneHeaders(): number;
  /** How close copies follow each other where bytes take no time. */
  readonly spacingMs: number;
  /** How long the acknowledgement of data may be behind the data's last byte, the header's having come. */
  dataRestMs(bytes: number): number;
  /** How long the try with this number (0 first) waits for the start of an answer, `bytes` being on the wire. */
  windowMs(attempt: number, bytes: number): number;
  /** The same where the next try must not be under way when this one is answered after all. */
  soleWindowMs(bytes: number): number;
  /** How long to wait for the second packet of an answer whose first one came. */
  restMs(attempt: number, bytes: number): number;
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
  /** So long without a byte, and nothing old is on its way any more. */
  quietMs(): number;
  /** A lone header that was sent so long ago is not acknowledged any more. */
  strayMs(): number;
  /** Whether a command may be sent again, `sinceDataMs` after its data first went out. */
  mayRepeat(sinceDataMs: number): boolean;
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

const STEPWISE_FIRST_WINDOW_MS = 3;
const STEPWISE_GROWTH = 4 / 3;
/** Hosts' timers are late by a millisecond or so; what is there by then is read first. */
const HOST_SLACK_MS = 1;
const PAIRED_GROWTH = 1.3;
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
/** Longer than a slave waits for data in vain and collects garbage afterwards. */
const PAUSE_AFTER_LONE_HEADER_MS = 5.5;
/** The least: a line that stalls for a while, and loses nothing, brings them late. */
const STRAYS_KEPT_MS = 500;
const HOLD_MARGIN_MS = 50;
const STALLED_LINE_MS = 5000;
/** Longest to shortest round trip where each way varies by half, with something to spare. */
const ROUND_TRIP_SPREAD = 2.5;
/** A try that must be alone waits this much longer than the longest of the last round trips. */
const SOLE_SPREAD = 1.5;
/** Below this, waiting for acknowledgements costs less than the pause of one trip. */
const ONE_TRIP_FROM_MS = 3;
/** Calls without a fault before a plain function is called in one trip. */
const CLEAN_CALLS_FOR_ONE_TRIP = 4;
/** After a fault, many more. */
const CLEAN_CALLS_AFTER_FAULT = 64;
const COPY_SPACING_MS = 1.4;
/** Copies of more than this would keep a line busy that is not in the way otherwise. */
const LARGEST_COPY_BYTES = 8192;
const COPIES = 2;
const COPIES_AFTER_A_MISS = 3;
const MOST_COPIES_LATER = 6;
const SHORTEST_GAP_MS = 0.6;
/** A lone header and its acknowledgement. */
const HEADER_EXCHANGE_BYTES = 16;
/** What is tried between a header and data that follows it blind; a slave waits 2 ms. */
const HEADER_GAPS_MS = [0, 0.5, 1, 1.5];
const MISSES_FOR_A_GAP = 3;
/** A command that takes longer on the wire may be cut in two by a slave that begins to listen; the next keeps clear of the rest. */
const LONGEST_COPY_MS = 1.6;
const REQUEST_SPACING_MS = 1.1;
const REQUEST_COPIES = 4;
const LONGEST_REQUEST_MS = 1.5;
const REQUEST_BYTES = 8;
/** Above this, a single command is heard often enough. */
const HEARD_OFTEN = 0.85;
/** Every so many calls a single command is sent, to see whether it would be enough. */
const SINGLE_EVERY = 32;
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
const TURNS_MS = [0, 0.3, 0.6, 0.9, 1.2];
const MISSES_FOR_A_TURN = 2;

/** What is known of one function. */
interface FunctionMemory {
  readonly pause: PauseChoice;
  /** How often its result came in the first round trip, from 0 to 1. */
  oneTripShare: number;
}

export function createPatience(options: PatienceOptions): Patience {
  const { peerReceiveBytes, peerHoldMs, bytesPerMs } = options;
  const isStepwise = options.shape === "stepwise";
  const trips = createRoundTrips();
  const functions = new Map<number, FunctionMemory>();
  let cleanCalls = 0;
  let hasFaults = false;
  let cleanCallsWanted = CLEAN_CALLS_FOR_ONE_TRIP;
  /** How often a single command is heard, from 0 to 1. */
  let heardShare = 1;
  let calls = 0;
  /** Which of the gaps is used, counted on at each miss. */
  let headerGap = 0;
  /** How often in a row data was missed whose header was heard. */
  let dataMissed = 0;

  /** Which of the pauses is used, counted on after misses, and how many there were in a row. */
  let turn = 0;
  let turnsMissed = 0;

  const onWireMs = (bytes: number) => (bytesPerMs === null ? 0 : bytes / bytesPerMs);
  const headerSpacingMs = PAUSE_AFTER_LONE_HEADER_MS + onWireMs(HEADER_EXCHANGE_BYTES);
  const variationMs = () => (trips.isKnown ? trips.longestMs - trips.leastMs : UNMEASURED_WINDOW_MS);

  function quietMs(): number {
    if (!trips.isKnown) return UNMEASURED_QUIET_MS;
    const usualMs = Math.max(trips.leastMs * ROUND_TRIP_SPREAD, trips.longestMs) + 2 * PEER_SLACK_MS;
    return isTrusted() ? usualMs : usualMs + BAD_LINE_STALL_MS;
  }
  const repeatLeftMs = (sinceDataMs: number) => peerHoldMs - quietMs() - HOLD_MARGIN_MS - sinceDataMs;
  const isTrusted = () => !hasFaults || cleanCalls >= cleanCallsWanted;

  /** What the bytes themselves take: their way over the wire, and the peer's checksum. */
  const transferMs = (bytes: number) => onWireMs(bytes) + bytes * PEER_CHECK_MS_PER_BYTE;

  function stepwiseWindowMs(attempt: number, bytes: number): number {
    const grownMs = STEPWISE_FIRST_WINDOW_MS * STEPWISE_GROWTH ** attempt;
    return Math.min(grownMs, LONGEST_WINDOW_MS) + transferMs(bytes);
  }

  function pairedWindowMs(attempt: number, bytes: number): number {
    if (!trips.isKnown) return UNMEASURED_WINDOW_MS + transferMs(bytes);
    const firstMs = trips.usualLongestMs + variationMs() / 4 + HOST_SLACK_MS;
    const grownMs = attempt < 6 ? firstMs : firstMs * PAIRED_GROWTH ** (attempt - 5);
    return Math.min(grownMs, Math.max(firstMs, LONGEST_WINDOW_MS)) + transferMs(bytes);
  }

  const soleWindowMs = (bytes: number) =>
    (trips.isKnown ? trips.longestMs * SOLE_SPREAD + PEER_SLACK_MS : UNMEASURED_QUIET_MS) + transferMs(bytes);
  const restMs = (_attempt: number, bytes: number) => quietMs() + transferMs(bytes);

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

  /** From the start of one copy to the start of the next. A long one that was missed must be forgotten before. */
  function spacingOf(commandBytes: number): number {
    const copyMs = onWireMs(commandBytes);
    if (copyMs > LONGEST_COPY_MS) return copyMs + PAUSE_AFTER_LONE_HEADER_MS;
    return Math.max(COPY_SPACING_MS, copyMs + SHORTEST_GAP_MS);
  }

  /**
   * In one trip the requests wait for the last copy, and none may follow them: a second copy is worth its time
   * where the first is often missed, and is short; once something was missed, a third. Paired, copies end with
   * the first acknowledgement; in later rounds, which are rare, as many follow as fit into a round trip.
   */
  function copiesOf(attempt: number, commandBytes: number, shape: Shape): number {
    if (commandBytes > LARGEST_COPY_BYTES) return 1;
    const isLong = onWireMs(commandBytes) > LONGEST_COPY_MS;
    if (shape === "one-trip") {
      if (isLong || heardShare > HEARD_OFTEN) return 1;
      if (attempt > 0) return COPIES_AFTER_A_MISS;
      return calls % SINGLE_EVERY === 0 ? 1 : COPIES;
    }
    const inTrip = Math.floor((trips.isKnown ? trips.usualMs : 0) / spacingOf(commandBytes));
    if (attempt > 0) return Math.min(Math.max(inTrip, COPIES), MOST_COPIES_LATER);
    return isLong || heardShare > HEARD_OFTEN || calls % SINGLE_EVERY === 0 ? 1 : COPIES;
  }

  return {
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
      const copies = requestMs > LONGEST_REQUEST_MS ? 3 : REQUEST_COPIES;
      return {
        shape: shapeFor(isRepeatable, memory),
        commandSpacingMs: spacingOf(commandBytes),
        pauseMs,
        requestCopies: isFollowed || pause.isSure ? 1 : copies,
        requestSpacingMs: REQUEST_SPACING_MS + requestMs,
      };
    },
    commandCopies: copiesOf,
    headerGapMs(commandBytes) {
      return commandBytes <= peerReceiveBytes
        ? 0
        : (HEADER_GAPS_MS[headerGap % HEADER_GAPS_MS.length] as number);
    },
    noteDataMissed() {
      dataMissed += 1;
      if (dataMissed % MISSES_FOR_A_GAP === 0) headerGap += 1;
    },
    loneHeaders: () => ((trips.isKnown ? trips.leastMs : 0) < 2 * PAUSE_AFTER_LONE_HEADER_MS ? 2 : 3),
    spacingMs: COPY_SPACING_MS,
    dataRestMs: (bytes) => variationMs() / 2 + HOST_SLACK_MS + bytes * PEER_CHECK_MS_PER_BYTE,
    windowMs: isStepwise ? stepwiseWindowMs : pairedWindowMs,
    soleWindowMs,
    restMs: isStepwise ? stepwiseWindowMs : restMs,
    patientWindowMs: (sinceFirstMs) =>
      Math.max(REQUEST_SPACING_MS, Math.min(sinceFirstMs * PATIENT_SHARE, peerHoldMs * LONGEST_PART_OF_HOLD)),
    pauseAfterLoneHeaderMs: PAUSE_AFTER_LONE_HEADER_MS,
    requestCopies(attempt, { requestCopies, requestSpacingMs }) {
      if (attempt === 0 || !trips.isKnown) return requestCopies;
      if (attempt > QUICK_ATTEMPTS) return PATIENT_COPIES;
      const inTrip = Math.floor(trips.usualMs / requestSpacingMs);
      return Math.max(requestCopies, COPIES, Math.min(inTrip, MOST_COPIES_LATER));
    },
    requestSpacingMs: REQUEST_SPACING_MS + onWireMs(REQUEST_BYTES),
    headerSpacingMs,
    quietMs,
    strayMs: () => Math.max(STRAYS_KEPT_MS, 2 * quietMs()),
    get turnMs() {
      return TURNS_MS[turn % TURNS_MS.length] as number;
    },
    noteTurn(isTaken) {
      turnsMissed = isTaken ? 0 : turnsMissed + 1;
      if (turnsMissed < MISSES_FOR_A_TURN) return;
      turnsMissed = 0;
      turn += 1;
    },
    mayRepeat: (sinceDataMs) => repeatLeftMs(sinceDataMs) > 0,
    repeatLeftMs,
    putMs: (bytes) => STALLED_LINE_MS + onWireMs(bytes),
    onWireMs,
    noteRoundTrip: trips.note,
    noteCommands(sent, heard) {
      // Of several copies that bring one acknowledgement, nobody knows which one was heard.
      if (sent === 1 || heard > 1) heardShare += ((heard > 0 ? 1 : 0) - heardShare) / 8;
    },
    noteCall(lesson) {
      dataMissed = 0;
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
