/**
 * Two link ends with distance between them: each write arrives after a delay, and, where the line has a
 * speed, no sooner than the bytes fit through it. The order of bytes is kept, as on every cable.
 */
import type { Clock } from "../clock.js";
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { createStreamLink, type StreamLink } from "../link/stream-link.js";

export interface DelayLineOptions {
  readonly clock: Clock;
  /** How long each write is under way, one way. */
  readonly oneWayMs: number;
  /** Part of `oneWayMs` by which single writes are sooner or later, 0 to 1; 0 by default. Needs `random`. */
  readonly jitter?: number;
  /** Numbers from 0 to 1, from a seed. */
  readonly random?: () => number;
  /** Speed of the wire, 10 bits a byte; without limit by default. */
  readonly baudRate?: number;
}

export function createDelayLine(options: DelayLineOptions): [Link, Link] {
  const a: StreamLink = joinEnd(options, () => b);
  const b: StreamLink = joinEnd(options, () => a);
  return [a.link, b.link];
}

function joinEnd(options: DelayLineOptions, other: () => StreamLink): StreamLink {
  const { clock, oneWayMs, jitter = 0, random = () => 0.5, baudRate } = options;
  const bytesPerMs = baudRate === undefined ? undefined : baudRate / 10_000;
  let wireFreeAt = 0;
  let lastArrivalAt = 0;
  return createStreamLink({
    clock,
    ...(bytesPerMs === undefined ? {} : { traits: { bytesPerMs } }),
    async write(data) {
      const onWireMs = bytesPerMs === undefined ? 0 : data.length / bytesPerMs;
      wireFreeAt = Math.max(wireFreeAt, clock.now()) + onWireMs;
      const delayMs = oneWayMs * (1 + jitter * (2 * random() - 1));
      lastArrivalAt = Math.max(lastArrivalAt, wireFreeAt + delayMs);
      const bytes = data.slice();
      clock.after(lastArrivalAt - clock.now(), () => other().receive(bytes));
      return true;
    },
    async close() {
      other().fail(
        new RpcError("closed", "the other end of the line was closed", {
          phase: "open",
          executed: "unknown",
        }),
      );
    },
  });
}
