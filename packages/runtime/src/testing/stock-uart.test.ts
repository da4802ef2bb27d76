import { describe, expect, it } from "vitest";
import { createRandom } from "./seeded-random.js";
import { STOPPED } from "./stock-port.js";
import { createStockUart } from "./stock-uart.js";
import { createTimedLine, type TimedLineOptions } from "./timed-line.js";
import { createVirtualClock } from "./virtual-clock.js";

/** With this chance the longest gap between bytes is 3 ms. */
const middle = () => 0.5;

function setUp(options: Partial<TimedLineOptions> & { receiveBytes?: number } = {}) {
  const { receiveBytes, ...line } = options;
  const clock = createVirtualClock();
  const { a, b } = createTimedLine({ clock, oneWayMs: 0, ...line });
  const uart = createStockUart({ end: b, random: middle, ...(receiveBytes ? { receiveBytes } : {}) });
  const sendAt = (ms: number, ...bytes: number[]) => clock.after(ms, () => a.send(Uint8Array.from(bytes)));
  return { clock, a, b, uart, sendAt };
}

describe("a stock UART's read", () => {
  it("waits 2 ms for the first byte", async () => {
    const soon = setUp();
    soon.sendAt(1.9, 7);
    expect(await soon.clock.run(soon.uart.read(1))).toEqual(Uint8Array.of(7));
    expect(soon.clock.now()).toBe(1.9);
    const late = setUp();
    late.sendAt(2.1, 7);
    expect(await late.clock.run(late.uart.read(1))).toBeNull();
    expect(late.clock.now()).toBe(2);
  });

  it("waits 2 to 4 ms for each next byte and loses what came before a longer pause", async () => {
    const { clock, b, uart, sendAt } = setUp();
    sendAt(1, 1);
    sendAt(3.9, 2);
    sendAt(7, 3, 4);
    expect(await clock.run(uart.read(4))).toBeNull();
    expect(clock.now()).toBe(6.9);
    await clock.advance(1);
    expect(b.link.available).toBe(2);
  });

  it("is patient with bytes of a slow wire, and not with a slower one", async () => {
    const slow = setUp({ baudRate: 9600 });
    slow.a.send(new Uint8Array(50));
    expect(await slow.clock.run(slow.uart.read(50))).toHaveLength(50);
    const slower = setUp({ baudRate: 2400 });
    slower.a.send(new Uint8Array(50));
    expect(await slower.clock.run(slower.uart.read(50, { pollMs: 10 }))).toBeNull();
  });

  it("leaves what comes behind its bytes, and a full buffer loses the rest", async () => {
    const { clock, a, uart } = setUp({ receiveBytes: 4 });
    a.send(new Uint8Array(12).map((_, index) => index));
    await clock.advance(1);
    expect(await clock.run(uart.read(2))).toEqual(Uint8Array.of(0, 1));
    expect(await clock.run(uart.read(2))).toEqual(Uint8Array.of(2, 3));
    expect(await clock.run(uart.read(1))).toBeNull();
  });

  it("drains the buffer of bytes that come while it reads", async () => {
    const { clock, uart, sendAt } = setUp({ receiveBytes: 4 });
    sendAt(1, ...new Uint8Array(100));
    expect(await clock.run(uart.read(100))).toHaveLength(100);
  });

  it("holds its caller up until what it writes has left", async () => {
    const { clock, uart } = setUp({ baudRate: 9600, oneWayMs: 30 });
    await clock.run(uart.put(new Uint8Array(96)));
    expect(clock.now()).toBeCloseTo(100);
  });

  it("rejects when it is stopped, and releases its timers", async () => {
    const { clock, uart } = setUp();
    const reading = uart.read(1);
    clock.after(1, () => uart.stop());
    await expect(clock.run(reading)).rejects.toBe(STOPPED);
    await expect(clock.run(uart.sleep(1))).rejects.toBe(STOPPED);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("tries of a stock UART", () => {
  it("discard what lands while garbage is collected", async () => {
    const { clock, uart, sendAt } = setUp();
    sendAt(2.5, 1);
    sendAt(4, 2);
    expect(await clock.run(uart.readAfterDiscard(1, () => 3, 1000))).toEqual(Uint8Array.of(2));
  });

  it("are over when none begins in time", async () => {
    const { clock, uart } = setUp();
    expect(await clock.run(uart.readAfterDiscard(1, () => 1, 100))).toBe("over");
    expect(clock.now()).toBe(102);
  });

  it("cost one timer at the most while nothing comes", async () => {
    const { clock, uart, sendAt } = setUp();
    const reading = uart.readAfterDiscard(1, () => 1.5, Number.POSITIVE_INFINITY);
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
    for (let ms = 1000; ms < 1010; ms++) sendAt(ms, 9);
    expect(await clock.run(reading)).toEqual(Uint8Array.of(9));
  });

  it("agree with tries that are walked through one by one", async () => {
    const chance = createRandom(3);
    for (let round = 0; round < 500; round++) {
      const landings: number[] = [];
      for (let at = chance() * 40; landings.length < 40; at += chance() * 9) landings.push(at);
      const pauses = Array.from({ length: 100 }, () => chance() * 3);
      const { clock, uart, sendAt } = setUp();
      for (const [index, at] of landings.entries()) sendAt(at, index);
      let next = 0;
      const got = await clock.run(
        uart.readAfterDiscard(2, () => pauses[next++] as number, Number.POSITIVE_INFINITY),
      );
      expect({ got: got === null ? null : [...got], at: clock.now() }).toEqual(walk(landings, pauses));
    }
  });
});

/** The pseudo code, try after try, byte after byte: the first 2 ms, the gap 3 ms, two bytes wanted. */
function walk(landings: readonly number[], pauses: readonly number[]) {
  let at = 0;
  for (const pause of pauses) {
    const from = at + pause;
    const first = landings.findIndex((landing) => landing > from + 1e-6);
    const firstAt = landings[first];
    if (firstAt === undefined) throw new Error("every byte was discarded: the test needs more of them");
    if (firstAt <= from + 2) {
      const secondAt = landings[first + 1] ?? Number.POSITIVE_INFINITY;
      if (secondAt <= firstAt + 3) return { got: [first, first + 1], at: expect.closeTo(secondAt, 6) };
      return { got: null, at: expect.closeTo(firstAt + 3, 6) };
    }
    at = from + 2;
  }
  throw new Error("too few pauses");
}
