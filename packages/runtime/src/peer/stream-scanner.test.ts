import { describe, expect, it } from "vitest";
import { createPushbackLink } from "../link/pushback-link.js";
import { createStreamLink } from "../link/stream-link.js";
import { encodePacket, Magic } from "../packet/packet.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createStreamScanner } from "./stream-scanner.js";

/** What is found of one packet of a result that pauses in its middle. */
async function readWithPause(payloadBytes: number, pauseMs: number): Promise<number | null> {
  const clock = createVirtualClock();
  const { link, receive } = createStreamLink({ clock, write: async () => true, close: async () => {} });
  const scanner = createStreamScanner(createPushbackLink(link), clock);
  const packet = encodePacket(Magic.RESULT_DATA, new Uint8Array(payloadBytes).fill(5));
  const half = packet.length >> 1;
  clock.after(1, () => receive(packet.subarray(0, half)));
  clock.after(1 + pauseMs, () => receive(packet.subarray(half)));
  const found = await clock.run(
    scanner.next([{ magic: Magic.RESULT_DATA, payloadBytes, resync: new Uint8Array(0) }], { waitMs: 50 }),
  );
  return found?.payload.length ?? null;
}

describe("a pause within a packet", () => {
  it.each([
    [4, 90, 4],
    [4, 150, null],
    [20_000, 90, 20_000],
    [20_000, 380, 20_000],
    [1_000_000, 480, 1_000_000],
    [1_000_000, 1200, null],
  ])("of %d bytes, %d ms long", async (payloadBytes, pauseMs, found) => {
    expect(await readWithPause(payloadBytes, pauseMs)).toBe(found);
  });
});
