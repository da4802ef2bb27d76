/** Tells listeners of each packet that a stepwise call sends again. */
import type { CallScope } from "./call-scope.js";
import type { Line } from "./line.js";

export function tellRetry(
  line: Line,
  scope: CallScope,
  phase: "command" | "result",
  attempt: number,
  startedAt: number,
): void {
  if (!line.tally.hasListeners) return;
  const elapsedMs = line.clock.now() - startedAt;
  line.tally.tellRetry({ name: scope.name, phase, attempt, shape: "stepwise", elapsedMs });
}
