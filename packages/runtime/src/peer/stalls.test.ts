/** Lines that lose nothing and hold bytes back for 200 and 600 ms, as TCP does: calls run once, and answers are theirs. */
import { describe, expect, it } from "vitest";
import { createRandom } from "../testing/seeded-random.js";
import { standardFunctions } from "../testing/stock-functions.js";
import { createStockSlave } from "../testing/stock-slave.js";
import { createTimedLine } from "../testing/timed-line.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createMaster } from "./create-master.js";
import { createSlave } from "./create-slave.js";

const STALLS_MS = 600;

interface SetUp {
  readonly oneWayMs: number;
  /** How many of all writes are held up. */
  readonly rate: number;
  readonly seed?: number;
}

/** A line whose end at the master says that it may stall. */
function openLine({ oneWayMs, rate, seed = 17 }: SetUp) {
  const clock = createVirtualClock();
  const random = createRandom(seed);
  const apply = (bytes: Uint8Array) => {
    const delayMs = random() >= rate ? 0 : random() < 0.3 ? STALLS_MS : STALLS_MS / 3;
    return [{ bytes: bytes.slice(), delayMs }];
  };
  const faults = { aToB: { apply }, bToA: { apply } };
  return { clock, ...createTimedLine({ clock, oneWayMs, random, stallsMs: STALLS_MS, faults }) };
}

function callOurs(options: SetUp) {
  const { clock, a, b } = openLine(options);
  const runs = new Map<string, number>();
  const slave = createSlave(b.link, { clock });
  slave.register("echo", (argument) => {
    const key = argument.join();
    runs.set(key, (runs.get(key) ?? 0) + 1);
    return argument;
  });
  void slave.serve().catch(() => {});
  return { clock, master: createMaster(a.link, { clock }), runs };
}

const argumentOf = (call: number) => Uint8Array.of(call, call >> 8, 7, 9);
const DISTANCES_MS = [0.1, 1, 5, 20];

describe.each(DISTANCES_MS)("a slave of ours %f ms away", (oneWayMs) => {
  it.each([1, 2, 3])("runs each call once and answers with its own result (seed %i)", async (seed) => {
    const { clock, master, runs } = callOurs({ oneWayMs, rate: 0.05, seed });
    let answered = 0;
    for (let call = 0; call < 200; call++) {
      const answer = await clock.run(master.call("echo", argumentOf(call)).catch(() => null));
      if (answer === null) continue;
      answered += 1;
      expect(answer).toEqual(argumentOf(call));
    }
    expect(Math.max(...runs.values())).toBe(1);
    expect(answered).toBeGreaterThan(190);
  });

  it("is called in one or two round trips where nothing stalls", async () => {
    const { clock, master } = callOurs({ oneWayMs, rate: 0 });
    for (let call = 0; call < 20; call++) await clock.run(master.call("echo", argumentOf(call)));
    const startedAt = clock.now();
    await clock.run(master.call("echo", argumentOf(20)));
    expect(clock.now() - startedAt).toBeLessThanOrEqual(4 * oneWayMs + 0.01);
    expect(master.stats.tries).toMatchObject({ command: 21, result: 21 });
  });
});

it.each(DISTANCES_MS)("a stock slave behind such a line, %f ms away, gets all calls", async (oneWayMs) => {
  const { clock, a, b } = openLine({ oneWayMs, rate: 0 });
  const slave = createStockSlave({
    end: b,
    functions: standardFunctions(),
    random: createRandom(3),
    receiveBytes: 64,
  });
  const master = createMaster(a.link, { clock });
  for (let call = 0; call < 200; call++) {
    expect(await clock.run(master.call("echo", argumentOf(call)))).toEqual(argumentOf(call));
  }
  expect(slave.log.runs("echo")).toBe(200);
});
