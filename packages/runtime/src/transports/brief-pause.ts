/**
 * Pauses far below a millisecond, which the camera's side asks for before each transfer of I2C and SPI. The
 * host's timers round up to a millisecond; turns of the event loop are as short and let all else run.
 */
import { type Clock, sleep, systemClock } from "../clock.js";

const LONGEST_BY_TURNS_MS = 1;

/** Resolves after `pauseMs`, or as soon as the signal aborts. */
export async function briefPause(clock: Clock, pauseMs: number, signal?: AbortSignal): Promise<void> {
  if (clock !== systemClock || pauseMs >= LONGEST_BY_TURNS_MS) return sleep(clock, pauseMs, signal);
  const until = clock.now() + pauseMs;
  do await new Promise<void>((resolve) => setImmediate(resolve));
  while (clock.now() < until && !signal?.aborted);
}

/** Lets the host do whatever else it has to: a turn of its event loop. */
export const hostTurn = (clock: Clock): Promise<void> => briefPause(clock, 0);
