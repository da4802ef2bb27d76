/**
 * The table that a calm master is proved with: a stock slave at every speed of line and every distance, calls with
 * small and large arguments, each answered, each run once, in the time that the distance takes. All of it in
 * virtual time; the functions run one cell each, whoever calls them makes a table of it.
 */
import { createMaster, createSlave, type MasterOptions } from "../../src/index.js";
import {
  createRandom,
  createRunLog,
  createStockMaster,
  createStockSlave,
  createTimedLine,
  createVirtualClock,
  standardFunctions,
} from "../../src/testing/index.js";

export const BAUD_RATES = [9600, 115_200, 921_600, null] as const;
export const ARGUMENT_BYTES = [0, 32, 4096] as const;
export const DELAYS_MS = [0, 1, 4, 7, 16, 25, 40] as const;
export const JITTER = 0.5;
/**
 * A delay wanders by half around its mean within this time, or each write has one of its own. The second is the harder
 * test of what must never happen. It can't keep to the time allowed, whatever a master does: a slave hears a
 * request only if it lands some ms after the command, and of two writes with delays of their own one catches up with
 * the other half the time, and else comes as much later as the delays differ.
 */
const WANDER_MS = 200;
export type Jitter = "wandering" | "each write";
/** What a camera's UART holds for certain while the camera is busy. */
const RECEIVE_BYTES = 64;
/** Packets, acknowledgements and requests of one call, besides its argument and its result. */
const CALL_OVERHEAD_BYTES = 44;
/** How long our slave holds a result that nobody asked for. */
const HOLD_MS = 1000;
/** What a learned call may take beyond distance, wire and function. */
const ALLOWED_MS = 3;
/** Calls before what was learned counts, at the most. */
const LEARNING_CALLS = 300;

export interface Cell {
  readonly baudRate: number | null;
  readonly argumentBytes: number;
  readonly oneWayMs: number;
}

export interface CellResult extends Cell {
  readonly calls: number;
  readonly answered: number;
  /** Answers that were not the argument, byte for byte. */
  readonly wrong: number;
  /** Calls whose function ran more than once. */
  readonly ranTwice: number;
  /** Answered calls whose function did not run. */
  readonly neverRan: number;
  /** Of the calls after the learning, ms. */
  readonly medianMs: number;
  readonly slowestMs: number;
  /** What is aimed at, ms: two one-way delays, the bytes on the wire, and 3 ms. */
  readonly allowedMs: number;
  /** What the median may be at the most today, ms: see `boundMsOf`. */
  readonly boundMs: number;
  /** What failed first, in words. */
  readonly firstFailure: string | null;
}

export const allCells: readonly Cell[] = BAUD_RATES.flatMap((baudRate) =>
  ARGUMENT_BYTES.flatMap((argumentBytes) =>
    DELAYS_MS.map((oneWayMs) => ({ baudRate, argumentBytes, oneWayMs })),
  ),
);

export const nameOf = ({ baudRate, argumentBytes, oneWayMs }: Cell): string =>
  `${baudRate === null ? "unpaced" : `${baudRate} baud`}, ${argumentBytes} bytes, ${oneWayMs} ms`;

/** Two one-way delays, the bytes on the wire, and what is allowed beyond. The function takes no time here. */
export function allowedMsOf({ baudRate, argumentBytes, oneWayMs }: Cell): number {
  const bytes = CALL_OVERHEAD_BYTES + 2 * argumentBytes;
  return 2 * oneWayMs + (baudRate === null ? 0 : bytes / (baudRate / 10_000)) + ALLOWED_MS;
}

/**
 * What is reached. A slave that collects garbage for 0–3 ms listens in 2 of 3.5 ms, so a single command is heard in
 * 57 %, whatever a master does. Where commands take less than a millisecond on the wire, a second copy makes 80 to
 * 87 % of it, and the median is the aim within a tenth, which is what the wandering delay adds. Next to the slave, at
 * 1 ms, one trip would save a millisecond in the median and cost ten in the mean: paired, then. On slower wires a
 * copy costs more than the 3 ms that are allowed. There 0.57 of all calls at the most come in one trip, each as late
 * as the delay is just then, and half of all calls are nearly all of those: the median is near their latest, or one
 * round trip later where paired costs less on the whole.
 */
export function boundMsOf(cell: Cell): number {
  const { oneWayMs, argumentBytes, baudRate } = cell;
  const allowedMs = allowedMsOf(cell);
  const commandBytes = argumentBytes + CALL_OVERHEAD_BYTES / 2;
  const isQuick = baudRate === null || (commandBytes * 10_000) / baudRate < 1;
  if (!isQuick) return allowedMs * 2.8 + 8;
  return oneWayMs < 4 ? allowedMs + 2.5 : allowedMs * 1.12 + 2;
}

/** Our master calls a modelled camera. */
export async function runCell(
  cell: Cell,
  calls: number,
  seed: number,
  masterOptions: MasterOptions = {},
  jitter: Jitter = "wandering",
): Promise<CellResult> {
  const { clock, line } = setUp(cell, seed, jitter);
  const slave = createStockSlave({
    end: line.b,
    functions: standardFunctions(),
    random: createRandom(seed + 1),
    ...(cell.baudRate === null ? {} : { receiveBytes: RECEIVE_BYTES }),
  });
  const master = createMaster(line.a.link, { clock, ...masterOptions });
  const result = await clock.run(
    makeCalls(cell, calls, {
      now: clock.now,
      call: (argument) => master.call("echo", argument),
      runs: (argument) => slave.log.runs("echo", argument),
    }),
  );
  await master.close();
  slave.stop();
  return result;
}

/**
 * A stock master calls our slave. `ranTwice` counts runs of one call within the time that the slave holds its result:
 * a desktop fills a slow line with tries faster than it moves them, and the last of them land beyond that time.
 * Calls without an argument are all alike, so none of them counts.
 */
export async function runStockMasterCell(
  cell: Cell,
  kind: "camera" | "desktop",
  calls: number,
  seed: number,
): Promise<CellResult> {
  const { clock, line } = setUp(cell, seed, "each write");
  const log = createRunLog();
  let tooSoon = 0;
  const slave = createSlave(line.b.link, { clock });
  slave.register("echo", (argument) => {
    const lastAt = log.lastRunAt("echo", argument);
    if (argument.length > 0 && lastAt !== null && clock.now() - lastAt < HOLD_MS) tooSoon += 1;
    log.note("echo", argument, clock.now());
    return argument;
  });
  const stop = new AbortController();
  const serving = slave.serve({ signal: stop.signal });
  const master = createStockMaster({ end: line.a, kind, random: createRandom(seed + 1) });
  const result = await clock.run(
    makeCalls(cell, calls, {
      now: clock.now,
      call: (argument) => master.call("echo", argument),
      runs: (argument) => log.runs("echo", argument),
    }),
  );
  stop.abort();
  await clock.run(serving);
  // Two equal calls in a row are one to a slave that waits for its result to be fetched.
  return { ...result, ranTwice: tooSoon, neverRan: cell.argumentBytes > 0 ? result.neverRan : 0 };
}

function setUp({ baudRate, oneWayMs }: Cell, seed: number, jitter: Jitter) {
  const clock = createVirtualClock();
  const random = createRandom(seed);
  const baud = baudRate === null ? {} : { baudRate };
  const wanderMs = jitter === "wandering" ? WANDER_MS : 0;
  return { clock, line: createTimedLine({ clock, oneWayMs, jitter: JITTER, wanderMs, random, ...baud }) };
}

interface Caller {
  now(): number;
  call(argument: Uint8Array): Promise<Uint8Array | null>;
  runs(argument: Uint8Array): number;
}

async function makeCalls(cell: Cell, calls: number, { now, call, runs }: Caller): Promise<CellResult> {
  const learning = Math.min(LEARNING_CALLS, Math.floor(calls / 2));
  const timesMs: number[] = [];
  const counts = { answered: 0, wrong: 0, ranTwice: 0, neverRan: 0 };
  let firstFailure: string | null = null;
  let ranBefore = 0;
  for (let number = 0; number < calls; number++) {
    const argument = argumentOf(number, cell.argumentBytes);
    const startedAt = now();
    const answer = await call(argument).catch((error: unknown) => {
      firstFailure ??= `call ${number}: ${String(error)}`;
      return null;
    });
    if (number >= learning) timesMs.push(now() - startedAt);
    // Calls without an argument all look alike: there the count of all of them has grown by one.
    const ran = runs(argument) - (cell.argumentBytes === 0 ? ranBefore : 0);
    ranBefore = runs(argument);
    if (ran > 1) counts.ranTwice += 1;
    if (answer === null) continue;
    counts.answered += 1;
    if (!isSame(answer, argument)) counts.wrong += 1;
    if (ran === 0) counts.neverRan += 1;
  }
  timesMs.sort((one, other) => one - other);
  return {
    ...cell,
    ...counts,
    calls,
    firstFailure,
    medianMs: timesMs[timesMs.length >> 1] ?? Number.NaN,
    slowestMs: timesMs.at(-1) ?? Number.NaN,
    allowedMs: allowedMsOf(cell),
    boundMs: boundMsOf(cell),
  };
}

/** Bytes that no other call of the run has. */
function argumentOf(number: number, size: number): Uint8Array {
  const argument = new Uint8Array(size);
  if (size === 0) return argument;
  new DataView(argument.buffer).setUint32(0, number, true);
  for (let index = 4; index < size; index++) argument[index] = number + index;
  return argument;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
