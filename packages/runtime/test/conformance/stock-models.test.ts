/**
 * The models of stock peers against the recordings of stock peers: a modelled desktop master calls a modelled camera
 * over a line that does to their packets what the recorded one did, and both must say what was recorded.
 */
import { describe, expect, it } from "vitest";
import { encodeU32, readU32 } from "../../src/packet/packet.js";
import {
  createRandom,
  createStockMaster,
  createStockSlave,
  createTimedLine,
  createVirtualClock,
  type StockFunction,
  standardFunctions,
} from "../../src/testing/index.js";
import {
  type Direction,
  type Exchange,
  fromHex,
  readExchanges,
  type Sent,
  toHex,
  withoutRepeats,
} from "./exchange.js";
import { callsOf } from "./replay-master.js";

/** A stock master whose `send_timeout` outlasts the slave's runs a function again, and gets the later result. */
const RUNS_OF_COUNT: Readonly<Record<string, number>> = { lost_cmd_data_ack_send_timeout_3000: 2 };
/** The recorded peers were beside each other, on a computer: garbage took next to no time. */
const GARBAGE_MS = 0.05;
const ONE_WAY_MS = 0.1;

/** `countedRuns`: how often `count` runs in this exchange until its first result. */
async function replay(exchange: Exchange, countedRuns: number) {
  const clock = createVirtualClock();
  const sent: Sent[] = [];
  const tap = (dir: Direction) => {
    const deliver = recordedDelivery(exchange, dir);
    return {
      apply(bytes: Uint8Array) {
        const hex = toHex(bytes);
        sent.push({ dir, hex });
        const delivered = deliver(hex);
        return delivered === "" ? [] : [{ bytes: fromHex(delivered), delayMs: 0 }];
      },
    };
  };
  const line = createTimedLine({
    clock,
    oneWayMs: ONE_WAY_MS,
    faults: { aToB: tap("m2s"), bToA: tap("s2m") },
  });
  const base = countedBefore(exchange, countedRuns);
  const count: StockFunction = (_argument, { log }) => encodeU32(base + log.runs("count"));
  const slave = createStockSlave({
    end: line.b,
    random: createRandom(4),
    garbageMs: GARBAGE_MS,
    functions: { ...standardFunctions(), slow: () => new TextEncoder().encode("done"), count },
    durationsMs: { slow: (argument) => readU32(argument, 0) },
  });
  const master = createMasterOf(line.a);
  const results: (string | null)[] = [];
  for (const call of callsOf(exchange)) {
    const result = await clock.run(master.call(call.name, fromHex(call.data_hex), call.send_timeout));
    results.push(result === null ? null : toHex(result));
  }
  slave.stop();
  return { sent: withoutRepeats(sent), results };
}

const createMasterOf = (end: Parameters<typeof createStockMaster>[0]["end"]) =>
  createStockMaster({ end, kind: "desktop", garbageMs: 0 });

/** What became of each write of one side in the recording; more tries than there fare as the last one did. */
function recordedDelivery(exchange: Exchange, dir: Direction): (hex: string) => string {
  const occurrences = new Map<string, string[]>();
  for (const { hex, delivered_hex } of exchange.bytes.filter((each) => each.dir === dir)) {
    occurrences.set(hex, [...(occurrences.get(hex) ?? []), delivered_hex ?? hex]);
  }
  return (hex) => {
    const left = occurrences.get(hex);
    return (left !== undefined && left.length > 1 ? left.shift() : left?.[0]) ?? hex;
  };
}

/** The recorded slave had counted before: from where, its first result says. */
function countedBefore(exchange: Exchange, runs: number): number {
  const result = exchange.bytes.find(({ dir, hex }) => dir === "s2m" && hex.startsWith("ba1d"));
  if (exchange.call.name !== "count" || result === undefined) return 0;
  return readU32(fromHex(result.hex), 2) - runs;
}

/** Those that are calls of ASCII names, without streams. */
const exchanges = readExchanges().filter(
  ({ stream, call, name }) => stream === undefined && /^[ -~]*$/.test(call.name) && !name.startsWith("noise"),
);

describe("stock models, against what stock peers said", () => {
  it("has recordings to compare with", () => expect(exchanges.length).toBeGreaterThan(12));

  it.each(exchanges.map((exchange) => [exchange.name, exchange] as const))("%s", async (_name, exchange) => {
    const { sent, results } = await replay(exchange, RUNS_OF_COUNT[exchange.name] ?? 1);
    expect(results).toEqual(callsOf(exchange).map(({ result_hex }) => result_hex ?? null));
    expect(sent).toEqual(withoutRepeats(exchange.bytes).map(({ dir, hex }) => ({ dir, hex })));
  });
});
