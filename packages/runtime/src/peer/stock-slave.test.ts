/** Why `paired` is the default: a stock slave at the distances that hosts and adapters put between. */
import { describe, expect, it } from "vitest";
import { createRandom } from "../testing/seeded-random.js";
import { standardFunctions } from "../testing/stock-functions.js";
import { createStockSlave } from "../testing/stock-slave.js";
import { createTimedLine } from "../testing/timed-line.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createMaster } from "./create-master.js";
import type { MasterOptions } from "./types.js";

function setUp(oneWayMs: number, options: MasterOptions & { jitter?: number; baudRate?: number } = {}) {
  const clock = createVirtualClock();
  const { jitter = 0, baudRate, ...masterOptions } = options;
  const random = createRandom(17);
  const line = createTimedLine({ clock, oneWayMs, jitter, random, ...(baudRate ? { baudRate } : {}) });
  const master = createMaster(line.a.link, { clock, ...masterOptions });
  const functions = standardFunctions();
  const slave = createStockSlave({ end: line.b, functions, durationsMs: { slow: 300 }, receiveBytes: 64 });
  return { clock, master, runs: () => slave.log.runs("echo") };
}

const argumentOf = (call: number) => new Uint8Array(32).map((_, index) => index + call);

describe.each([0, 1, 4, 7, 16, 25, 40])("a stock slave %i ms away", (oneWayMs) => {
  it.each([0, 0.5])("answers every paired call, with jitter %f", async (jitter) => {
    const { clock, master, runs } = setUp(oneWayMs, { jitter });
    for (let call = 0; call < 200; call++) {
      expect(await clock.run(master.call("echo", argumentOf(call)))).toEqual(argumentOf(call));
    }
    expect(runs()).toBe(200);
  });

  it("gives the next call its own result after one was given up at any moment", async () => {
    const { clock, master } = setUp(oneWayMs);
    await clock.run(master.call("echo", argumentOf(0)));
    for (let step = 0; step < 60; step++) {
      const stop = new AbortController();
      const given = master.call("echo", Uint8Array.of(1, step), { signal: stop.signal }).catch(() => null);
      await clock.advance((step * 4 * (oneWayMs + 2)) / 60);
      stop.abort();
      await clock.run(given);
      const expected = Uint8Array.of(2, step);
      expect(await clock.run(master.call("echo", expected, { sendTimeoutMs: 2000 }))).toEqual(expected);
    }
  });

  it("is not spoilt by a function that takes longer than the caller waits", async () => {
    const { clock, master } = setUp(oneWayMs);
    const call = master.call("slow", Uint8Array.of(1), { recvTimeoutMs: 100 });
    await expect(clock.run(call)).rejects.toMatchObject({
      code: "timeout",
      phase: "result",
      executed: "unknown",
    });
    expect(await clock.run(master.call("echo", Uint8Array.of(2)))).toEqual(Uint8Array.of(2));
  });
});

describe("a stock slave", () => {
  it("does not answer a stepwise master that is 4 ms away: the reason for pairs", async () => {
    const { clock, master } = setUp(4, { shape: "stepwise" });
    const call = clock.run(master.call("echo", argumentOf(1)));
    await expect(call).rejects.toMatchObject({ code: "timeout", phase: "command" });
  });

  it("answers a stepwise master that is next to it", async () => {
    const { clock, master, runs } = setUp(0, { shape: "stepwise" });
    for (let call = 0; call < 200; call++) {
      expect(await clock.run(master.call("echo", argumentOf(call)))).toEqual(argumentOf(call));
    }
    expect(runs()).toBe(200);
  });

  it.each([9600, 115_200])("answers paired calls over a line of %i baud", async (baudRate) => {
    const { clock, master, runs } = setUp(1, { baudRate });
    for (let call = 0; call < 50; call++) {
      expect(await clock.run(master.call("echo", argumentOf(call)))).toEqual(argumentOf(call));
    }
    expect(runs()).toBe(50);
  });
});
