import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../testing/index.js";
import { createMemoryLink } from "./memory-link.js";
import { createSwitchedLink } from "./switched-link.js";

function setUp() {
  const clock = createVirtualClock();
  const [first, firstEnd] = createMemoryLink({ clock });
  const [second, secondEnd] = createMemoryLink({ clock });
  return { clock, first, firstEnd, second, secondEnd, switched: createSwitchedLink(first, clock) };
}

describe("a link that is now this one and now that", () => {
  it("goes on waiting at the new one, for what is left of the time", async () => {
    const { clock, second, secondEnd, switched } = setUp();
    const into = new Uint8Array(2);
    const read = switched.link.getBytes(into, 100);
    await clock.advance(60);
    switched.use(second);
    await clock.advance(30);
    await secondEnd.putBytes(Uint8Array.of(7, 8), 10);
    expect(await clock.run(read)).toBe(true);
    expect(into).toEqual(Uint8Array.of(7, 8));
    const late = switched.link.getBytes(into, 100);
    await clock.advance(60);
    switched.use(second);
    const startedAt = clock.now();
    expect(await clock.run(late)).toBe(false);
    expect(clock.now() - startedAt).toBe(40);
  });

  it("leaves at the old one what came there, and takes nothing more of it", async () => {
    const { clock, first, firstEnd, second, switched } = setUp();
    const read = switched.link.getBytes(new Uint8Array(4), 50);
    await firstEnd.putBytes(Uint8Array.of(1, 2), 10);
    await clock.advance(1);
    switched.use(second);
    expect(await clock.run(read)).toBe(false);
    expect(first.available).toBe(2);
    expect(switched.link.available).toBe(0);
  });

  it("ends a read with its caller's signal", async () => {
    const { clock, second, switched } = setUp();
    const caller = new AbortController();
    const read = switched.link.getBytes(new Uint8Array(1), 1000, caller.signal);
    switched.use(second);
    caller.abort();
    const startedAt = clock.now();
    expect(await clock.run(read)).toBe(false);
    expect(clock.now()).toBe(startedAt);
  });

  it("writes to the one that it is", async () => {
    const { clock, firstEnd, second, secondEnd, switched } = setUp();
    switched.use(second);
    await clock.run(switched.link.putBytes(Uint8Array.of(5), 10));
    await clock.advance(1);
    expect([firstEnd.available, secondEnd.available]).toEqual([0, 1]);
    expect(switched.current).toBe(second);
  });
});
