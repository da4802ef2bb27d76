/**
 * Two link ends joined in one process: for tests, for simulators, and for a master and a slave that
 * live in one program. What one end writes the other has received at once, in the same order.
 */
import { type Clock, systemClock } from "../clock.js";
import { RpcError } from "../errors.js";
import type { Link } from "./link.js";
import { createStreamLink, type StreamLink } from "./stream-link.js";

export interface MemoryLinkOptions {
  readonly clock?: Clock;
}

/**
 * Everything here happens in microtasks. Two peers that keep each other busy would never let timers
 * and input of the host have their turn, so every so many writes one waits for a timer.
 */
const WRITES_BETWEEN_TURNS = 256;

/** The two ends of a line. Closing one ends the other with `closed`. */
export function createMemoryLink(options: MemoryLinkOptions = {}): [Link, Link] {
  const clock = options.clock ?? systemClock;
  const toB = createGate(clock);
  const toA = createGate(clock);
  const a: StreamLink = joinEnd(clock, toB, toA, () => b);
  const b: StreamLink = joinEnd(clock, toA, toB, () => a);
  return [a.link, b.link];
}

function joinEnd(clock: Clock, outward: Gate, inward: Gate, other: () => StreamLink): StreamLink {
  let writes = 0;
  async function write(
    pieces: readonly Uint8Array[],
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    writes += 1;
    if (writes % WRITES_BETWEEN_TURNS === 0) await new Promise<void>((go) => clock.after(0, go));
    if (!outward.open && !(await outward.opened(timeoutMs, signal))) return false;
    for (const piece of pieces) other().receive(piece);
    return true;
  }
  return createStreamLink({
    clock,
    write: (data, timeoutMs, signal) => write([data], timeoutMs, signal),
    writePieces: write,
    async close() {
      outward.end();
      inward.end();
      other().fail(
        new RpcError("closed", "the other end of the link was closed", {
          phase: "open",
          executed: "unknown",
        }),
      );
    },
    pause: inward.shut,
    resume: inward.reopen,
  });
}

/** Holds writers back while the reader's queue is full. */
interface Gate {
  readonly open: boolean;
  /** True once it is open, false if that took too long. Rejects when the line ends. */
  opened(timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  shut(): void;
  reopen(): void;
  end(): void;
}

function createGate(clock: Clock): Gate {
  let open = true;
  let ended = false;
  const waiting = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of [...waiting]) wake();
  };
  return {
    get open() {
      return open;
    },
    async opened(timeoutMs, signal) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          cancel();
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const cancel = clock.after(timeoutMs, wake);
        signal?.addEventListener("abort", wake);
        waiting.add(wake);
      });
      if (ended) throw new RpcError("closed", "the link was closed", { phase: "open", executed: "unknown" });
      return open;
    },
    shut() {
      open = false;
    },
    reopen() {
      open = true;
      wakeAll();
    },
    end() {
      ended = true;
      wakeAll();
    },
  };
}
