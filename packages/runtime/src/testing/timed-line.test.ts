import { describe, expect, it } from "vitest";
import { sleep } from "../clock.js";
import { createArrivals } from "./arrivals.js";
import { describeLink } from "./link-contract.js";
import { createRandom } from "./seeded-random.js";
import { createTimedLine, type TimedLineOptions } from "./timed-line.js";
import { createVirtualClock } from "./virtual-clock.js";

const tools = { describe, it, expect };

function setUp(options: Partial<TimedLineOptions> = {}) {
  const clock = createVirtualClock();
  return { clock, ...createTimedLine({ clock, oneWayMs: 0, ...options }) };
}

for (const [name, options] of [
  ["a timed line without delay", {}],
  ["a timed line of 7 ms and 921,600 baud", { oneWayMs: 7, jitter: 0.5, baudRate: 921_600 }],
] as const) {
  describeLink(
    name,
    async () => {
      const { clock, a, b } = setUp(options);
      return {
        a: a.link,
        b: b.link,
        run: (work) => clock.run(work),
        async dispose() {
          await a.link.close();
          await b.link.close();
        },
      };
    },
    tools,
    // A mebibyte takes this line 11.4 s, in virtual time.
    { soonMs: 15_000 },
  );
}

describe("timed line", () => {
  it("lands each byte when the wire and the delay let it", async () => {
    const { clock, a, b } = setUp({ oneWayMs: 10, baudRate: 10_000 });
    await a.link.putBytes(new Uint8Array(4), 1000);
    expect([0, 1, 2, 3, 4].map((index) => b.arrivals.landsAt(index))).toEqual([11, 12, 13, 14, Infinity]);
    const second = clock.run(b.link.getBytes(new Uint8Array(3), 1000));
    expect(await second).toBe(true);
    expect(clock.now()).toBe(13);
    expect(b.link.available).toBe(0);
    await clock.run(sleep(clock, 1));
    expect(b.link.available).toBe(1);
  });

  it("sends a second write behind the first", async () => {
    const { clock, a, b } = setUp({ oneWayMs: 5, baudRate: 10_000 });
    expect(a.send(new Uint8Array(10))).toBe(10);
    await clock.advance(2);
    expect(a.send(new Uint8Array(3))).toBe(13);
    expect(b.arrivals.landsAt(12)).toBe(18);
  });

  it("keeps the order of bytes however much single writes are late", async () => {
    const { clock, a, b } = setUp({ oneWayMs: 20, jitter: 1, random: createRandom(5) });
    for (let value = 0; value < 200; value++) {
      a.send(Uint8Array.of(value));
      await clock.advance(0.5);
    }
    const times = Array.from({ length: 200 }, (_, index) => b.arrivals.landsAt(index));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    const all = new Uint8Array(200);
    expect(await clock.run(b.link.getBytes(all, 1000))).toBe(true);
    expect(all).toEqual(new Uint8Array(200).map((_, index) => index));
  });

  it("wanders from delay to delay where it is told to, within its bounds", async () => {
    const { clock, a, b } = setUp({ oneWayMs: 20, jitter: 0.5, wanderMs: 200, random: createRandom(5) });
    const delays: number[] = [];
    for (let write = 0; write < 5000; write++) {
      const before = clock.now();
      a.send(Uint8Array.of(1));
      delays.push(b.arrivals.lastAt - before);
      await clock.advance(1);
    }
    expect(Math.min(...delays)).toBeGreaterThan(10);
    expect(Math.min(...delays)).toBeLessThan(13);
    expect(Math.max(...delays)).toBeLessThan(30);
    expect(Math.max(...delays)).toBeGreaterThan(27);
    const steps = delays.slice(1).map((delay, index) => Math.abs(delay - (delays[index] as number)));
    expect(Math.max(...steps)).toBeLessThan(0.11);
  });

  it("discards what has landed and nothing that is under way", async () => {
    const { clock, a, b } = setUp({ baudRate: 10_000 });
    a.send(Uint8Array.of(1, 2, 3, 4, 5));
    await clock.advance(2.5);
    await b.link.flush();
    await clock.advance(10);
    const rest = new Uint8Array(3);
    expect(b.link.available).toBe(3);
    await b.link.getBytes(rest, 0);
    expect(rest).toEqual(Uint8Array.of(3, 4, 5));
  });

  it("tells its speed where it is asked to", () => {
    expect(setUp({ baudRate: 115_200 }).a.link.traits.bytesPerMs).toBe(11.52);
    expect(setUp({ baudRate: 115_200, tellsSpeed: false }).a.link.traits.bytesPerMs).toBeUndefined();
    expect(setUp().a.link.traits.bytesPerMs).toBeUndefined();
  });

  it("sets one timer for a read, however many bytes it has", async () => {
    const { clock, a, b } = setUp({ baudRate: 9600, oneWayMs: 3 });
    const reading = b.link.getBytes(new Uint8Array(5000), 60_000);
    a.send(new Uint8Array(5000));
    expect(clock.pendingTimers).toBe(1);
    expect(await clock.run(reading)).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("arrivals", () => {
  it("lose bytes out of the middle and keep the landing times of the others", () => {
    const arrivals = createArrivals();
    arrivals.add(Uint8Array.of(0, 1, 2, 3), 10, 1);
    arrivals.add(Uint8Array.of(4, 5, 6, 7), 20, 0);
    arrivals.lose(4, 2);
    expect(Array.from({ length: 4 }, (_, index) => arrivals.landsAt(index))).toEqual([10, 11, 20, 20]);
    const left = new Uint8Array(4);
    arrivals.take(left);
    expect(left).toEqual(Uint8Array.of(0, 1, 6, 7));
  });

  it("agree with a list of single bytes, whatever is done to them", () => {
    const random = createRandom(11);
    const whole = (below: number) => Math.floor(random() * below);
    for (let round = 0; round < 300; round++) {
      const arrivals = createArrivals();
      let bytes: { value: number; at: number }[] = [];
      let at = 0;
      for (let step = 0; step < 30; step++) {
        const kind = whole(4);
        if (kind < 2) {
          const added = new Uint8Array(whole(6)).map(() => whole(256));
          const msPerByte = whole(2) * 0.25;
          at += whole(3);
          bytes.push(...[...added].map((value, index) => ({ value, at: at + index * msPerByte })));
          arrivals.add(added, at, msPerByte);
          at += added.length * msPerByte;
        } else if (kind === 2) {
          const [count, from] = [whole(5), whole(5)];
          arrivals.lose(count, from);
          bytes = bytes.filter((_, index) => index < from || index >= from + count);
        } else {
          const into = new Uint8Array(Math.min(whole(5), bytes.length));
          arrivals.take(into);
          expect([...into]).toEqual(bytes.splice(0, into.length).map(({ value }) => value));
        }
        const time = whole(40) / 4;
        expect(arrivals.landedBy(time)).toBe(bytes.filter((byte) => byte.at <= time).length);
        const index = whole(10);
        expect(arrivals.landsAt(index)).toBe(bytes[index]?.at ?? Infinity);
      }
    }
  });
});
