/** What comes late where packets overtake each other, on the network: the next call waits until it has passed. */
import { sleep } from "../clock.js";
import type { CallScope } from "./call-scope.js";
import { type Line, STRAY_MS } from "./line.js";

/** Something was said once more, or was given up: where packets overtake each other, it may come behind later ones. */
export function expectStrays(line: Line): void {
  if (line.link.traits.keepsOrder === false) line.strayUntil = line.clock.now() + STRAY_MS;
}

/**
 * A command that came late would run again once its result was asked for, and late answers would pass for the next
 * call's: nothing in a packet says which call it belongs to. So they are waited for.
 */
export async function letStraysPass(line: Line, scope: CallScope): Promise<void> {
  const { clock, strayUntil } = line;
  if (clock.now() >= strayUntil) return;
  await sleep(clock, Math.min(strayUntil, scope.deadline) - clock.now(), scope.signal);
  scope.check();
}
