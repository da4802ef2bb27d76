/**
 * A link that comes back: when the one below fails, it is opened again, after pauses that grow. What was
 * under way is rejected with the failure, so that a call says truthfully whether it ran; nothing is kept to
 * be sent later, because nobody can say whether it arrived. What is asked for while the line is down waits
 * for it, as long as its own time allows.
 */
import { type Clock, sleep } from "../clock.js";
import { RpcError } from "../errors.js";
import type { Link, LinkTraits } from "./link.js";
import { putPieces } from "./put-pieces.js";
import { createWaiters } from "./waiters.js";

export interface ReconnectOptions {
  /** Pause before the first try; 100 by default. */
  readonly firstPauseMs?: number;
  /** The pause doubles up to this; 5,000 by default. */
  readonly longestPauseMs?: number;
  /** Tries in a row before it is given up for good; without limit by default. */
  readonly tries?: number;
  /** Told of each change: the failure, each try in vain, and null when the line is back. */
  readonly onChange?: (failure: RpcError | null) => void;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** Between calls a line that is down is waited for as long as a call has for its command, by default. */
const BACK_WITHIN_MS = 1000;

/** Opens a line. It may tell of a failure that comes while nobody reads or writes, by `lost`. */
export type OpenLine = (lost: (error: RpcError) => void) => Promise<Link>;

/** Rejects if the line can't be opened the first time; from then on it is opened again whenever it is lost. */
export async function openReconnectingLink(
  open: OpenLine,
  options: ReconnectOptions,
  clock: Clock,
): Promise<Link> {
  const { firstPauseMs = FIRST_PAUSE_MS, longestPauseMs = LONGEST_PAUSE_MS, onChange } = options;
  const { tries = Number.POSITIVE_INFINITY } = options;
  let current: Link | null = null;
  /** Why there will be no line any more. */
  let ended: RpcError | null = null;
  let failure: RpcError | null = null;
  const stop = new AbortController();
  const waiters = createWaiters(clock);

  /** A line that fails while it is being opened, or after it was replaced, has no say. */
  async function openLine(): Promise<Link> {
    let line: Link | null = null;
    let early: RpcError | null = null;
    line = await open((error) => {
      if (line === null) early = error;
      else lose(line, error);
    });
    if (early !== null) {
      await line.close().catch(() => {});
      throw early;
    }
    return line;
  }

  function lose(line: Link, error: RpcError): void {
    if (current !== line || ended !== null) return;
    current = null;
    failure = error;
    onChange?.(error);
    void line.close().catch(() => {});
    void comeBack();
  }

  async function comeBack(): Promise<void> {
    let pauseMs = firstPauseMs;
    for (let tried = 1; ; tried++) {
      await sleep(clock, pauseMs, stop.signal);
      if (ended !== null) return;
      try {
        const line = await openLine();
        if (ended !== null) return void line.close().catch(() => {});
        current = line;
        failure = null;
        onChange?.(null);
        return waiters.wakeAll();
      } catch (error) {
        if (ended !== null) return;
        failure = asRpcError(error);
        onChange?.(failure);
        if (tried >= tries) {
          ended = failure;
          return waiters.wakeAll();
        }
      }
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  /** The line, or null if it is not back in time. */
  async function line(timeoutMs: number, signal: AbortSignal | undefined): Promise<Link | null> {
    if (ended !== null) throw ended;
    if (current !== null) return current;
    if (signal?.aborted) return null;
    await waiters.wait(timeoutMs, signal);
    if (ended !== null) throw ended;
    return current;
  }

  async function use(
    timeoutMs: number,
    signal: AbortSignal | undefined,
    work: (link: Link, leftMs: number) => Promise<boolean>,
  ): Promise<boolean> {
    const deadline = clock.now() + timeoutMs;
    const link = await line(timeoutMs, signal);
    if (link === null) {
      // The caller's time is over and the line is down: that it is says more than "nothing came".
      if (failure !== null && !signal?.aborted) throw failure;
      return false;
    }
    try {
      return await work(link, Math.max(0, deadline - clock.now()));
    } catch (error) {
      if (ended !== null) throw ended;
      const isOver = error instanceof RpcError && error.phase === "open" && link.traits.comesBack !== true;
      if (isOver) lose(link, error);
      throw error;
    }
  }

  current = await openLine();
  let traits: LinkTraits = current.traits;
  const hasWays = current.betweenCalls !== undefined;
  const link: Link = {
    get traits() {
      traits = current?.traits ?? traits;
      return ended === null ? { ...traits, comesBack: true } : traits;
    },
    get turnaround() {
      return current?.turnaround;
    },
    get available() {
      return current?.available ?? 0;
    },
    getBytes: (into, timeoutMs, signal) =>
      use(timeoutMs, signal, (below, leftMs) => below.getBytes(into, leftMs, signal)),
    putBytes: (data, timeoutMs, signal) =>
      use(timeoutMs, signal, (below, leftMs) => below.putBytes(data, leftMs, signal)),
    putPieces: (pieces, timeoutMs, signal) =>
      use(timeoutMs, signal, (below, leftMs) => putPieces(below, pieces, leftMs, signal)),
    async ready(timeoutMs, signal) {
      await use(timeoutMs, signal, async () => true);
    },
    async betweenCalls(timeoutMs, signal) {
      if (!hasWays) return;
      const until = clock.now() + timeoutMs;
      await use(Math.min(timeoutMs, BACK_WITHIN_MS), signal, async (below) => {
        await below.betweenCalls?.(until - clock.now(), signal);
        return true;
      });
    },
    async flush() {
      await current?.flush();
    },
    async close() {
      ended ??= new RpcError("closed", "the link was closed", { phase: "open", executed: "unknown" });
      stop.abort();
      waiters.wakeAll();
      const below = current;
      await below?.close();
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
  return link;
}

function asRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new RpcError("link-failure", text, { phase: "open", executed: "no", cause: error });
}
