import { describe, expect, it } from "vitest";
import { createMemoryLink } from "../link/memory-link.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createMaster } from "./create-master.js";
import { createSlave } from "./create-slave.js";

const frame = (index: number, size = 16) => new Uint8Array(size).fill(index + 1);
const text = (value: string) => new TextEncoder().encode(value);

function setUp() {
  const clock = createVirtualClock();
  const [a, b] = createMemoryLink({ clock });
  const master = createMaster(a, { clock });
  const errors: unknown[] = [];
  const slave = createSlave(b, { clock, onError: (error) => void errors.push(error) });
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  let closed = 0;
  slave.register("frames", (argument, context) => {
    const count = argument[0] ?? 0;
    async function* frames() {
      try {
        for (let index = 0; index < count; index++) {
          await wait(20);
          yield frame(index);
        }
      } finally {
        closed += 1;
      }
    }
    slave.writeStream(context, frames());
    return text("header");
  });
  const received: Uint8Array[] = [];
  slave.register("take", (argument, context) => {
    const most = argument[0] ?? 255;
    slave.readStream(context, async (frames) => {
      for await (const each of frames) {
        received.push(each);
        if (received.length === most) return;
      }
      received.push(text("end"));
    });
    return text("ok");
  });
  slave.register("echo", (argument) => argument);
  void slave.serve().catch(() => {});
  const echo = () => clock.run(master.call("echo", text("still there")));
  return { clock, master, slave, errors, received, wait, echo, closed: () => closed };
}

async function collect(frames: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const each of frames) all.push(each);
  return all;
}

describe("a stream to the master", () => {
  it.each([1, 2, 4, 255])("brings every frame and ends cleanly at depth %i", async (queueDepth) => {
    const { clock, master, echo, errors } = setUp();
    const stream = master.openStream("frames", Uint8Array.of(30), { queueDepth });
    expect(await clock.run(stream.header)).toEqual(text("header"));
    const all = await clock.run(collect(stream));
    expect(all).toEqual(Array.from({ length: 30 }, (_, index) => frame(index)));
    expect(await echo()).toEqual(text("still there"));
    expect(errors).toEqual([]);
  });

  it("sends nothing before someone looks", async () => {
    const { clock, master, slave } = setUp();
    master.openStream("frames", Uint8Array.of(3));
    await clock.advance(100);
    expect(slave.link.available).toBe(0);
    expect(clock.now()).toBe(100);
  });

  it("ends with `break`, closes the writer's iterator and leaves the line usable at once", async () => {
    const { clock, master, echo, closed, errors } = setUp();
    const taking = (async () => {
      let taken = 0;
      for await (const _ of master.openStream("frames", Uint8Array.of(200), { queueDepth: 4 })) {
        taken += 1;
        if (taken === 3) break;
      }
      return taken;
    })();
    expect(await clock.run(taking)).toBe(3);
    const before = clock.now();
    expect(await echo()).toEqual(text("still there"));
    expect(clock.now() - before).toBeLessThan(1100);
    expect(closed()).toBe(1);
    expect(errors).toEqual([]);
  });

  it("ends when its consumer throws", async () => {
    const { clock, master, echo } = setUp();
    const taking = (async () => {
      for await (const _ of master.openStream("frames", Uint8Array.of(200))) throw new Error("full");
    })();
    await expect(clock.run(taking)).rejects.toThrow("full");
    expect(await echo()).toEqual(text("still there"));
  });

  it("rejects with the signal's reason when aborted, while it waits for a frame", async () => {
    const { clock, master, echo } = setUp();
    const stop = new AbortController();
    const taking = collect(master.openStream("frames", Uint8Array.of(200), { signal: stop.signal }));
    clock.after(105, () => stop.abort(new Error("enough")));
    await expect(clock.run(taking)).rejects.toMatchObject({
      code: "aborted",
      phase: "stream",
      executed: "yes",
      cause: new Error("enough"),
    });
    expect(await echo()).toEqual(text("still there"));
  });

  it.each([false, true])(
    "gives no frame that has come already to an aborted consumer (latestOnly %s)",
    async (latestOnly) => {
      const { clock, master, echo, wait } = setUp();
      const stop = new AbortController();
      const seen: number[] = [];
      const options = { signal: stop.signal, queueDepth: 8, latestOnly };
      const taking = (async () => {
        for await (const each of master.openStream("frames", Uint8Array.of(200), options)) {
          seen.push(each[0] ?? 0);
          await wait(500);
          if (seen.length === 2) stop.abort(new Error("enough"));
        }
      })();
      await expect(clock.run(taking)).rejects.toMatchObject({ code: "aborted", cause: new Error("enough") });
      expect(seen.length).toBe(2);
      expect(await echo()).toEqual(text("still there"));
    },
  );

  it("holds the writer back while the consumer is busy", async () => {
    const { clock, master, wait } = setUp();
    const taking = (async () => {
      const seen: number[] = [];
      for await (const each of master.openStream("frames", Uint8Array.of(10))) {
        seen.push(each[0] ?? 0);
        await wait(200);
      }
      return seen;
    })();
    expect(await clock.run(taking)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("keeps only the newest frame for a busy consumer that asked for it", async () => {
    const { clock, master, wait } = setUp();
    const taking = (async () => {
      const seen: number[] = [];
      for await (const each of master.openStream("frames", Uint8Array.of(30), { latestOnly: true })) {
        seen.push(each[0] ?? 0);
        await wait(200);
      }
      return seen;
    })();
    const seen = await clock.run(taking);
    expect(seen.length).toBeLessThan(8);
    expect(seen.at(-1)).toBe(30);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it("breaks when the writer vanishes", async () => {
    const { clock, master, slave, echo } = setUp();
    slave.register("vanish", (_, context) => {
      slave.writeStream(context, [frame(0), frame(1)], { endMark: false });
      return text("");
    });
    const taking = clock.run(collect(master.openStream("vanish", text(""))));
    await expect(taking).rejects.toMatchObject({ code: "stream-broken", phase: "stream" });
    expect(await echo()).toEqual(text("still there"));
  });

  it("says closed when the link ends", async () => {
    const { clock, master, slave } = setUp();
    const taking = collect(master.openStream("frames", Uint8Array.of(200)));
    clock.after(105, () => void slave.close());
    const ended = expect(clock.run(taking)).rejects;
    await ended.toMatchObject({ code: "closed", phase: "stream", executed: "yes" });
  });

  it("rejects header and frames alike when its call fails, and gives the line back", async () => {
    const { clock, master, slave, echo } = setUp();
    slave.register("silent", () => null);
    const stream = master.openStream("silent", text(""));
    await expect(clock.run(stream.header)).rejects.toMatchObject({ code: "timeout", phase: "result" });
    await expect(clock.run(collect(stream))).rejects.toMatchObject({ code: "timeout", phase: "result" });
    expect(await echo()).toEqual(text("still there"));
  });

  it("takes no frame whose header is damaged", async () => {
    const { clock, master, slave } = setUp();
    slave.register("damaged", (_, context) => {
      context.schedule(async (link) => {
        await link.getBytes(new Uint8Array(8), 1000);
        await link.putBytes(Uint8Array.of(0x2e, 0x54, 1, 0, 0, 0, 0x3b, 0x51, 7), 1000);
        await link.getBytes(new Uint8Array(1), 1000);
        await link.putBytes(Uint8Array.of(0x2e, 0x54, 1, 0, 0, 0, 0x3b, 0x52, 8), 1000);
      });
      return text("");
    });
    const stream = master.openStream("damaged", text(""))[Symbol.asyncIterator]();
    expect(await clock.run(stream.next())).toEqual({ done: false, value: Uint8Array.of(7) });
    await expect(clock.run(stream.next())).rejects.toMatchObject({ code: "stream-broken" });
  });
});

describe("a stream to the slave", () => {
  it.each([1, 4])("brings every frame and its end", async (count) => {
    const { clock, master, received, echo } = setUp();
    const frames = Array.from({ length: count }, (_, index) => frame(index));
    expect(await clock.run(master.sendStream("take", text(""), frames))).toEqual(text("ok"));
    await clock.advance(10);
    expect(received).toEqual([...frames, text("end")]);
    expect(await echo()).toEqual(text("still there"));
  });

  it("says that the reader stopped, and goes on", async () => {
    const { clock, master, received, echo } = setUp();
    const frames = Array.from({ length: 50 }, (_, index) => frame(index));
    const sending = clock.run(master.sendStream("take", Uint8Array.of(2), frames));
    await expect(sending).rejects.toMatchObject({ code: "stream-broken", phase: "stream", executed: "yes" });
    expect(received).toHaveLength(2);
    expect(await echo()).toEqual(text("still there"));
  });

  it("passes on what the source of the frames throws, and the next call works", async () => {
    const { clock, master, echo } = setUp();
    function* frames() {
      yield frame(0);
      throw new Error("no film left");
    }
    await expect(clock.run(master.sendStream("take", text(""), frames()))).rejects.toThrow("no film left");
    expect(await echo()).toEqual(text("still there"));
  });

  it("refuses an empty frame, because that is the end mark", async () => {
    const { clock, master } = setUp();
    const sending = clock.run(master.sendStream("take", text(""), [new Uint8Array(0)]));
    await expect(sending).rejects.toMatchObject({ code: "bad-argument" });
  });

  it("ends when its signal aborts while the source takes its time", async () => {
    const { clock, master, wait, echo } = setUp();
    async function* frames() {
      yield frame(0);
      await wait(100_000);
      yield frame(1);
    }
    const stop = new AbortController();
    clock.after(50, () => stop.abort());
    const sending = clock.run(master.sendStream("take", text(""), frames(), { signal: stop.signal }));
    await expect(sending).rejects.toMatchObject({ code: "aborted" });
    const before = clock.now();
    expect(await echo()).toEqual(text("still there"));
    expect(clock.now() - before).toBeLessThan(1100);
  });
});

describe("cut-through", () => {
  it("brings raw bytes, counted by the answer", async () => {
    const { clock, master, slave, echo } = setUp();
    const picture = new Uint8Array(150_000).map((_, index) => index % 251);
    slave.register("raw", (_, context) => {
      context.schedule(async (link) => void (await link.putBytes(picture, 1000)));
      return Uint8Array.of(3);
    });
    const bulk = await clock.run(master.readBulk("raw", text(""), (answer) => (answer[0] ?? 0) * 50_000));
    expect(bulk).toEqual({ answer: Uint8Array.of(3), data: picture });
    expect(await echo()).toEqual(text("still there"));
  });

  it("says how far it came when bytes are missing", async () => {
    const { clock, master, slave, echo } = setUp();
    slave.register("raw", (_, context) => {
      context.schedule(async (link) => void (await link.putBytes(new Uint8Array(10), 1000)));
      return text("");
    });
    const bulk = clock.run(master.readBulk("raw", text(""), 11));
    await expect(bulk).rejects.toMatchObject({ code: "timeout", phase: "cut-through", executed: "yes" });
    expect(await echo()).toEqual(text("still there"));
  });

  it("gives the line to a body, both ways", async () => {
    const { clock, master, slave, echo } = setUp();
    slave.register("talk", (_, context) => {
      context.schedule(async (link) => {
        const into = new Uint8Array(3);
        await link.getBytes(into, 1000);
        await link.putBytes(into.reverse(), 1000);
      });
      return text("");
    });
    const talking = master.cutThrough("talk", text(""), async (link) => {
      await link.putBytes(Uint8Array.of(1, 2, 3), 1000);
      const into = new Uint8Array(3);
      return (await link.getBytes(into, 1000)) ? [...into] : null;
    });
    expect(await clock.run(talking)).toEqual([3, 2, 1]);
    expect(await echo()).toEqual(text("still there"));
  });
});
