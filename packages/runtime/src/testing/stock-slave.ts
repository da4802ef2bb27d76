/**
 * A model of the slave in the camera's own library, to the letter: impatient, deaf for most of the time, one
 * function at a time. It throws away what it has received before each try and collects garbage there, knows
 * neither repeated commands nor lost acknowledgements, and leaves its loop when a function raises. What it ran,
 * and how often, can be asked: that is the truth that tests compare errors and answers with.
 */
import type { Clock } from "../clock.js";
import { hashName } from "../packet/hash-name.js";
import {
  COMMAND_PAYLOAD,
  decodePacket,
  encodePacket,
  encodeU32,
  Magic,
  PACKET_OVERHEAD,
  readU32,
} from "../packet/packet.js";
import { createRunLog, type RunLog } from "./run-log.js";
import { createRandom, type Random } from "./seeded-random.js";
import type { StockFunction } from "./stock-functions.js";
import { STOPPED, type StockPort } from "./stock-port.js";
import { createStockStreams } from "./stock-streams.js";
import { createStockUart } from "./stock-uart.js";
import type { LineEnd } from "./timed-line.js";

export interface StockSlaveOptions {
  /** The end of a timed line that it answers on. */
  readonly end: LineEnd;
  /** By their wire names. `standardFunctions()` has a set. */
  readonly functions: Readonly<Record<string, StockFunction>>;
  /** Where garbage collections and the rounding of its reads come from; seed 1 by default. */
  readonly random?: Random;
  /** Longest collection of garbage before a try, ms; each takes from nothing to this. 3 by default. */
  readonly garbageMs?: number;
  /** How long functions take, ms, by name; at once by default. */
  readonly durationsMs?: Readonly<Record<string, number | ((argument: Uint8Array) => number)>>;
  /** How long a finished result is held; 1,000 by default. */
  readonly sendTimeoutMs?: number;
  /** How long it listens before `onLoop` runs; 1,000 by default. */
  readonly recvTimeoutMs?: number;
  readonly onLoop?: () => void;
  /** What its receive buffer holds while it does something else; without limit by default. */
  readonly receiveBytes?: number;
  /** After an exception has left the loop: how long until its script runs again. Null, by default: never. */
  readonly restartsAfterMs?: number | null;
  /** Told after each step of each call; the place to restart it from. */
  readonly onStep?: (step: StockStep) => void;
}

/** The same on any of the library's links. */
export interface StockServeOptions extends Omit<StockSlaveOptions, "end" | "receiveBytes"> {
  readonly clock: Clock;
  /** Called at each start: a reset forgets what a port has received. */
  readonly openPort: (random: Random) => StockPort;
}

/** The boundaries of packets, as the slave sees them. */
export type StockStep =
  | "header read"
  | "header acknowledged"
  | "data read"
  | "data acknowledged"
  | "function done"
  | "result header asked for"
  | "result header given"
  | "result data asked for"
  | "result data given"
  | "result forgotten";

export interface StockSlave {
  /** Every run of every function, since the beginning and through restarts. */
  readonly log: RunLog;
  readonly state: "serving" | "left its loop" | "stopped";
  /** As a reset: forgets everything, hears nothing for `downMs` (0 by default), then listens again. */
  restart(downMs?: number): void;
  /** Ends it for good and releases its timers. */
  stop(): void;
}

const HEADER_BYTES = COMMAND_PAYLOAD + PACKET_OVERHEAD;
/** Where the size stands in a command header, behind the id. */
const SIZE_OFFSET = 4;
const HEADER_ACK = /* @__PURE__ */ encodePacket(Magic.COMMAND_HEADER);
const DATA_ACK = /* @__PURE__ */ encodePacket(Magic.COMMAND_DATA);
const EMPTY = new Uint8Array(0);

/** For the data behind a header, and for a master to clock the result, on links that honour a timeout. */
const DATA_TIMEOUT_MS = 5000;
const DATA_PATIENCE = { timeoutMs: DATA_TIMEOUT_MS };

export function createStockSlave(options: StockSlaveOptions): StockSlave {
  const { end, receiveBytes, ...rest } = options;
  const receive = receiveBytes === undefined ? {} : { receiveBytes };
  const openPort = (random: Random) => createStockUart({ end, random, ...receive });
  return serveStockPort({ ...rest, clock: end.clock, openPort });
}

export function serveStockPort(options: StockServeOptions): StockSlave {
  const { clock, openPort, random = createRandom(1) } = options;
  const functions = new Map(
    Object.entries(options.functions).map(([name, run]) => [hashName(name), { name, run }]),
  );
  const log = createRunLog();
  let state: StockSlave["state"] = "stopped";
  let current: StockPort | null = null;
  let cancelStart = () => {};

  function start(): void {
    const port = openPort(random);
    current = port;
    state = "serving";
    loop({
      ...options,
      port,
      functions,
      log,
      garbage: () => (options.garbageMs ?? 3) * random(),
    }).catch((error: unknown) => {
      if (error === STOPPED) return;
      port.stop();
      state = "left its loop";
      if (options.restartsAfterMs != null) restart(options.restartsAfterMs);
    });
  }

  function restart(downMs = 0): void {
    current?.stop();
    cancelStart();
    state = "stopped";
    if (downMs > 0) cancelStart = clock.after(downMs, start);
    else start();
  }

  start();
  return {
    log,
    get state() {
      return state;
    },
    restart,
    stop() {
      current?.stop();
      cancelStart();
      state = "stopped";
    },
  };
}

interface Loop extends Omit<StockServeOptions, "functions"> {
  readonly port: StockPort;
  readonly functions: ReadonlyMap<number, { readonly name: string; readonly run: StockFunction }>;
  readonly log: RunLog;
  readonly garbage: () => number;
}

interface Command {
  readonly id: number;
  readonly argument: Uint8Array;
}

type Scheduled = () => void | Promise<void>;

async function loop(options: Loop): Promise<never> {
  for (;;) {
    const command = await awaitCommand(options);
    if (command !== null) {
      let scheduled: Scheduled | null = null;
      const result = await runFunction(options, command, (callback) => {
        scheduled = callback;
      });
      await step(options, "function done");
      if (await holdResult(options, result)) await (scheduled as Scheduled | null)?.();
      else await step(options, "result forgotten");
    }
    options.onLoop?.();
  }
}

/** Null: none came, and the loop's callback has its turn. Without one, listening goes on as if nothing was. */
async function awaitCommand(options: Loop): Promise<Command | null> {
  const { port, clock, onLoop, recvTimeoutMs = 1000 } = options;
  const until = onLoop === undefined ? Number.POSITIVE_INFINITY : clock.now() + recvTimeoutMs;
  while (clock.now() <= until) {
    const header = await port.readAfterDiscard(HEADER_BYTES, options.garbage, until);
    if (header === "over") break;
    const command = header === null ? null : decodePacket(header, Magic.COMMAND_HEADER);
    if (command === null) continue;
    await step(options, "header read");
    if (!(await port.put(HEADER_ACK))) continue;
    await step(options, "header acknowledged");
    const data = await port.read(readU32(command, SIZE_OFFSET) + PACKET_OVERHEAD, DATA_PATIENCE);
    const argument = data === null ? null : decodePacket(data, Magic.COMMAND_DATA);
    if (argument === null) continue;
    await step(options, "data read");
    if (!(await port.put(DATA_ACK))) continue;
    await step(options, "data acknowledged");
    return { id: readU32(command, 0), argument };
  }
  return null;
}

/** Throws what the function throws: an exception leaves the loop, and so does a result without a length. */
async function runFunction(
  options: Loop,
  { id, argument }: Command,
  schedule: (callback: Scheduled) => void,
): Promise<Uint8Array> {
  const { port, log, clock, durationsMs } = options;
  const found = options.functions.get(id);
  if (found === undefined) return EMPTY;
  const { name, run } = found;
  log.note(name, argument, clock.now());
  const duration = durationsMs?.[name] ?? 0;
  const durationMs = typeof duration === "number" ? duration : duration(argument);
  if (durationMs > 0) await port.sleep(durationMs);
  const result = run(argument, { log, schedule, streams: createStockStreams(port) });
  if (result === null) throw new TypeError(`${name}: its result has no length`);
  return result;
}

/** True: it was fetched. */
async function holdResult(options: Loop, result: Uint8Array): Promise<boolean> {
  const { port, clock, sendTimeoutMs = 1000 } = options;
  const until = clock.now() + sendTimeoutMs;
  while (clock.now() <= until) {
    const request = await port.readAfterDiscard(PACKET_OVERHEAD, options.garbage, until);
    if (request === "over") break;
    if (request === null || decodePacket(request, Magic.RESULT_HEADER) === null) continue;
    await step(options, "result header asked for");
    if (!(await port.put(encodePacket(Magic.RESULT_HEADER, encodeU32(result.length))))) continue;
    await step(options, "result header given");
    const dataRequest = await port.read(PACKET_OVERHEAD);
    if (dataRequest === null || decodePacket(dataRequest, Magic.RESULT_DATA) === null) continue;
    await step(options, "result data asked for");
    if (!(await port.put(encodePacket(Magic.RESULT_DATA, result), DATA_TIMEOUT_MS))) continue;
    await step(options, "result data given");
    return true;
  }
  return false;
}

/** Tells the test; whoever was stopped by it goes no further. */
function step({ onStep, port }: Loop, name: StockStep): Promise<void> | undefined {
  if (onStep === undefined) return undefined;
  onStep(name);
  return port.sleep(0);
}
