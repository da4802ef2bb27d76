/** The second half of a stepwise call: the result is asked for until it comes. */
import { PACKET_OVERHEAD, readU32 } from "../packet/packet.js";
import { LONGEST_LATENESS_MS, leaveAlone, turn, windowFor } from "./bus-manners.js";
import {
  BOTH_REQUESTS_BYTES,
  DATA_REQUEST,
  HEADER_REQUEST,
  RESULT_HEADER,
  resultData,
} from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import type { Line } from "./line.js";
import { tellRetry } from "./stepwise-retry.js";
import { expectStrays } from "./strays.js";

/** Asks for the result until it comes, or null. Both acknowledgements were heard, so it is this call's. */
export async function fetchStepwise(line: Line, scope: CallScope): Promise<Uint8Array | null> {
  const { clock, patience, maxMessageBytes } = line;
  const startedAt = clock.now();
  const until = startedAt + scope.recvTimeoutMs;
  for (let attempt = 0; clock.now() < until; attempt++) {
    if (attempt > 0) {
      await leaveAlone(line, scope, attempt);
      tellRetry(line, scope, "result", attempt, startedAt);
    }
    await line.link.flush();
    if (attempt === 0) await turn(line, scope);
    line.tally.tries.result += 1;
    if (!(await line.offer(HEADER_REQUEST, scope, until))) break;
    const windowMs = windowFor(line, patience.windowMs(attempt, BOTH_REQUESTS_BYTES));
    const header = await line.await([RESULT_HEADER], scope, Math.min(windowMs, until - clock.now()));
    if (header === null) continue;
    scope.executed = "yes";
    const size = readU32(header.payload, 0);
    if (size > maxMessageBytes) {
      throw scope.error("too-large", `a result of ${size} bytes; at most ${maxMessageBytes} are accepted`);
    }
    const data = await fetchData(line, scope, size, attempt);
    if (data !== null) return data;
    expectStrays(line);
  }
  return null;
}

export async function fetchData(
  line: Line,
  scope: CallScope,
  size: number,
  attempt: number,
): Promise<Uint8Array | null> {
  await turn(line, scope);
  if (!(await line.offer(DATA_REQUEST, scope, line.clock.now() + LONGEST_LATENESS_MS))) return null;
  // It is on its way, and a slave gives it once: whoever discards it as late has lost it.
  const restMs = Math.max(line.patience.restMs(attempt, size + PACKET_OVERHEAD), LONGEST_LATENESS_MS);
  const data = await line.await([resultData(size)], scope, restMs);
  line.patience.noteTurn(data !== null);
  return data?.payload ?? null;
}
