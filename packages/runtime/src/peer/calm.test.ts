/** What a master counts and tells; slow functions; and calls given up at every packet of a call. */
import { describe, expect, it, vi } from "vitest";
import {
  createRandom,
  createStockSlave,
  createTimedLine,
  createVirtualClock,
  type StockSlaveOptions,
  standardFunctions,
} from "../testing/index.js";
import { createMaster } from "./create-master.js";
import { createSlave } from "./create-slave.js";
import type { RetryEvent } from "./tally.js";

const bytesOf = (...bytes: number[]) => Uint8Array.of(...bytes);

function setUpStock(oneWayMs: number, options: Partial<StockSlaveOptions> = {}) {
  const clock = createVirtualClock();
  let onSend = () => {};
  const line = createTimedLine({ clock, oneWayMs, onSend: () => onSend() });
  const slave = createStockSlave({
    end: line.b,
    functions: standardFunctions(),
    random: createRandom(3),
    ...options,
  });
  const master = createMaster(line.a.link, { clock });
  return {
    clock,
    slave,
    master,
    onSend(listener: () => void) {
      onSend = listener;
    },
  };
}

describe("what a master counts", () => {
  it("is calls, tries of each kind, bytes, the shape and the round trip", async () => {
    const { clock, master } = setUpStock(16, { garbageMs: 0 });
    expect(master.stats).toMatchObject({ calls: 0, answered: 0, shape: "paired", roundTripMs: null });
    for (let call = 0; call < 10; call++) await clock.run(master.call("echo", bytesOf(call)));
    const { stats } = master;
    expect(stats).toMatchObject({ calls: 10, answered: 10, shape: "one-trip" });
    expect(stats.roundTripMs).toBeCloseTo(32, 6);
    expect(stats.tries.command).toBeGreaterThanOrEqual(10);
    expect(stats.tries.result).toBeGreaterThanOrEqual(10);
    expect(stats.tries.header).toBeGreaterThanOrEqual(2);
    expect(stats.bytesSent).toBeGreaterThanOrEqual(10 * (12 + 5 + 8));
    expect(stats.bytesReceived).toBeGreaterThanOrEqual(10 * (4 + 4 + 8 + 5));
  });

  it("is a snapshot", async () => {
    const { clock, master } = setUpStock(0);
    const before = master.stats;
    await clock.run(master.call("echo", bytesOf(1)));
    expect(before.calls).toBe(0);
    expect(before.tries.command).toBe(0);
  });
});

describe("a retry", () => {
  it("is told to those who listen, until they no longer do", async () => {
    const { clock, master } = setUpStock(4);
    const events: RetryEvent[] = [];
    const stop = master.on("retry", (event) => events.push(event));
    for (let call = 0; call < 40; call++) await clock.run(master.call("echo", bytesOf(call)));
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      expect(event).toMatchObject({ name: "echo" });
      expect(["command", "result"]).toContain(event.phase);
      expect(event.attempt).toBeGreaterThanOrEqual(1);
      expect(event.elapsedMs).toBeGreaterThan(0);
    }
    const heard = events.length;
    stop();
    for (let call = 0; call < 40; call++) await clock.run(master.call("echo", bytesOf(call)));
    expect(events).toHaveLength(heard);
  });

  it("is not disturbed by a listener that throws", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    const { clock, master } = setUpStock(4);
    master.on("retry", () => {
      throw new Error("a listener's own");
    });
    for (let call = 0; call < 40; call++) {
      expect(await clock.run(master.call("echo", bytesOf(call)))).toEqual(bytesOf(call));
    }
    expect(told).toHaveBeenCalled();
    told.mockRestore();
  });
});

describe("a function that takes long", () => {
  it.each([200, 2000, 20_000])(
    "%i ms: is answered, soon after it is done, and the next call too",
    async (ms) => {
      const { clock, master, slave } = setUpStock(7, { durationsMs: { slow: ms } });
      await clock.run(master.call("echo", bytesOf(0)));
      const limits = { recvTimeoutMs: ms + 2000 };
      const latenessMs: number[] = [];
      const tries: number[] = [];
      for (let call = 0; call < 8; call++) {
        const startedAt = clock.now();
        const before = master.stats.tries.result;
        expect(await clock.run(master.call("slow", bytesOf(call), limits))).toEqual(bytesOf(call));
        latenessMs.push(clock.now() - startedAt - ms);
        tries.push(master.stats.tries.result - before);
        expect(await clock.run(master.call("echo", bytesOf(call)))).toEqual(bytesOf(call));
      }
      expect(slave.log.runs("slow")).toBe(8);
      // It is asked further and further apart, and less and less in vain the better it is known.
      expect(Math.max(...latenessMs)).toBeLessThan(0.2 * ms + 400);
      expect(Math.min(...tries)).toBeLessThan(10 + ms / 100);
      expect(Math.max(...tries)).toBeLessThan(150 + ms / 40);
    },
  );
});

describe.each([0, 7])("a call that is given up at any packet, %i ms away", (oneWayMs) => {
  it("leaves the next one its own answer, with a stock slave", async () => {
    for (let packet = 1; packet <= 14; packet++) {
      const { clock, master, slave, onSend } = setUpStock(oneWayMs);
      for (let call = 0; call < 12; call++) await clock.run(master.call("echo", bytesOf(9, call)));
      const stop = new AbortController();
      let sent = 0;
      onSend(() => {
        sent += 1;
        if (sent === packet) stop.abort();
      });
      const a = bytesOf(0xa);
      const b = bytesOf(0xb);
      await clock.run(master.call("echo", a, { signal: stop.signal }).catch(() => null));
      expect(await clock.run(master.call("echo", b))).toEqual(b);
      expect(slave.log.runs("echo", a)).toBeLessThanOrEqual(1);
      expect(slave.log.runs("echo", b)).toBe(1);
    }
  });

  it("leaves the next one its own answer, with our slave", async () => {
    for (let packet = 1; packet <= 10; packet++) {
      const clock = createVirtualClock();
      let sent = Number.NEGATIVE_INFINITY;
      const stop = new AbortController();
      const line = createTimedLine({
        clock,
        oneWayMs,
        onSend() {
          sent += 1;
          if (sent === packet) stop.abort();
        },
      });
      const slave = createSlave(line.b.link, { clock });
      const runs: number[] = [];
      slave.register("echo", (argument) => {
        runs.push(argument[0] ?? 0);
        return argument;
      });
      void slave.serve().catch(() => {});
      const master = createMaster(line.a.link, { clock });
      for (let call = 0; call < 12; call++) await clock.run(master.call("echo", bytesOf(9, call)));
      sent = 0;
      await clock.run(master.call("echo", bytesOf(0xa), { signal: stop.signal }).catch(() => null));
      expect(await clock.run(master.call("echo", bytesOf(0xb)))).toEqual(bytesOf(0xb));
      expect(runs.filter((first) => first === 0xa).length).toBeLessThanOrEqual(1);
      expect(runs.filter((first) => first === 0xb)).toHaveLength(1);
    }
  });
});

describe("a repeatable call", () => {
  it("goes on after its result was lost, until its one deadline", async () => {
    const clock = createVirtualClock();
    let lost = 0;
    const line = createTimedLine({
      clock,
      oneWayMs: 1,
      faults: {
        bToA: {
          apply(bytes) {
            // The first two results get lost, whole.
            const isResult = bytes[0] === 0xba && bytes[1] === 0x1d;
            if (isResult && lost < 2) {
              lost += 1;
              return [];
            }
            return [{ bytes, delayMs: 0 }];
          },
        },
      },
    });
    const slave = createStockSlave({ end: line.b, functions: standardFunctions(), random: createRandom(3) });
    const master = createMaster(line.a.link, { clock });
    const call = master.call("echo", bytesOf(1), { repeatable: true, timeoutMs: 5000 });
    expect(await clock.run(call)).toEqual(bytesOf(1));
    expect(slave.log.runs("echo", bytesOf(1))).toBe(3);
    lost = 0;
    const plain = clock.run(master.call("echo", bytesOf(2)));
    await expect(plain).rejects.toMatchObject({ code: "timeout", phase: "result", executed: "yes" });
    expect(slave.log.runs("echo", bytesOf(2))).toBe(1);
  });
});
