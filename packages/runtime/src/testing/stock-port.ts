/** How the camera's own library moves bytes over one of its links, as far as a model of a stock peer needs it. */

export interface StockPort {
  /**
   * Try after try until one finds something: collects garbage for `garbageMs()`, discards everything received, reads.
   * Gives what that try read, `null` where it broke off, "over" where no try began by `until`.
   */
  readAfterDiscard(size: number, garbageMs: () => number, until: number): Promise<Uint8Array | null | "over">;
  /** `size` bytes, or null. */
  read(size: number, patience?: StockReadPatience): Promise<Uint8Array | null>;
  /** Drops what has been received. */
  discard(): void;
  /** True once the last byte has left; false where a master was to clock them and did not. */
  put(bytes: Uint8Array, timeoutMs?: number): Promise<boolean>;
  sleep(ms: number): Promise<void>;
  /** Ends it: whatever waits, now or later, rejects with `STOPPED`. */
  stop(): void;
}

/** How long a read waits where that is not the library's usual time. */
export interface StockReadPatience {
  /** For the first byte, on UART, which has no other time. */
  readonly pollMs?: number;
  /** For all of it, on the links that honour the timeout which they are given. */
  readonly timeoutMs?: number;
}

/** What a stopped peer's waits reject with. */
export const STOPPED = Symbol("stopped");
