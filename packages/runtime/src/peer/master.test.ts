/** Whether a call ran: what a master says after each way to fail; and that no call spoils the next. */
import { describe, expect, it } from "vitest";
import type { Link } from "../link/link.js";
import { createMemoryLink } from "../link/memory-link.js";
import { encodePacket, encodeU32, Magic } from "../packet/packet.js";
import { createDelayLine } from "../testing/delay-line.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createMaster } from "./create-master.js";
import { createSlave } from "./create-slave.js";
import type { CallOptions, MasterOptions } from "./types.js";

const text = (value: string) => new TextEncoder().encode(value);
const SHAPES = ["stepwise", "paired"] as const;

const HEADER_ACK = encodePacket(Magic.COMMAND_HEADER);
const DATA_ACK = encodePacket(Magic.COMMAND_DATA);
const header = (size: number) => encodePacket(Magic.RESULT_HEADER, encodeU32(size));

/** Answers each packet by its magic, in the given way; null: not at all. */
function answerWith(line: Link, answers: Partial<Record<Magic, Uint8Array | null>>): void {
  void (async () => {
    const start = new Uint8Array(2);
    while (await line.getBytes(start, 60_000)) {
      const magic = ((start[1] ?? 0) << 8) | (start[0] ?? 0);
      const rest = magic === Magic.COMMAND_HEADER ? 10 : magic === Magic.COMMAND_DATA ? 3 : 2;
      await line.getBytes(new Uint8Array(rest), 1000);
      const answer = answers[magic as Magic];
      if (answer) await line.putBytes(answer, 1000);
    }
  })().catch(() => {});
}

function setUp(answers: Partial<Record<Magic, Uint8Array | null>>, options: MasterOptions = {}) {
  const clock = createVirtualClock();
  const [a, b] = createMemoryLink({ clock });
  answerWith(b, answers);
  const master = createMaster(a, { clock, ...options });
  const call = (callOptions?: CallOptions) => clock.run(master.call("echo", text("x"), callOptions));
  return { clock, master, call, line: b };
}

const ACKNOWLEDGED = { [Magic.COMMAND_HEADER]: HEADER_ACK, [Magic.COMMAND_DATA]: DATA_ACK };

describe.each(SHAPES)("a %s call that fails", (shape) => {
  it("did not run when no header was acknowledged", async () => {
    const { call } = setUp({}, { shape });
    await expect(call()).rejects.toMatchObject({ code: "timeout", phase: "command", executed: "no" });
  });

  it("may have run when its data was not acknowledged", async () => {
    const { call } = setUp({ [Magic.COMMAND_HEADER]: HEADER_ACK }, { shape });
    await expect(call()).rejects.toMatchObject({ code: "timeout", phase: "command", executed: "unknown" });
  });

  it("has run when only the data's acknowledgement is missing and the slave holds a result", async () => {
    const { call } = setUp(
      { [Magic.COMMAND_HEADER]: HEADER_ACK, [Magic.RESULT_HEADER]: header(1) },
      { shape },
    );
    await expect(call()).rejects.toMatchObject({ code: "timeout", phase: "command", executed: "yes" });
  });

  it("may have run when no result comes", async () => {
    const { call } = setUp(ACKNOWLEDGED, { shape });
    await expect(call()).rejects.toMatchObject({ code: "timeout", phase: "result", executed: "unknown" });
  });

  it("has run when the result's header came", async () => {
    const { call } = setUp({ ...ACKNOWLEDGED, [Magic.RESULT_HEADER]: header(4) }, { shape });
    await expect(call()).rejects.toMatchObject({ code: "timeout", phase: "result", executed: "yes" });
  });

  it("has run when its result is too large, and nothing is allocated for it", async () => {
    const answers = { ...ACKNOWLEDGED, [Magic.RESULT_HEADER]: header(0xffff_ffff) };
    const { call } = setUp(answers, { shape, maxMessageBytes: 1000 });
    await expect(call()).rejects.toMatchObject({ code: "too-large", phase: "result", executed: "yes" });
  });

  it("says closed, and where it stood, when the link ends", async () => {
    const { call, clock, line } = setUp(ACKNOWLEDGED, { shape });
    clock.after(500, () => void line.close());
    await expect(call()).rejects.toMatchObject({ code: "closed", phase: "result", executed: "unknown" });
  });

  it("keeps to its deadline and hears its signal in each phase", async () => {
    for (const [answers, phase, executed] of [
      [{}, "command", "no"],
      [ACKNOWLEDGED, "result", "unknown"],
    ] as const) {
      const late = setUp(answers, { shape });
      await expect(late.call({ timeoutMs: 300 })).rejects.toMatchObject({ code: "timeout", phase, executed });
      expect(late.clock.now()).toBeCloseTo(300, 6);
      const aborted = setUp(answers, { shape });
      const stop = new AbortController();
      aborted.clock.after(300, () => stop.abort("enough"));
      const call = aborted.call({ signal: stop.signal });
      await expect(call).rejects.toMatchObject({ code: "aborted", cause: "enough", phase, executed });
      expect(aborted.clock.now()).toBeCloseTo(300, 6);
    }
  });
});

describe("a result", () => {
  it.each(SHAPES)("does not count without both acknowledgements of its call (%s)", async (shape) => {
    const result = encodePacket(Magic.RESULT_DATA, text("r"));
    const answers = {
      [Magic.COMMAND_DATA]: DATA_ACK,
      [Magic.RESULT_HEADER]: header(1),
      [Magic.RESULT_DATA]: result,
    };
    const withoutHeader = setUp(answers, { shape });
    await expect(withoutHeader.call()).rejects.toMatchObject({ code: "timeout", phase: "command" });
    const withoutData = setUp(
      { ...answers, [Magic.COMMAND_HEADER]: HEADER_ACK, [Magic.COMMAND_DATA]: null },
      { shape },
    );
    await expect(withoutData.call()).rejects.toMatchObject({ code: "timeout", phase: "command" });
  });
});

it("waits as long as it may for a slave that is kept from its turn, and it runs once", async () => {
  const clock = createVirtualClock();
  const [near, far] = createMemoryLink({ clock });
  const master = createMaster(near, { clock });
  const slave = createSlave(far, { clock });
  let runs = 0;
  slave.register("count", () => Uint8Array.of(++runs));
  const pause = new AbortController();
  const serving = slave.serve({ signal: pause.signal });
  await clock.run(master.call("count", text("")));
  pause.abort();
  await clock.run(serving);
  clock.after(3000, () => void slave.serve().catch(() => {}));
  const options = { sendTimeoutMs: 30_000, recvTimeoutMs: 30_000 };
  expect(await clock.run(master.call("count", text(""), options))).toEqual(Uint8Array.of(2));
  expect(runs).toBe(2);
  await master.close();
});

describe("the queue of a master", () => {
  function setUpSlow() {
    const clock = createVirtualClock();
    const [a, b] = createMemoryLink({ clock });
    const slave = createSlave(b, { clock });
    const order: number[] = [];
    slave.register("slow", async (argument) => {
      order.push(argument[0] ?? 0);
      await new Promise<void>((resolve) => clock.after(200, resolve));
      return argument;
    });
    void slave.serve().catch(() => {});
    return { clock, order, master: createMaster(a, { clock }) };
  }

  it("takes calls in their order, and they never mix", async () => {
    const { clock, order, master } = setUpSlow();
    const calls = [1, 2, 3, 4].map((each) => master.call("slow", Uint8Array.of(each)));
    const results = await clock.run(Promise.all(calls));
    expect(results.map(([first]) => first)).toEqual([1, 2, 3, 4]);
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it("ends a waiting call at its deadline or by its signal, unsent, and the others go on", async () => {
    const { clock, order, master } = setUpSlow();
    const stop = new AbortController();
    const first = master.call("slow", Uint8Array.of(1));
    const late = master.call("slow", Uint8Array.of(2), { timeoutMs: 50 });
    const aborted = master.call("slow", Uint8Array.of(3), { signal: stop.signal });
    const last = master.call("slow", Uint8Array.of(4));
    clock.after(60, () => stop.abort("no more"));
    const settled = await clock.run(Promise.allSettled([first, late, aborted, last]));
    expect(settled).toMatchObject([
      { status: "fulfilled" },
      { reason: { code: "timeout", phase: "queue", executed: "no" } },
      { reason: { code: "aborted", phase: "queue", executed: "no", cause: "no more" } },
      { status: "fulfilled" },
    ]);
    expect(order).toEqual([1, 4]);
  });

  it("rejects what waits and what comes later when the master is closed", async () => {
    const { clock, master } = setUpSlow();
    const calls = [1, 2].map((each) => master.call("slow", Uint8Array.of(each)));
    const settling = Promise.allSettled(calls);
    await clock.advance(150);
    await master.close();
    expect(await clock.run(settling)).toMatchObject([
      { reason: { code: "closed", phase: "result" } },
      { reason: { code: "closed", phase: "queue", executed: "no" } },
    ]);
    await expect(master.call("slow", text(""))).rejects.toMatchObject({ code: "closed" });
    // What is left is the handler's own timer.
    await clock.advance(200);
    expect(clock.pendingTimers).toBe(0);
  });

  it("refuses a name that is not ASCII before anything is sent", async () => {
    const { clock, master } = setUpSlow();
    const call = clock.run(master.call("höhe", text("")));
    await expect(call).rejects.toMatchObject({ code: "bad-argument", phase: "encode", executed: "no" });
  });
});

describe.each(SHAPES)("after a %s call that was given up", (shape) => {
  it.each([0, 3, 20])("the next one gets its own answer, %i ms away, at any moment", async (oneWayMs) => {
    const clock = createVirtualClock();
    const [a, b] = createDelayLine({ clock, oneWayMs });
    const slave = createSlave(b, { clock });
    slave.register("echo", (argument) => argument);
    slave.register("slow", async (argument) => {
      await new Promise<void>((resolve) => clock.after(30, resolve));
      return argument;
    });
    void slave.serve().catch(() => {});
    const master = createMaster(a, { clock, shape });
    for (let step = 0; step < 80; step++) {
      const stop = new AbortController();
      const name = step % 2 === 0 ? "echo" : "slow";
      const given = master.call(name, Uint8Array.of(1, step), { signal: stop.signal }).catch(() => null);
      await clock.advance((step * (6 * oneWayMs + 40)) / 80);
      stop.abort();
      await clock.run(given);
      const expected = Uint8Array.of(2, step);
      expect(await clock.run(master.call("echo", expected))).toEqual(expected);
    }
  });
});
