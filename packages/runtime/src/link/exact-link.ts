/**
 * A link whose bytes move in transfers that this side starts and whose sizes both sides must agree on: the
 * master's end of I2C and SPI. A transfer that finds the other side not ready is tried again until its time
 * is over; two never run at once. What is underneath is a driver that makes one transfer.
 */
import type { Clock } from "../clock.js";
import { RpcError } from "../errors.js";
import type { Link, LinkTraits } from "./link.js";
import { createTurnaround } from "./turnaround.js";

/**
 * `later`: nobody took it, and nothing has moved: it may be tried again. `broken`: it ended in the middle, so
 * trying again would move its beginning twice.
 */
export type TransferOutcome = "done" | "later" | "broken";

export interface ExactLinkDriver {
  readonly clock: Clock;
  /** `framing` is "exact" here, always. */
  readonly traits: Omit<LinkTraits, "framing">;
  /** Fills `into` in one transfer; of several parts the last may begin until `until`. Throws an `RpcError` when the link is over. */
  read(into: Uint8Array, until: number, signal?: AbortSignal): Promise<TransferOutcome>;
  write(data: Uint8Array, until: number, signal?: AbortSignal): Promise<TransferOutcome>;
  /** Whether nobody can tell that a transfer came too soon: then it waits until the other side should be ready. */
  missesSilently(direction: "read" | "write", length: number): boolean;
  /**
   * A read that nobody answers is tried until it has clocked a multiple of so many bytes: a slave on SPI takes them
   * in while it waits for something else, and must not be left in the middle of that. 1 where it does not matter.
   */
  readonly wholeBytes: number;
  /** A transfer is tried again after ever longer pauses, up to this. */
  readonly longestPauseMs: number;
  /** Waits so long before a transfer is tried again. */
  pause(pauseMs: number, signal?: AbortSignal): Promise<void>;
  /** Frees what is below; called once, when no transfer runs any more. */
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 0.2;

export function createExactLink(driver: ExactLinkDriver): Link {
  const { clock, traits } = driver;
  let ended: RpcError | null = null;
  let closing: Promise<void> | null = null;
  /** Settles when the transfer before has ended. */
  let last: Promise<unknown> = Promise.resolve();
  const stop = new AbortController();
  const turnaround = createTurnaround();
  let endedAt = Number.NEGATIVE_INFINITY;

  function throwIfEnded(): void {
    if (ended !== null) throw ended;
  }

  async function repeat(
    transfer: (until: number, signal?: AbortSignal) => Promise<TransferOutcome>,
    isWhole: (tries: number) => boolean,
    restMs: number,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const deadline = clock.now() + timeoutMs;
    let pauseMs = FIRST_PAUSE_MS;
    const readyMs = endedAt + restMs - clock.now();
    if (readyMs > 0) await driver.pause(readyMs, signal);
    for (let tries = 1; ; tries += 1) {
      throwIfEnded();
      if (signal?.aborted) return false;
      const outcome = await transfer(deadline, signal);
      endedAt = clock.now();
      if (outcome !== "later") return outcome === "done";
      const left = deadline - clock.now();
      if (left <= 0 && isWhole(tries)) {
        throwIfEnded();
        return false;
      }
      await driver.pause(left > 0 ? Math.min(pauseMs, left) : FIRST_PAUSE_MS, signal);
      pauseMs = Math.min(pauseMs * 2, driver.longestPauseMs);
    }
  }

  /** One at a time; a link that is closed meanwhile says so at once, whatever the bus is doing. */
  function inTurn(work: () => Promise<boolean>): Promise<boolean> {
    const done = last.then(work).catch((error: unknown) => {
      if (error instanceof RpcError) ended ??= error;
      throw error;
    });
    last = done.catch(() => {});
    return new Promise((resolve, reject) => {
      const cut = () => reject(ended);
      stop.signal.addEventListener("abort", cut);
      done.then(resolve, reject).finally(() => stop.signal.removeEventListener("abort", cut));
    });
  }

  async function move(
    bytes: Uint8Array,
    direction: "read" | "write",
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    throwIfEnded();
    if (signal?.aborted) return false;
    if (bytes.length === 0) return true;
    if (timeoutMs <= 0) return false;
    const restMs = driver.missesSilently(direction, bytes.length) ? turnaround.pauseMs : 0;
    const isWhole = (tries: number) => (tries * bytes.length) % driver.wholeBytes === 0;
    return inTurn(() =>
      repeat((until, own) => driver[direction](bytes, until, own), isWhole, restMs, timeoutMs, signal),
    );
  }

  const link: Link = {
    traits: Object.defineProperties({} as LinkTraits, {
      ...Object.getOwnPropertyDescriptors(traits),
      framing: { value: "exact", enumerable: true },
    }),
    available: 0,
    turnaround,
    getBytes: (into, timeoutMs, signal) => move(into, "read", timeoutMs, signal),
    putBytes: (data, timeoutMs, signal) => move(data, "write", timeoutMs, signal),
    // Nothing is received but what was asked for.
    flush: async () => {},
    close() {
      ended ??= new RpcError("closed", "the link was closed", { phase: "open", executed: "unknown" });
      stop.abort();
      closing ??= last.then(() => driver.close());
      return closing;
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
  return link;
}
