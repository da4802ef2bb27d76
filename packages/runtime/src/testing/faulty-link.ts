/**
 * A link with a bad line on it: for programs that want to see how they do on one, and for tests. What is written goes
 * through `outgoing`, what is read has come through `incoming`; either may be left out.
 */
import { type Clock, sleep, systemClock } from "../clock.js";
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { createMemoryLink } from "../link/memory-link.js";
import { createStreamLink } from "../link/stream-link.js";
import { createFaults, type FaultOptions, type Faults } from "./faults.js";

export interface FaultyLinkOptions {
  readonly clock?: Clock;
  readonly outgoing?: Faults;
  readonly incoming?: Faults;
}

/** Takes `link` over: it is read from here on, and closed with the new one. For links of stream framing. */
export function createFaultyLink(link: Link, options: FaultyLinkOptions): Link {
  const { clock = systemClock, outgoing, incoming } = options;
  const putBytes = outgoing === undefined ? link.putBytes.bind(link) : createFaultyPut(link, outgoing, clock);
  if (incoming === undefined) {
    return {
      traits: link.traits,
      get available() {
        return link.available;
      },
      getBytes: (into, timeoutMs, signal) => link.getBytes(into, timeoutMs, signal),
      putBytes,
      flush: () => link.flush(),
      close: () => link.close(),
      [Symbol.asyncDispose]: () => link.close(),
    };
  }
  const stream = createStreamLink({
    clock,
    traits: link.traits,
    write: putBytes,
    close: () => link.close(),
  });
  pump(link, incoming, clock, stream.receive).catch((error: unknown) =>
    stream.fail(
      error instanceof RpcError
        ? error
        : new RpcError("link-failure", "the link failed", {
            phase: "open",
            executed: "unknown",
            cause: error,
          }),
    ),
  );
  return stream.link;
}

export interface FaultyPairOptions {
  readonly clock?: Clock;
  /** What happens to what the first end writes, and to what the second one writes. */
  readonly aToB?: FaultOptions;
  readonly bToA?: FaultOptions;
}

/** A memory link with a bad line between its ends, and the faults, to be switched off and on. */
export function createFaultyPair(options: FaultyPairOptions): {
  readonly a: Link;
  readonly b: Link;
  readonly aToB: Faults;
  readonly bToA: Faults;
} {
  const clock = options.clock ?? systemClock;
  const [a, b] = createMemoryLink({ clock });
  const aToB = createFaults(options.aToB ?? { seed: 1 });
  const bToA = createFaults(options.bToA ?? { seed: 2 });
  return {
    a: createFaultyLink(a, { clock, outgoing: aToB }),
    b: createFaultyLink(b, { clock, outgoing: bToA }),
    aToB,
    bToA,
  };
}

/** Writes that are late go out behind those before them, while the caller goes on: a line takes bytes at once. */
function createFaultyPut(link: Link, faults: Faults, clock: Clock): Link["putBytes"] {
  let busy: Promise<unknown> | null = null;
  return async (data, timeoutMs, signal) => {
    if (signal?.aborted) return link.putBytes(data, timeoutMs, signal);
    const pieces = faults.apply(data);
    const isLate = pieces.some((piece) => piece.delayMs > 0);
    if (busy === null && !isLate) {
      for (const { bytes } of pieces) {
        if (!(await link.putBytes(bytes, timeoutMs, signal))) return false;
      }
      // A line that was closed says so, even to a write that gets lost.
      return pieces.length > 0 || link.putBytes(new Uint8Array(0), timeoutMs, signal);
    }
    const before = busy ?? Promise.resolve();
    const sending = before.then(async () => {
      for (const { bytes, delayMs } of pieces) {
        if (delayMs > 0) await sleep(clock, delayMs);
        await link.putBytes(bytes, timeoutMs);
      }
    });
    const done = sending
      .catch(() => {})
      .then(() => {
        if (busy === done) busy = null;
      });
    busy = done;
    return true;
  };
}

/** Reads whatever comes, as it comes, and hands on what the faults leave of it. */
async function pump(
  link: Link,
  faults: Faults,
  clock: Clock,
  receive: (chunk: Uint8Array) => void,
): Promise<never> {
  const first = new Uint8Array(1);
  for (;;) {
    if (!(await link.getBytes(first, Number.POSITIVE_INFINITY))) continue;
    const rest = new Uint8Array(link.available);
    if (rest.length > 0) await link.getBytes(rest, 0);
    const chunk = new Uint8Array(1 + rest.length);
    chunk.set(first);
    chunk.set(rest, 1);
    for (const { bytes, delayMs } of faults.apply(chunk)) {
      if (delayMs > 0) await sleep(clock, delayMs);
      receive(bytes);
    }
  }
}
