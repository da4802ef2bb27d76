/** Where the board gets its time from; tests give it one that moves only when the board waits. */
export interface BoardClock {
  /** Milliseconds on a monotonic scale, with fractions. */
  now(): number;
  /** Blocks the thread. */
  sleep(ms: number): void;
}

export function createThreadClock(): BoardClock {
  const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return {
    now: () => performance.now(),
    sleep(ms: number): void {
      if (ms > 0) Atomics.wait(never, 0, 0, ms);
    },
  };
}
