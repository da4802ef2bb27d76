import { describe, expect, it } from "vitest";
import { createMemoryLink } from "../link/memory-link.js";
import { encodePacket, encodeU32, Magic } from "../packet/packet.js";
import { createMaster } from "../peer/create-master.js";
import { createSlave } from "../peer/create-slave.js";
import { createFaults, type FaultOptions } from "./faults.js";
import { createFaultyLink, createFaultyPair } from "./faulty-link.js";
import { describeLink } from "./link-contract.js";
import { createVirtualClock } from "./virtual-clock.js";

const counting = (length: number) => new Uint8Array(length).map((_, index) => index);

/** All that comes of so many equal writes. */
function pieces(options: FaultOptions, writes: number, write = counting(20)) {
  const faults = createFaults(options);
  return { faults, made: Array.from({ length: writes }, () => faults.apply(write)) };
}

describe("faults", () => {
  it("leave a line alone where no rate is given", () => {
    const { faults, made } = pieces({ seed: 1 }, 50);
    for (const each of made) expect(each).toEqual([{ bytes: counting(20), delayMs: 0 }]);
    expect(faults.counts).toMatchObject({ writes: 50, harmed: 0, flippedBits: 0 });
  });

  it("lose, double, shorten, and delay about as many writes as they are told to", () => {
    const share = (
      options: Omit<FaultOptions, "seed">,
      is: (made: ReturnType<typeof pieces>["made"][0]) => boolean,
    ) => pieces({ seed: 3, ...options }, 10_000).made.filter(is).length / 10_000;
    expect(share({ lossRate: 0.1 }, (made) => made.length === 0)).toBeCloseTo(0.1, 1);
    expect(share({ duplicateRate: 0.1 }, (made) => made.length === 2)).toBeCloseTo(0.1, 1);
    expect(share({ truncationRate: 0.2 }, (made) => (made[0]?.bytes.length ?? 0) < 20)).toBeCloseTo(0.2, 1);
    expect(share({ gapRate: 0.2 }, (made) => (made[0]?.bytes.length ?? 0) < 20)).toBeCloseTo(0.2, 1);
    expect(share({ noiseRate: 0.2 }, (made) => made.length === 2)).toBeCloseTo(0.2, 1);
    expect(share({ delayRate: 0.3 }, (made) => (made[0]?.delayMs ?? 0) > 0)).toBeCloseTo(0.3, 1);
  });

  it.each([1e-3, 1e-4, 1e-5])("flips a bit in so many: %f", (bitFlipRate) => {
    const { faults, made } = pieces({ seed: 5, bitFlipRate }, 1000, new Uint8Array(1000));
    const flipped = made
      .flat()
      .reduce((sum, { bytes }) => sum + bytes.reduce((bits, byte) => bits + ones(byte), 0), 0);
    expect(faults.counts.flippedBits).toBe(flipped);
    expect(flipped / (1000 * 1000 * 8) / bitFlipRate).toBeGreaterThan(0.8);
    expect(flipped / (1000 * 1000 * 8) / bitFlipRate).toBeLessThan(1.2);
  });

  it("counts the damaged packets that a crc lets through, about as many as it must", () => {
    const packets = Uint8Array.of(
      ...encodePacket(Magic.RESULT_HEADER, encodeU32(60)),
      ...encodePacket(Magic.RESULT_DATA, counting(60)),
    );
    const { faults } = pieces({ seed: 2, bitFlipRate: 0.05 }, 100_000, packets);
    const { damagedPackets, undetectedPackets, expectedUndetected } = faults.counts;
    expect(damagedPackets).toBeGreaterThan(180_000);
    expect(undetectedPackets).toBeGreaterThan(expectedUndetected / 3);
    expect(undetectedPackets).toBeLessThan(expectedUndetected * 3);
  });

  it("come out the same for the same seed, and can be switched off, or the line killed", () => {
    const options = {
      seed: 9,
      lossRate: 0.2,
      bitFlipRate: 0.01,
      gapRate: 0.1,
      delayRate: 0.2,
      noiseRate: 0.1,
    };
    expect(pieces(options, 200).made).toEqual(pieces(options, 200).made);
    expect(pieces({ ...options, seed: 10 }, 200).made).not.toEqual(pieces(options, 200).made);
    const faults = createFaults(options);
    faults.isGood = true;
    for (let write = 0; write < 50; write++) expect(faults.apply(counting(5))).toHaveLength(1);
    faults.isDead = true;
    expect(faults.apply(counting(5))).toEqual([]);
  });
});

function ones(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

describeLink(
  "a faulty link without faults",
  async () => {
    const clock = createVirtualClock();
    const [a, b] = createMemoryLink({ clock });
    const both = { clock, outgoing: createFaults({ seed: 1 }), incoming: createFaults({ seed: 2 }) };
    const [faultyA, faultyB] = [createFaultyLink(a, both), createFaultyLink(b, both)];
    return {
      a: faultyA,
      b: faultyB,
      run: (work) => clock.run(work),
      async dispose() {
        await faultyA.close();
        await faultyB.close();
      },
    };
  },
  { describe, it, expect },
);

describe("faulty pair", () => {
  it("keeps the order of what is late", async () => {
    const clock = createVirtualClock();
    const { a, b } = createFaultyPair({ clock, aToB: { seed: 4, delayRate: 0.5, longestDelayMs: 50 } });
    for (let value = 0; value < 200; value++) await clock.run(a.putBytes(Uint8Array.of(value), 100));
    const all = new Uint8Array(200);
    expect(await clock.run(b.getBytes(all, 20_000))).toBe(true);
    expect(all).toEqual(counting(200));
    expect(clock.now()).toBeGreaterThan(1000);
  });

  it("carries calls of our peers over a bad line, none of them with a wrong answer", async () => {
    const clock = createVirtualClock();
    const bad = { lossRate: 0.05, bitFlipRate: 1e-4, duplicateRate: 0.05, delayRate: 0.1, noiseRate: 0.05 };
    const pair = createFaultyPair({ clock, aToB: { seed: 5, ...bad }, bToA: { seed: 6, ...bad } });
    const slave = createSlave(pair.b, { clock });
    slave.register("echo", (argument) => argument);
    slave.serve().catch(() => {});
    const master = createMaster(pair.a, { clock });
    let answered = 0;
    for (let call = 0; call < 200; call++) {
      const answer = await clock.run(master.call("echo", encodeU32(call)).catch(() => null));
      if (answer === null) continue;
      answered += 1;
      expect(answer).toEqual(encodeU32(call));
    }
    expect(answered).toBeGreaterThan(170);
    expect(pair.aToB.counts.harmed).toBeGreaterThan(30);
    await clock.run(master.close());
  });
});
