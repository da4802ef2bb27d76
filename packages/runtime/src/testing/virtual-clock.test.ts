import { describe, expect, it } from "vitest";
import { sleep } from "../clock.js";
import { createVirtualClock } from "./virtual-clock.js";

describe("virtual clock", () => {
  it("fires timers by time, then in the order in which they were set", async () => {
    const clock = createVirtualClock();
    const fired: string[] = [];
    clock.after(20, () => fired.push("c"));
    clock.after(10, () => fired.push("a"));
    clock.after(10, () => fired.push("b"));
    const cancel = clock.after(15, () => fired.push("never"));
    cancel();
    await clock.advance(19);
    expect(fired).toEqual(["a", "b"]);
    expect(clock.now()).toBe(19);
    await clock.advance(1);
    expect(fired).toEqual(["a", "b", "c"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("runs hours until a promise settles, and hands its rejection on", async () => {
    const clock = createVirtualClock();
    await clock.run(sleep(clock, 3_600_000));
    expect(clock.now()).toBe(3_600_000);
    await expect(clock.run(Promise.reject(new Error("no")))).rejects.toThrow("no");
  });

  it("says so when nothing can settle a promise", async () => {
    const clock = createVirtualClock();
    await expect(clock.run(new Promise(() => {}))).rejects.toThrow("nothing is left");
  });

  it("ends a sleep when its signal aborts", async () => {
    const clock = createVirtualClock();
    const stop = new AbortController();
    clock.after(5, () => stop.abort());
    await clock.run(sleep(clock, 1000, stop.signal));
    expect(clock.now()).toBe(5);
    expect(clock.pendingTimers).toBe(0);
  });
});
