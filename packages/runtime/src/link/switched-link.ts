/** A link that is one of several, now this and now that: whoever waits for bytes goes on waiting at the new one. */
import type { Clock } from "../clock.js";
import type { Link } from "./link.js";
import { putPieces } from "./put-pieces.js";

export interface SwitchedLink {
  /** Without `close`: whoever made it closes what it was. */
  readonly link: Omit<Link, "close" | typeof Symbol.asyncDispose>;
  readonly current: Link;
  /** From now on it is this one. */
  use(next: Link): void;
}

export function createSwitchedLink(first: Link, clock: Clock): SwitchedLink {
  let current = first;
  let reading: AbortController | null = null;

  async function readOnce(into: Uint8Array, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const own = new AbortController();
    const giveUp = () => own.abort();
    signal?.addEventListener("abort", giveUp);
    reading = own;
    try {
      return await current.getBytes(into, timeoutMs, own.signal);
    } finally {
      reading = null;
      signal?.removeEventListener("abort", giveUp);
    }
  }

  return {
    link: {
      get traits() {
        return current.traits;
      },
      get available() {
        return current.available;
      },
      async getBytes(into, timeoutMs, signal) {
        const until = clock.now() + timeoutMs;
        for (;;) {
          if (signal?.aborted) return current.getBytes(into, 0, signal);
          const asked = current;
          const isFilled = await readOnce(into, Math.max(0, until - clock.now()), signal);
          if (isFilled || asked === current) return isFilled;
        }
      },
      putBytes: (data, timeoutMs, signal) => current.putBytes(data, timeoutMs, signal),
      putPieces: (pieces, timeoutMs, signal) => putPieces(current, pieces, timeoutMs, signal),
      ready: async (timeoutMs, signal) => current.ready?.(timeoutMs, signal),
      flush: () => current.flush(),
    },
    get current() {
      return current;
    },
    use(next) {
      if (next === current) return;
      current = next;
      reading?.abort();
    },
  };
}
