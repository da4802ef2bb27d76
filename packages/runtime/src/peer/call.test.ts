import { describe, expect, it } from "vitest";
import { createMemoryLink } from "../link/memory-link.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createMaster } from "./create-master.js";
import { createSlave } from "./create-slave.js";
import type { MasterOptions } from "./types.js";

const text = (value: string) => new TextEncoder().encode(value);

function setUp(options: MasterOptions = {}) {
  const clock = createVirtualClock();
  const [a, b] = createMemoryLink({ clock });
  const master = createMaster(a, { clock, ...options });
  const errors: unknown[] = [];
  const slave = createSlave(b, { clock, onError: (error) => void errors.push(error) });
  const stop = new AbortController();
  const serving = () => slave.serve({ signal: stop.signal });
  return { clock, master, slave, serving, stop, errors };
}

describe.each(["stepwise", "paired"] as const)("a %s call", (shape) => {
  it("brings the argument there and the result back", async () => {
    const { clock, master, slave, serving, stop } = setUp({ shape });
    slave.register("echo", (argument) => argument);
    const served = serving();
    for (const size of [0, 1, 48, 49, 5000, 200_000]) {
      const argument = new Uint8Array(size).map((_, index) => index * 7);
      expect(await clock.run(master.call("echo", argument))).toEqual(argument);
    }
    stop.abort();
    await clock.run(served);
    expect(clock.pendingTimers).toBe(0);
  });

  it("gets an empty answer for an unknown name", async () => {
    const { clock, master, serving } = setUp({ shape });
    void serving();
    expect(await clock.run(master.call("nope", text("x")))).toEqual(new Uint8Array(0));
  });

  it("waits for a handler that takes its time, and runs it once", async () => {
    const { clock, master, slave, serving } = setUp({ shape });
    let runs = 0;
    slave.register("slow", async () => {
      runs += 1;
      await new Promise<void>((resolve) => clock.after(700, resolve));
      return text("done");
    });
    void serving();
    expect(await clock.run(master.call("slow", text("")))).toEqual(text("done"));
    expect(runs).toBe(1);
  });
});
