/** Where the runtime gets its time from; tests give it a virtual one. */
export interface Clock {
  /** Milliseconds on a monotonic scale with fractions. */
  now(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}
