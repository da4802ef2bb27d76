/** Either side, or both, reset at every boundary of packets of a call: the next call is right, and soon. */
import { describe, expect, it } from "vitest";
import { createMaster, RpcError } from "../../src/index.js";
import { createRandom, createTimedLine, createVirtualClock } from "../../src/testing/index.js";
import type { PeerKind } from "./campaign-line.js";
import { createPeer, onceResult } from "./campaign-peer.js";
import { uartSlaveEnd } from "./campaign-uart.js";
import { createRevocableLink } from "./revocable-link.js";

/** Writes of both sides in one call, and some that come after it. */
const BOUNDARIES = Array.from({ length: 16 }, (_, index) => index + 1);
const SOON_MS = 1100;

async function resetAt(kind: PeerKind, who: "slave" | "master" | "both", boundary: number, oneWayMs: number) {
  const clock = createVirtualClock();
  let writes = Number.NEGATIVE_INFINITY;
  const line = createTimedLine({
    clock,
    oneWayMs,
    onSend() {
      writes += 1;
      if (writes === boundary) clock.after(0, reset);
    },
  });
  const peer = createPeer(uartSlaveEnd(kind, line.b), clock, createRandom(boundary));
  let port = createRevocableLink(line.a.link);
  let master = createMaster(port.link, { clock });

  function reset(): void {
    if (who !== "master") void peer.restart(0);
    if (who === "slave") return;
    port.revoke();
    port = createRevocableLink(line.a.link);
    master = createMaster(port.link, { clock });
  }

  // Learned calls are the quickest, and have most under way.
  for (let call = 0; call < 30; call++) await clock.run(master.call("echo", Uint8Array.of(9, 9, 9, call)));
  writes = 0;
  const once = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
  const asked = master.call("once", once, { repeatable: true, timeoutMs: 3000 });
  const outcome = await clock.run(asked.catch((error: unknown) => error));
  if (!(outcome instanceof RpcError)) expect(outcome).toEqual(onceResult(once));
  writes = Number.NEGATIVE_INFINITY;
  // A reset at the last of them is still to come.
  await clock.advance(0);
  const startedAt = clock.now();
  const next = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0);
  expect(await clock.run(master.call("echo", next))).toEqual(next);
  expect(clock.now() - startedAt).toBeLessThan(SOON_MS + 2 * oneWayMs);
  await clock.advance(5000);
  expect(peer.log.runs("echo", next)).toBe(1);
  if (who === "master") expect(peer.log.runs("once", once)).toBeLessThanOrEqual(1);
  await clock.run(peer.stop());
  await clock.run(master.close());
  expect(clock.pendingTimers).toBe(0);
}

describe.each(["ours", "stock"] as const)("a slave of kind %s", (kind) => {
  describe.each(["slave", "master", "both"] as const)("and a reset of: %s", (who) => {
    it.each([0, 7])(
      "at every boundary of packets, %i ms away: the next call is right, and soon",
      async (oneWayMs) => {
        for (const boundary of BOUNDARIES) await resetAt(kind, who, boundary, oneWayMs);
      },
    );
  });
});
