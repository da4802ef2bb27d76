/**
 * A link that takes bytes back. A peer that looks for the start of a packet reads more than it wanted;
 * what it puts back is read first by whoever reads next, be it the peer or a callback that owns the link.
 */
import { createByteQueue } from "./byte-queue.js";
import type { Link } from "./link.js";
import { putPieces } from "./put-pieces.js";

export interface PushbackLink extends Link {
  /** Puts bytes back in front of everything that was not read yet. */
  unread(bytes: Uint8Array): void;
}

/** Closing it closes `link`. Nobody else may read `link` meanwhile. */
export function createPushbackLink(link: Link): PushbackLink {
  const held = createByteQueue();
  const pushback: PushbackLink = {
    get traits() {
      return link.traits;
    },
    get turnaround() {
      return link.turnaround;
    },
    get available() {
      return held.length + link.available;
    },
    async getBytes(into, timeoutMs, signal) {
      if (held.length === 0) return link.getBytes(into, timeoutMs, signal);
      if (held.take(into)) return true;
      const heldBytes = held.length;
      if (!(await link.getBytes(into.subarray(heldBytes), timeoutMs, signal))) return false;
      return held.take(into.subarray(0, heldBytes));
    },
    putBytes: (data, timeoutMs, signal) => link.putBytes(data, timeoutMs, signal),
    putPieces: (pieces, timeoutMs, signal) => putPieces(link, pieces, timeoutMs, signal),
    ready: async (timeoutMs, signal) => link.ready?.(timeoutMs, signal),
    unread: (bytes) => held.unshift(bytes),
    flush() {
      held.clear();
      return link.flush();
    },
    close() {
      held.clear();
      return link.close();
    },
    [Symbol.asyncDispose]: () => pushback.close(),
  };
  return pushback;
}
