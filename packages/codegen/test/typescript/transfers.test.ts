/** What goes on after the answer: streams either way and bulk, with a `with` part and without, over a memory link. */
import { describe, expect, it } from "vitest";
import { createErrors } from "../scenarios/errors/expected/errors.master.js";
import { type ErrorsImplementation, registerErrors } from "../scenarios/errors/expected/errors.slave.js";
import { Empty, OutOfRange, Refused } from "../scenarios/errors/expected/errors.types.js";
import { createLanguage } from "../scenarios/language/expected/language.master.js";
import {
  type LanguageImplementation,
  registerLanguage,
} from "../scenarios/language/expected/language.slave.js";
import { FrameSize, Led, type Point } from "../scenarios/language/expected/language.types.js";
import { createPair, failureOf, unreachable } from "./pair.js";

function serve(implementation: Partial<LanguageImplementation>) {
  const pair = createPair();
  registerLanguage(pair.slave, implementation as LanguageImplementation);
  return { ...pair, device: createLanguage(pair.master) };
}

function serveErrors(implementation: Partial<ErrorsImplementation>) {
  const pair = createPair();
  registerErrors(pair.slave, implementation as ErrorsImplementation);
  return { ...pair, device: createErrors(pair.master) };
}

const points: readonly Point[] = [1, 2, 3, 4, 5].map((x) => ({ x, y: -x }));

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("accept", () => {
  it("brings items in order to the clean end", async () => {
    const received: unknown[] = [];
    const { device, run, reported } = serve({
      async upload(name, items) {
        received.push(name, ...(await collect(items)));
      },
      peek: () => received.length,
    });
    await run(async () => {
      const chunks = [Uint8Array.of(1), new Uint8Array(500).fill(2), Uint8Array.of(3)];
      expect(await device.upload("a.txt", chunks, { queueDepth: 4 })).toBe(undefined);
      expect(await device.peek()).toBe(4);
      expect(received).toEqual(["a.txt", ...chunks]);
      await device.upload("empty", []);
      expect(await device.peek()).toBe(5);
    });
    expect(reported).toEqual([]);
  });

  it("gives the `with` part, and sends what an async iterator yields", async () => {
    const received: Point[] = [];
    const { device, run, reported } = serve({
      points: (count) => ({
        header: { room: 100 * count },
        receive: async (items) => void received.push(...(await collect(items))),
      }),
    });
    async function* slowly() {
      for (const point of points) yield await Promise.resolve(point);
    }
    await run(async () => {
      expect(await device.points(undefined, slowly())).toEqual({ room: 100 });
      expect(await device.points(7, points)).toEqual({ room: 700 });
    });
    expect(received).toEqual([...points, ...points]);
    expect(reported).toEqual([]);
  });

  it("asks for nothing where the other side refuses, by a declared error or an undeclared one", async () => {
    const { device, run, reported } = serveErrors({
      store(name, items) {
        if (name === "big") throw new OutOfRange({ value: 9, min: 0, max: 8 });
        return collect(items).then(() => {});
      },
      keep() {
        throw new Error("disk on fire");
      },
      plain: () => {},
    });
    const never = { [Symbol.iterator]: unreachable };
    await run(async () => {
      const error = await device.store("big", never).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(OutOfRange);
      expect(error).toMatchObject({ value: 9, min: 0, max: 8, code: "remote-error", executed: "yes" });
      expect(await failureOf(device.keep("a", never))).toMatch(/^remote-failure result yes: .*disk on fire$/);
      expect(await failureOf(device.keep("too long a name", never))).toMatch(
        /^bad-argument encode no: name: /,
      );
      expect(await device.plain()).toBe(undefined);
      expect(await device.store("ok", [Uint8Array.of(1)])).toBe(undefined);
    });
    expect(reported).toEqual(["keep: disk on fire"]);
  });

  it("answers when the first item is asked for: what is thrown before is an answer, and after it breaks the stream", async () => {
    const { device, run, reported } = serveErrors({
      async store(name, items) {
        await Promise.resolve();
        if (name === "early") throw new Refused({ code_: 1, message_: "no" });
        for await (const _ of items) throw new Error("full");
      },
      plain: () => {},
    });
    await run(async () => {
      expect(await failureOf(device.store("early", [Uint8Array.of(1)]))).toMatch(
        /^remote-error result yes: Refused: /,
      );
      const many = Array.from({ length: 50 }, () => new Uint8Array(100));
      expect(await failureOf(device.store("late", many))).toMatch(/^stream-broken stream yes: /);
      expect(await device.plain()).toBe(undefined);
    });
    expect(reported).toEqual(["store: full"]);
  });

  it("tells an implementation that stops reading, and one that never reads", async () => {
    const seen: number[] = [];
    const { device, run } = serve({
      async upload(_, items) {
        for await (const item of items) {
          seen.push(item.length);
          break;
        }
      },
      points: () => ({ header: { room: 0 }, receive: () => {} }),
      peek: () => 1,
    });
    await run(async () => {
      const many = Array.from({ length: 50 }, () => new Uint8Array(100));
      expect(await failureOf(device.upload("x", many))).toMatch(
        /^stream-broken stream yes: .*stopped the stream$/,
      );
      expect(await failureOf(device.points(1, points))).toMatch(/^stream-broken stream yes: /);
      expect(await device.peek()).toBe(1);
    });
    expect(seen).toEqual([100]);
  });

  it("refuses an item that does not fit, on either side", async () => {
    const { device, run, reported } = serve({
      points: () => ({ header: { room: 0 }, receive: async (items) => void (await collect(items)) }),
      peek: () => 1,
    });
    await run(async () => {
      const wrong = [points[0] as Point, { x: 40000, y: 0 }];
      expect(await failureOf(device.points(1, wrong))).toBe(
        "bad-argument encode yes: item.x: 40000 is not an i16",
      );
      expect(await device.peek()).toBe(1);
    });
    // The slave waits for a frame, and the next call is none.
    expect(reported).toEqual(["points: a frame header with a wrong magic or crc"]);
  });

  it("refuses an item that does not decode", async () => {
    const received: Point[] = [];
    const { device, master, run, reported } = serve({
      peek: () => 1,
      points: () => ({
        header: { room: 0 },
        async receive(items) {
          for await (const item of items) received.push(item);
        },
      }),
    });
    await run(async () => {
      const frames = [Uint8Array.of(1, 0, 2, 0), Uint8Array.of(1)];
      await master.sendStream("points", Uint8Array.of(1), frames);
      expect(await device.peek()).toBe(1);
    });
    expect(received).toEqual([{ x: 1, y: 2 }]);
    expect(reported).toEqual(["points: item: the message ends here: 4 bytes needed, 1 left"]);
  });
});

describe("a stream with a `with` part", () => {
  it("has it as its header", async () => {
    const { device, run } = serve({
      video: async (quality) => ({
        header: { width: 320, height: 240 },
        items: [Uint8Array.of(quality), Uint8Array.of(1)],
      }),
    });
    await run(async () => {
      const video = device.video();
      expect(await video.header).toEqual({ width: 320, height: 240 });
      expect(await collect(video)).toEqual([Uint8Array.of(80), Uint8Array.of(1)]);
      expect(await collect(device.video(5))).toEqual([Uint8Array.of(5), Uint8Array.of(1)]);
    });
  });

  it("is refused by a declared error, and the link stays usable", async () => {
    const { device, run, reported } = serveErrors({
      frames(count) {
        if (count > 3) throw new OutOfRange({ value: count, min: 0, max: 3 });
        return { header: { width: 300 }, items: [] };
      },
      plain: () => {},
    });
    await run(async () => {
      const error = await collect(device.frames(4)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(OutOfRange);
      expect(await device.frames(5).header.catch((thrown: unknown) => thrown)).toBeInstanceOf(OutOfRange);
      expect(await failureOf(device.frames(1).header)).toMatch(/^remote-failure .*width: 300 is not a u8$/);
      expect(await device.plain()).toBe(undefined);
    });
    expect(reported).toEqual(["frames: width: 300 is not a u8"]);
  });
});

describe("a bulk with a `with` part", () => {
  const data = Uint8Array.from({ length: 12 }, (_, i) => i);

  it("comes as one object, as long as its size says, its type, or the caller", async () => {
    const { device, run, reported } = serve({
      raw: (size) => ({ width: size, height: 3, size: 12, data }),
      thumb: async () => ({ data: 7, data_: data }),
      dump: () => ({ kind: Led.RED | Led.BLUE, data }),
    });
    await run(async () => {
      expect(await device.raw(FrameSize.VGA)).toEqual({ width: 2, height: 3, size: 12, data });
      expect(await device.thumb()).toEqual({ data: 7, data_: data });
      expect(await device.dump(12)).toEqual({ kind: 5, data });
      expect(await failureOf(device.dump(1.5))).toBe(
        "bad-argument encode no: byteLength: 1.5 is not a number of bytes",
      );
    });
    expect(reported).toEqual([]);
  });

  it("is not answered where the size is not that of the data", async () => {
    const { device, run, reported } = serveErrors({
      raw(ok) {
        if (!ok) throw new Empty();
        return { size: 11, data };
      },
    });
    await run(async () => {
      expect(await failureOf(device.raw(true))).toMatch(
        /^remote-failure .*bulk: 12 bytes, exactly 11 wanted$/,
      );
      expect(await failureOf(device.raw(false))).toBe("remote-error result yes: Empty");
    });
    expect(reported).toEqual(["raw: bulk: 12 bytes, exactly 11 wanted"]);
  });
});
