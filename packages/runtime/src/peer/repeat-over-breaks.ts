/** Where a link fails and comes back by itself, what may be repeated is repeated over the line that is there then. */
import { type Clock, sleep } from "../clock.js";
import { type Executed, RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import type { CallScope } from "./call-scope.js";
import { commandDeadline } from "./command.js";

/** A line that breaks again and again is given more and more time. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;

/** Speaks a repeatable call until it is answered, fails for another reason, or its time is over. */
export async function repeatOverBreaks<T>(
  link: Link,
  clock: Clock,
  scope: CallScope,
  speak: () => Promise<T>,
): Promise<T> {
  const until = commandDeadline(scope, true, clock.now());
  let executed: Executed = "no";
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await speak();
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      executed = likelier(executed, error.executed);
      const mayRepeat = isBreak(error) && link.traits.comesBack === true;
      if (!mayRepeat || clock.now() + pauseMs >= until || scope.signal?.aborted) throw told(error, executed);
    }
    await sleep(clock, pauseMs, scope.signal);
    scope.executed = "no";
  }
}

const isBreak = ({ code }: RpcError): boolean => code === "link-failure" || code === "closed";

const likelier = (one: Executed, other: Executed): Executed =>
  [one, other].find((each) => each === "yes") ?? [one, other].find((each) => each === "unknown") ?? "no";

/** A try before this one may have run it. */
function told(error: RpcError, executed: Executed): RpcError {
  if (error.executed === executed) return error;
  return new RpcError(error.code, error.message, { phase: error.phase, executed, cause: error.cause });
}
