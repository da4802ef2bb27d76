import { afterEach, describe, expect, it, vi } from "vitest";
import { createStreamLink } from "../link/stream-link.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { fill } from "./fill.js";

const GAP_MS = 100;
const CHUNK_BYTES = 64;

describe("fill", () => {
  afterEach(() => void vi.restoreAllMocks());

  /** Chunk after chunk, `everyMs`. */
  function setUp(message: Uint8Array, everyMs: number) {
    const clock = createVirtualClock();
    const stream = createStreamLink({ clock, write: async () => true, close: async () => {} });
    let at = 0;
    const deliver = () => {
      stream.receive(message.slice(at, at + CHUNK_BYTES));
      at += CHUNK_BYTES;
      if (at < message.length) clock.after(everyMs, deliver);
    };
    clock.after(everyMs, deliver);
    return { clock, link: stream.link };
  }

  /** Byte after byte. */
  function createTrickle(everyMs: number) {
    const clock = createVirtualClock();
    const stream = createStreamLink({ clock, write: async () => true, close: async () => {} });
    let cancel = () => {};
    const deliver = () => {
      stream.receive(Uint8Array.of(7));
      cancel = clock.after(everyMs, deliver);
    };
    deliver();
    return { clock, link: stream.link, stop: () => cancel() };
  }

  it("moves a message about once, however slow the line", async () => {
    const message = new Uint8Array(1 << 20).map((_, index) => index % 251);
    const { clock, link } = setUp(message, 5.5);
    const into = new Uint8Array(message.length);
    let moved = 0;
    const prototype = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
    const { set } = prototype;
    vi.spyOn(prototype, "set").mockImplementation(function (
      this: Uint8Array,
      source: ArrayLike<number>,
      offset?: number,
    ) {
      moved += source.length;
      set.call(this, source, offset);
    });
    expect(await clock.run(fill(link, clock, into, { gapMs: GAP_MS }))).toBe(message.length);
    expect(Buffer.compare(into, message)).toBe(0);
    expect(moved / message.length).toBeLessThan(2);
  });

  it("ends soon after a gap is one, and says how much it took", async () => {
    const message = new Uint8Array(50 * CHUNK_BYTES).fill(7);
    const { clock, link } = setUp(message, 5.5);
    const into = new Uint8Array(message.length + 10);
    const taken = await clock.run(fill(link, clock, into, { gapMs: GAP_MS }));
    expect(taken + link.available).toBe(message.length);
    expect(into.subarray(0, taken).every((byte) => byte === 7)).toBe(true);
    expect(clock.now()).toBeLessThanOrEqual(50 * 5.5 + 1.25 * GAP_MS);
  });

  it("does not go on for ever where a byte comes before every gap", async () => {
    const { clock, link } = setUp(new Uint8Array(1 << 20), GAP_MS * 0.9);
    const into = new Uint8Array(64 * CHUNK_BYTES * 10);
    const { length } = into;
    const trickle = createTrickle(GAP_MS * 0.9);
    expect(await clock.run(fill(link, clock, into, { gapMs: GAP_MS }))).toBe(length);
    const taken = await trickle.clock.run(fill(trickle.link, trickle.clock, into, { gapMs: GAP_MS }));
    expect(taken).toBeLessThan(length);
    expect(trickle.clock.now()).toBeLessThanOrEqual(length * 5 + 5 * GAP_MS);
    trickle.stop();
  });
});
