import { describe, expect, it } from "vitest";
import { describeLink } from "../testing/link-contract.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createMemoryLink } from "./memory-link.js";

describeLink(
  "memory link",
  async () => {
    const clock = createVirtualClock();
    const [a, b] = createMemoryLink({ clock });
    return { a, b, run: clock.run, dispose: () => Promise.all([a.close(), b.close()]).then(() => {}) };
  },
  { describe, it, expect },
);

describe("memory link", () => {
  it("ends the other end with it", async () => {
    const clock = createVirtualClock();
    const [a, b] = createMemoryLink({ clock });
    const reading = b.getBytes(new Uint8Array(1), 1000);
    const rejected = expect(reading).rejects.toMatchObject({ code: "closed" });
    await a.close();
    await rejected;
    expect(clock.pendingTimers).toBe(0);
  });

  it("still gives what was received before the other end closed", async () => {
    const clock = createVirtualClock();
    const [a, b] = createMemoryLink({ clock });
    await a.putBytes(Uint8Array.of(1, 2), 10);
    await a.close();
    const into = new Uint8Array(2);
    expect(await b.getBytes(into, 10)).toBe(true);
    expect([...into]).toEqual([1, 2]);
  });

  it("holds a writer back while nobody reads", async () => {
    const clock = createVirtualClock();
    const [a, b] = createMemoryLink({ clock });
    const block = new Uint8Array(600_000);
    expect(await a.putBytes(block, 10)).toBe(true);
    expect(await a.putBytes(block, 10)).toBe(true);
    expect(await clock.run(a.putBytes(block, 10))).toBe(false);
    const writing = a.putBytes(block, 1000);
    expect(await clock.run(b.getBytes(new Uint8Array(1_200_000), 10))).toBe(true);
    expect(await clock.run(writing)).toBe(true);
    expect(b.available).toBe(600_000);
  });

  it("lets the host have its turn while two peers keep each other busy", async () => {
    const [a, b] = createMemoryLink();
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, 0);
    const one = new Uint8Array(1);
    for (let turns = 0; !isOver; turns++) {
      if (turns > 1_000_000) throw new Error("the timer never had its turn");
      await a.putBytes(one, 10);
      await b.getBytes(one, 10);
    }
    expect(isOver).toBe(true);
  });
});
