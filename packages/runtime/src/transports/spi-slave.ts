/**
 * A link over SPI, this side as the slave: through the spidev node of a controller in slave mode. A get waits
 * for the master's write of the same size, a put for its read. The waiting is done by a process of its own
 * (`spi-slave-process.ts`), which is ended when what it waits for is not wanted any more.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "../clock.js";
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { readsAsNoAnswer } from "./all-equal.js";
import { briefPause } from "./brief-pause.js";
import { checkAborted, openError } from "./open-error.js";
import { checkSpiOptions, explainSpi, readSpidevBufferBytes, spiMode } from "./spi-bus.js";
import type { SpiSlaveAnswer } from "./spi-slave-process.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export interface SpiSlaveOptions {
  /** `/dev/spidev1.0` is bus 1, … */
  readonly bus: number;
  /** … device 0. */
  readonly device: number;
  /** Level of the idle clock; 1 by default, as in the camera's library. */
  readonly polarity?: 0 | 1;
  /** Which edge of the clock counts; 0 by default. */
  readonly phase?: 0 | 1;
  /** The fastest clock that is expected; 1,000,000 by default. */
  readonly speedHz?: number;
  /** Comes back by itself after a failure; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

/** A process that waits for the clock, one transfer at a time. */
export interface SpiSlaveWorker {
  /** Sends `bytes` when the master clocks; what came in meanwhile. Rejects when it is ended, or fails. */
  transfer(bytes: Uint8Array): Promise<Uint8Array>;
  end(): void;
}

/** What may take the place of the process, of spidev's parameter and of the host's clock. */
export interface SpiSlaveSurroundings {
  readonly start?: (options: SpiSlaveOptions) => Promise<SpiSlaveWorker>;
  readonly bufferBytes?: () => Promise<number>;
  readonly clock?: Clock;
}

const DEFAULT_SPEED_HZ = 1_000_000;
/** Longer than a short frame takes, shorter than a master pauses between its tries. */
const RESYNC_MS = 0.5;

/** Opens the node of a controller in slave mode. Rejects like `openSpi`. */
export function openSpiSlave(
  options: SpiSlaveOptions,
  surroundings: SpiSlaveSurroundings = {},
): Promise<Link> {
  const { clock = systemClock, start = startSpiSlaveProcess } = surroundings;
  return withReconnect(
    async ({ signal }) => {
      checkSpiOptions(options);
      checkAborted(signal);
      const largest = await (surroundings.bufferBytes ?? readSpidevBufferBytes)();
      const worker = await start(options);
      if (signal?.aborted) worker.end();
      checkAborted(signal);
      return createSpiSlaveLink(worker, () => start(options), largest, clock);
    },
    options,
    clock,
  );
}

/** A transfer that waits in the kernel; it outlives a get that timed out, for the next get of that size. */
interface Waiting {
  readonly isRead: boolean;
  readonly length: number;
  readonly done: Promise<Uint8Array>;
}

function createSpiSlaveLink(
  first: SpiSlaveWorker,
  start: () => Promise<SpiSlaveWorker>,
  largest: number,
  clock: Clock,
): Link {
  let worker: SpiSlaveWorker | null = first;
  let waiting: Waiting | null = null;
  let ended: RpcError | null = null;
  const stop = new AbortController();
  /** Settles when the get or put before has. */
  let last: Promise<unknown> = Promise.resolve();

  async function begin(bytes: Uint8Array, isRead: boolean): Promise<Waiting> {
    if (waiting !== null) {
      if (isRead && waiting.isRead && waiting.length === bytes.length) return waiting;
      waiting = null;
      worker?.end();
      worker = null;
    }
    worker ??= await start();
    if (ended !== null) worker.end();
    const done = message(worker, bytes, isRead);
    done.catch(() => {});
    waiting = { isRead, length: bytes.length, done };
    return waiting;
  }

  /** What came in, or null if it did not in time. */
  async function transfer(
    bytes: Uint8Array,
    isRead: boolean,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array | null> {
    const current = await begin(bytes, isRead);
    const received = await withinTime(current.done, Math.max(0, deadline - clock.now()), clock, [
      stop.signal,
      signal,
    ]);
    if (received !== null && waiting === current) waiting = null;
    return received;
  }

  async function move(
    bytes: Uint8Array,
    isRead: boolean,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    if (ended !== null) throw ended;
    if (signal?.aborted) return false;
    if (bytes.length === 0) return true;
    const deadline = clock.now() + timeoutMs;
    const turn = last.then(async () => {
      const out = isRead ? new Uint8Array(bytes.length) : bytes;
      const received = await transfer(out, isRead, deadline, signal);
      if (ended !== null) throw ended;
      if (received === null) return false;
      if (isRead) bytes.set(received);
      return true;
    });
    last = turn.catch(() => {});
    try {
      return await turn;
    } catch (error) {
      if (error instanceof RpcError) ended ??= error;
      throw ended ?? error;
    }
  }

  const link: Link = {
    traits: { framing: "exact", streamDepth: 1, largestTransfer: largest },
    available: 0,
    getBytes: (into, timeoutMs, signal) => move(into, true, timeoutMs, signal),
    putBytes: (data, timeoutMs, signal) => move(data, false, timeoutMs, signal),
    // What is left of a frame that was taken amiss passes while nothing waits for it.
    async flush() {
      if (ended === null && waiting === null) await briefPause(clock, RESYNC_MS, stop.signal);
    },
    async close() {
      ended ??= new RpcError("closed", "the link was closed", { phase: "open", executed: "unknown" });
      stop.abort();
      worker?.end();
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
  return link;
}

/** A master that reads where it was to write clocks in no message: the transfer waits for the next. */
async function message(worker: SpiSlaveWorker, bytes: Uint8Array, isRead: boolean): Promise<Uint8Array> {
  while (true) {
    const received = await worker.transfer(bytes);
    if (!isRead || !readsAsNoAnswer(received)) return received;
  }
}

function withinTime<T>(
  work: Promise<T>,
  timeoutMs: number,
  clock: Clock,
  signals: readonly (AbortSignal | undefined)[],
): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      cancel();
      for (const signal of signals) signal?.removeEventListener("abort", giveUp);
    };
    const giveUp = () => {
      settle();
      resolve(null);
    };
    const cancel = clock.after(timeoutMs, giveUp);
    for (const signal of signals) {
      if (signal?.aborted) return giveUp();
      signal?.addEventListener("abort", giveUp);
    }
    work.then(resolve, reject).finally(settle);
  });
}

/** @param packagePath Another module in place of `spi-device`: for a model of it. */
export async function startSpiSlaveProcess(
  options: SpiSlaveOptions,
  packagePath?: string,
): Promise<SpiSlaveWorker> {
  const { bus, device, polarity = 1, phase = 0, speedHz = DEFAULT_SPEED_HZ } = options;
  const path = `/dev/spidev${bus}.${device}`;
  const script = fileURLToPath(new URL("./spi-slave-process.js", import.meta.url));
  const args = [bus, device, spiMode(polarity, phase), speedHz].map(String);
  const child = fork(script, packagePath === undefined ? args : [...args, packagePath], {
    serialization: "advanced",
    execArgv: [],
  });
  // Its default answer to the signal ends it, wherever in the kernel it waits.
  const end = () => void child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.removeListener("exit", end));
  try {
    await nextAnswer(child, path);
  } catch (error) {
    end();
    throw error;
  }
  return {
    async transfer(bytes) {
      child.send(bytes);
      const answer = await nextAnswer(child, path);
      return answer.kind === "done" ? answer.received : new Uint8Array(0);
    },
    end,
  };
}

function nextAnswer(child: ChildProcess, path: string): Promise<SpiSlaveAnswer> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      child.removeListener("message", onMessage);
      child.removeListener("exit", onExit);
    };
    const onExit = () => {
      settle();
      reject(openError("closed", `${path}: the process that waits for the master was ended`));
    };
    const onMessage = (message: unknown) => {
      settle();
      const answer = message as SpiSlaveAnswer;
      if (answer.kind !== "failed") return resolve(answer);
      const { code, message: text } = answer;
      const isMissing = /needs the package/.test(text);
      reject(
        isMissing
          ? openError("missing-package", text)
          : explainSpi(Object.assign(new Error(text), code === null ? {} : { code }), path),
      );
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
  });
}
