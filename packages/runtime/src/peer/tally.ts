/** What a master counts, and whom it tells of packets that it had to send again. */
import type { Shape } from "./patience.js";

/** A packet went out again, because what went out before was not answered in its time. */
export interface RetryEvent {
  /** The function's wire name, or its id in hexadecimal. */
  readonly name: string;
  readonly phase: "command" | "result";
  /** 1 for the first repetition of this phase of the call. */
  readonly attempt: number;
  readonly shape: Shape;
  /** Since the call had its turn. */
  readonly elapsedMs: number;
}

/** Counted since the master was made; a snapshot. */
export interface MasterStats {
  /** Calls that had their turn, and how many of those were answered. */
  readonly calls: number;
  readonly answered: number;
  /** Packets (or pairs of packets) that went out: commands, requests for results, lone headers that test the line. */
  readonly tries: { readonly command: number; readonly result: number; readonly header: number };
  /** How plain functions are spoken at present. */
  readonly shape: Shape;
  /** The least of the last round trips in ms, bytes on the wire not counted; null before the first. */
  readonly roundTripMs: number | null;
  /** Bytes of packets, streams and cut-through not counted. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface Tally {
  calls: number;
  answered: number;
  readonly tries: { command: number; result: number; header: number };
  bytesSent: number;
  bytesReceived: number;
  readonly hasListeners: boolean;
  /** Costs nothing while nobody listens: ask `hasListeners` before making the event. */
  tellRetry(event: RetryEvent): void;
  /** Returns what ends the listening. What a listener throws does not reach the call. */
  listen(listener: (event: RetryEvent) => void): () => void;
}

export function createTally(): Tally {
  const listeners = new Set<{ readonly tell: (event: RetryEvent) => void }>();
  return {
    calls: 0,
    answered: 0,
    tries: { command: 0, result: 0, header: 0 },
    bytesSent: 0,
    bytesReceived: 0,
    get hasListeners() {
      return listeners.size > 0;
    },
    tellRetry(event) {
      for (const { tell } of [...listeners]) {
        try {
          tell(event);
        } catch (error) {
          console.error("a listener for retries failed:", error);
        }
      }
    },
    listen(listener) {
      const entry = { tell: listener };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
  };
}
