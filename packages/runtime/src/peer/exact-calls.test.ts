/** Calls and streams over the models of I2C and SPI: slaves that are late, and transactions that get lost. */
import { describe, expect, it } from "vitest";
import { joinI2c, joinSpi, openI2cMaster, openSpiMaster } from "../../test/models/exact-pair.js";
import { createI2cBus } from "../../test/models/i2c-bus.js";
import { createSpiBus } from "../../test/models/spi-bus.js";
import { type Clock, sleep } from "../clock.js";
import type { Link } from "../link/link.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createMaster } from "./create-master.js";
import { createSlave } from "./create-slave.js";

type Kind = "i2c" | "spi";

const KINDS: readonly Kind[] = ["i2c", "spi"];
/** What the 108 bytes of an echo of 32 take, and the pauses before each of its 8 transfers. */
const WIRE_MS = { i2c: 12, spi: 2 };
const bytes = (length: number, start = 0) => new Uint8Array(length).map((_, index) => start + index * 3);
const u32s = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
/** i2c-dev's limit: any other transaction that is too short is not a part of more. */
const isPart = (length: number) => length === 8192;

/** A slave's program that gets to run only so long after each transfer. */
function late(link: Link, clock: Clock, lateMs: number): Link {
  const after = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    if (lateMs > 0) await sleep(clock, lateMs);
    return result;
  };
  return {
    ...link,
    getBytes: (...args) => after(link.getBytes(...args)),
    putBytes: (...args) => after(link.putBytes(...args)),
  };
}

interface Loss {
  /** Number of the transaction that is lost, from 0; and whether the slave sees it all the same. */
  readonly at: number;
}

/** The slave's link, and the master's; `loss`: one transaction does not reach the other side. */
async function wire(kind: Kind, clock: Clock, loss: Loss | null) {
  let transaction = -1;
  const isLost = () => {
    transaction += 1;
    return transaction === loss?.at;
  };
  if (kind === "i2c") {
    const bus = createI2cBus({ clock });
    const slave = joinI2c(bus, { clock, isPart });
    const { target } = bus;
    bus.target = {
      // Damaged on its way: each side sees a transaction, and the bytes are wrong.
      onWrite: (data) => target?.onWrite(isLost() ? data.map((byte) => byte ^ 0x55) : data) ?? false,
      async onRead(length) {
        const given = (await target?.onRead(length)) ?? null;
        return given !== null && isLost() ? given.map((byte) => byte ^ 0x55) : given;
      },
    };
    return { master: await openI2cMaster(bus, {}, clock), slave, bus };
  }
  const bus = createSpiBus({ clock });
  const slave = joinSpi(bus, { clock, isPart: (length) => length === bus.bufferBytes });
  const { target } = bus;
  bus.target = {
    take: (data) => (isLost() ? data.length : (target?.take(data) ?? 0)),
    give(length) {
      const given = target?.give(length) ?? null;
      return given !== null && isLost() ? new Uint8Array(length).fill(255) : given;
    },
  };
  return { master: await openSpiMaster(bus, {}, clock), slave, bus };
}

async function setUp(kind: Kind, lateMs = 0, loss: Loss | null = null) {
  const clock = createVirtualClock();
  const wired = await clock.run(wire(kind, clock, loss));
  const master = createMaster(wired.master, { clock });
  const errors: unknown[] = [];
  const slave = createSlave(late(wired.slave, clock, lateMs), {
    clock,
    onError: (error) => void errors.push(error),
  });
  const runs: string[] = [];
  const received: Uint8Array[] = [];
  slave.register("echo", (argument) => {
    runs.push(Buffer.from(argument).toString("hex"));
    return argument.slice();
  });
  slave.register("large", (argument) =>
    bytes(new DataView(argument.buffer, argument.byteOffset).getUint32(0, true)),
  );
  slave.register("slow", async (argument) => {
    const ms = new DataView(argument.buffer, argument.byteOffset).getUint32(0, true);
    await sleep(clock, ms);
    return argument;
  });
  slave.register("frames", (argument, context) => {
    const [size = 0, count = 0, everyMs = 0] = new Uint32Array(argument.slice().buffer);
    async function* frames() {
      for (let index = 0; index < count; index += 1) {
        if (everyMs > 0) await sleep(clock, everyMs);
        yield bytes(size, index + 1);
      }
    }
    slave.writeStream(context, frames());
    return new Uint8Array(0);
  });
  slave.register("take", (_, context) => {
    slave.readStream(context, async (frames) => {
      for await (const frame of frames) received.push(frame);
    });
    return new Uint8Array(0);
  });
  void slave.serve().catch(() => {});
  const echo = async (data: Uint8Array) => expect(await clock.run(master.call("echo", data))).toEqual(data);
  const msOf = async (work: Promise<unknown>) => {
    const startedAt = clock.now();
    await clock.run(work);
    return clock.now() - startedAt;
  };
  return { ...wired, clock, master, errors, runs, received, echo, msOf };
}

describe.each(KINDS)("calls over %s", (kind) => {
  it.each([0, 2, 10, 40])("are answered by a slave whose host is %i ms late", async (lateMs) => {
    const { echo, runs, master } = await setUp(kind, lateMs);
    for (const length of [0, 1, 5, 8, 100, 1000]) await echo(bytes(length, length));
    expect(runs.length).toBe(6);
    expect(master.stats.answered).toBe(6);
  });

  it.each([0, 2, 10])(
    "take no longer one after the other, by a slave whose host is %i ms late",
    async (lateMs) => {
      const { echo, msOf, master } = await setUp(kind, lateMs);
      await echo(bytes(32));
      // What the bytes take, and before each of the eight transfers as long as the slave was late, with something more.
      const longestMs = WIRE_MS[kind] + 8 * (1.75 * lateMs + 1);
      for (let call = 0; call < 40; call += 1) {
        expect(await msOf(master.call("echo", bytes(32)))).toBeLessThan(longestMs);
      }
    },
  );

  it("need one transaction each way for each packet, where nobody is late", async () => {
    const { echo, master } = await setUp(kind);
    await echo(bytes(5));
    expect(master.stats.tries).toMatchObject({ command: 1, result: 1 });
  });

  it("bring large results and arguments, in as many parts as the bus makes of them", async () => {
    const { clock, master } = await setUp(kind);
    const result = await clock.run(master.call("large", u32s(70_000)));
    expect(Buffer.from(result).equals(Buffer.from(bytes(70_000)))).toBe(true);
    const argument = bytes(20_000);
    const back = await clock.run(master.call("echo", argument));
    expect(Buffer.from(back).equals(Buffer.from(argument))).toBe(true);
  });

  it("get over any one transaction that is damaged, and run nothing twice", async () => {
    for (let at = 0; at < 8; at += 1) {
      const { clock, master, echo, runs } = await setUp(kind, 0, { at });
      const outcome = await clock.run(
        master.call("echo", bytes(8)).then(
          (answer) => answer,
          (error: unknown) => error,
        ),
      );
      // Nothing acknowledges the last packet: the slave has given its result, and the call has run.
      if (outcome instanceof Error) expect([at, outcome]).toMatchObject([7, { executed: "yes" }]);
      else expect(outcome).toEqual(bytes(8));
      await echo(bytes(9, 50));
      expect(runs.length, `transaction ${at}`).toBe(2);
    }
  });

  it("wait for a slow function as long as they may, and no longer", async () => {
    const { clock, master, echo } = await setUp(kind);
    const result = await clock.run(master.call("slow", u32s(20_000), { recvTimeoutMs: 30_000 }));
    expect(result).toEqual(u32s(20_000));
    const startedAt = clock.now();
    await expect(clock.run(master.call("slow", u32s(3000)))).rejects.toMatchObject({
      code: "timeout",
      phase: "result",
    });
    expect(clock.now() - startedAt).toBeLessThan(1300);
    await clock.advance(1900);
    await echo(bytes(6, 9));
  });

  it("leave the next one right, given up at any moment", async () => {
    for (let timeoutMs = 0.3; timeoutMs < 12; timeoutMs += 0.7) {
      const { clock, master, echo } = await setUp(kind, 1);
      await clock.run(master.call("echo", bytes(7), { timeoutMs }).catch(() => {}));
      await echo(bytes(7, 99));
    }
  });

  it("end in their time where nobody answers", async () => {
    const { clock, master, bus } = await setUp(kind);
    bus.target = null;
    const startedAt = clock.now();
    await expect(clock.run(master.call("echo", bytes(3)))).rejects.toMatchObject({
      code: "timeout",
      executed: "no",
    });
    expect(clock.now() - startedAt).toBeGreaterThan(900);
    expect(clock.now() - startedAt).toBeLessThan(1400);
  });
});

// On SPI nobody says that a transfer came too soon, and no pause is as long as that.
it("calls over I2C are answered by a slave whose host is 150 ms late, if they may take that long", async () => {
  const { clock, master } = await setUp("i2c", 150);
  const patient = { sendTimeoutMs: 10_000, recvTimeoutMs: 10_000, repeatable: true };
  for (const length of [0, 5, 40]) {
    const argument = bytes(length, length);
    expect(await clock.run(master.call("echo", argument, patient))).toEqual(argument);
  }
  // Once it is known.
  const startedAt = clock.now();
  await clock.run(master.call("echo", bytes(8), patient));
  expect(clock.now() - startedAt).toBeLessThan(4000);
});

describe.each(KINDS)("streams over %s", (kind) => {
  it.each([0, 0.3, 10])("bring every frame and end, the slave's host being %d ms late", async (lateMs) => {
    const { clock, master, echo, errors, msOf } = await setUp(kind, lateMs);
    const frames: Uint8Array[] = [];
    const read = async () => {
      for await (const frame of master.openStream("frames", u32s(20, 5), { queueDepth: 4 }))
        frames.push(frame);
    };
    await clock.run(read());
    expect(frames).toEqual([1, 2, 3, 4, 5].map((start) => bytes(20, start)));
    expect(errors).toEqual([]);
    expect(await msOf(echo(bytes(4)))).toBeLessThan(100 + 50 * lateMs);
  });

  it("are stopped in the place of a credit, and the next call is answered at once", async () => {
    const { clock, master, echo, errors, msOf } = await setUp(kind);
    let count = 0;
    const read = async () => {
      for await (const frame of master.openStream("frames", u32s(500, 1000))) {
        expect(frame.length).toBe(500);
        count += 1;
        if (count === 3) break;
      }
    };
    await clock.run(read());
    expect(await msOf(echo(bytes(4)))).toBeLessThan(100);
    expect([count, errors]).toEqual([3, []]);
  });

  it("are aborted while a frame is awaited, and the next call is answered within 1.1 s", async () => {
    const { clock, master, echo, msOf } = await setUp(kind);
    const stop = new AbortController();
    const read = async () => {
      for await (const _ of master.openStream("frames", u32s(500, 1000, 300), { signal: stop.signal })) {
        clock.after(100, () => stop.abort());
      }
    };
    await expect(clock.run(read())).rejects.toMatchObject({ code: "aborted" });
    expect(await msOf(echo(bytes(4)))).toBeLessThan(1100);
  });

  it("to the slave bring every frame and end", async () => {
    const { clock, master, echo, received } = await setUp(kind);
    const frames = [1, 2, 3].map((start) => bytes(30, start));
    await clock.run(master.sendStream("take", new Uint8Array(0), frames));
    await clock.advance(10);
    expect(received).toEqual(frames);
    await echo(bytes(4));
  });

  it("ask for the depth that the caller wants, and leave it to the writer to allow less", async () => {
    const { clock, master, bus } = await setUp(kind);
    const asked: string[] = [];
    const { target } = bus as {
      target: { onWrite?(data: Uint8Array): unknown; take?(data: Uint8Array): number };
    };
    const see = (data: Uint8Array) => void asked.push(Buffer.from(data).toString("hex"));
    for (const name of ["onWrite", "take"] as const) {
      const original = target[name];
      if (original === undefined) continue;
      target[name] = ((data: Uint8Array) => {
        see(data);
        return original(data);
      }) as never;
    }
    const read = async () => {
      for await (const _ of master.openStream("frames", u32s(20, 2), { queueDepth: 4 }));
    };
    await clock.run(read());
    expect(asked).toContain("f6ed04000000cac2");
  });
});
