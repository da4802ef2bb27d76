/** The generated master calls the generated slave: every kind of function, over a memory link. */
import { describe, expect, it } from "vitest";
import { createEverything } from "../scenarios/everything/expected/everything.master.js";
import {
  type EverythingImplementation,
  registerEverything,
} from "../scenarios/everything/expected/everything.slave.js";
import { Mode } from "../scenarios/everything/expected/everything.types.js";
import { createNames, createOthers } from "../scenarios/names/expected/names.master.js";
import { registerNames, registerOthers } from "../scenarios/names/expected/names.slave.js";
import { mode as Choice } from "../scenarios/names/expected/names.types.js";
import { createPair, failureOf, unreachable } from "./pair.js";
import { bag, numbers, tag } from "./samples.js";

/** Gives back what it gets. */
const echo: EverythingImplementation = {
  ping: () => {},
  numbers: (value) => value,
  bag: async (value) => value,
  tags: (tags) => tags,
  log: (log) => log,
  blob: (data) => data,
  text: (text) => text,
  ids: (ids) => ids,
  points: (points) => points,
  json: (value) => value,
  maybeJson: (value) => value,
  maybe: (value) => value,
  maybeTag: (value) => value,
  several: (a, b) => ({ sum: a + b.length, text: b }),
  severalOrNone: (a) => (a === 0 ? null : { x: a, y: a + 1 }),
  defaults: (...all) =>
    JSON.stringify(all.slice(0, -1), (_, value) => (typeof value === "bigint" ? `${value}n` : value)),
  find: (name) => name.length,
  *frames(count, size) {
    for (let i = 0; i < count; i++) yield new Uint8Array(size).fill(i + 1);
  },
  async *pointsStream(count) {
    for (let i = 0; i < count; i++) yield { x: i, y: -i };
  },
  image: () => Uint8Array.from({ length: 16 }, (_, i) => i),
  dump: async (seed) => new Uint8Array(1000).fill(seed),
};

function serve(changes: Partial<EverythingImplementation> = {}) {
  const pair = createPair();
  registerEverything(pair.slave, { ...echo, ...changes });
  return { ...pair, device: createEverything(pair.master) };
}

describe("calls", () => {
  const cases: Record<
    string,
    (device: ReturnType<typeof createEverything>) => readonly [Promise<unknown>, unknown]
  > = {
    "nothing at all": (device) => [device.ping(), undefined],
    "fixed struct": (device) => [device.numbers(numbers), numbers],
    "variable struct": (device) => [device.bag(bag), bag],
    "bounded list": (device) => [device.tags([tag, tag]), [tag, tag]],
    "empty list": (device) => [device.tags([]), []],
    "struct with a tail": (device) => [
      device.log({ at: 7, lines: ["a", "", "ü"] }),
      { at: 7, lines: ["a", "", "ü"] },
    ],
    bytes: (device) => [device.blob(Uint8Array.of(0, 255)), Uint8Array.of(0, 255)],
    "no bytes": (device) => [device.blob(new Uint8Array(0)), new Uint8Array(0)],
    text: (device) => [device.text("\ufeffgrüß \u{1f600}"), "\ufeffgrüß \u{1f600}"],
    "list of numbers": (device) => [
      device.ids(Uint32Array.of(1, 2 ** 32 - 1)),
      Uint32Array.of(1, 2 ** 32 - 1),
    ],
    "list of structs": (device) => [device.points([{ x: -1, y: 2 }]), [{ x: -1, y: 2 }]],
    json: (device) => [device.json({ a: [1, null, "x"] }), { a: [1, null, "x"] }],
    "json or nothing: null": (device) => [device.maybeJson(null), null],
    "json or nothing: a value": (device) => [device.maybeJson([true]), [true]],
    "optional: null": (device) => [device.maybe(null), null],
    "optional: 0": (device) => [device.maybe(0), 0],
    "optional struct": (device) => [device.maybeTag(tag), tag],
    "several results": (device) => [device.several(1, "abc"), { sum: 4, text: "abc" }],
    "several results or none: none": (device) => [device.severalOrNone(0), null],
    "several results or none": (device) => [device.severalOrNone(4), { x: 4, y: 5 }],
    "all defaults": (device) => [device.defaults(1), '[1,300,200,"7n","hi",true]'],
    "a default by undefined": (device) => [
      device.defaults(1, undefined, Mode.OFF),
      '[1,300,0,"7n","hi",true]',
    ],
    "no default": (device) => [device.defaults(1, 2, Mode.SLOW, 3n, "", false), '[1,2,1,"3n","",false]'],
    "bulk of a known length": (device) => [device.image(), Uint8Array.from({ length: 16 }, (_, i) => i)],
    "bulk of a stated length": (device) => [device.dump(9, 1000), new Uint8Array(1000).fill(9)],
  };
  it.each(Object.keys(cases))("%s", async (name) => {
    const { device, run, reported } = serve();
    await run(async () => {
      const [answer, wanted] = (cases[name] as NonNullable<(typeof cases)[string]>)(device);
      expect(await answer).toEqual(wanted);
    });
    expect(reported).toEqual([]);
  });

  it("fills in what an older caller did not send", async () => {
    const { master, run } = serve();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    await run(async () => {
      expect(text(await master.call("defaults", Uint8Array.of(1)))).toBe('[1,300,200,"7n","hi",true]');
      expect(text(await master.call("defaults", Uint8Array.of(1, 2, 0, 1)))).toBe('[1,2,1,"7n","hi",true]');
      expect(await master.call("find", new Uint8Array(0))).toEqual(Uint8Array.of(3));
    });
  });

  it("refuses an argument before anything is sent", async () => {
    const { device, run } = serve({ numbers: unreachable, tags: unreachable });
    await run(async () => {
      const wrong = { ...tag, corners: [tag.corners[0], { x: 70000, y: 0 }, tag.corners[0], tag.corners[0]] };
      expect(await failureOf(device.tags([tag, wrong as typeof tag]))).toBe(
        "bad-argument encode no: tags[1].corners[1].x: 70000 is not an i16",
      );
      expect(await failureOf(device.dump(1, -1))).toBe(
        "bad-argument encode no: byteLength: -1 is not a number of bytes",
      );
    });
  });

  it("refuses a result that does not decode", async () => {
    const { master, slave, run } = createPair();
    slave.register("numbers", () => Uint8Array.of(1));
    slave.register("several", () => Uint8Array.of(1, 0, 0, 0, 2, 0xff, 0xff));
    slave.register("maybe", () => Uint8Array.of(1));
    const device = createEverything(master);
    await run(async () => {
      expect(await failureOf(device.numbers(numbers))).toBe(
        "bad-result decode yes: result: the message ends here: 108 bytes needed, 1 left",
      );
      expect(await failureOf(device.several(1, "a"))).toBe("bad-result decode yes: text: not valid UTF-8");
      expect(await failureOf(device.maybe(null))).toBe(
        "bad-result decode yes: result: the message ends here: 2 bytes needed, 1 left",
      );
    });
  });

  it("takes an empty answer for a failure only where it can be no result", async () => {
    const { master, run } = createPair();
    const device = createEverything(master);
    await run(async () => {
      expect(await failureOf(device.several(1, "a"))).toMatch(
        /^not-registered result unknown: several: the answer is empty/,
      );
      expect(await device.text("x")).toBe("");
      expect(await device.maybe(1)).toBe(null);
      expect(await device.ping()).toBe(undefined);
    });
  });
});

describe("a failing handler", () => {
  const broken = () => {
    throw new Error("lens cap on");
  };

  it("answers with nothing where that is no result, is reported, and serving goes on", async () => {
    const { device, run, reported } = serve({ several: broken });
    await run(async () => {
      expect(await failureOf(device.several(1, "a"))).toMatch(/^not-registered result unknown/);
      expect(await device.maybe(5)).toBe(5);
    });
    expect(reported).toEqual(["several: lens cap on"]);
  });

  it("does not answer where nothing would be a result", async () => {
    const { device, run, reported } = serve({ text: broken, maybe: () => 70000 });
    await run(async () => {
      expect(await failureOf(device.text("a"))).toMatch(/^timeout result /);
      expect(await failureOf(device.maybe(1))).toMatch(/^timeout result /);
    });
    expect(new Set(reported)).toEqual(new Set(["text: lens cap on", "maybe: result: 70000 is not a u16"]));
  });

  it("does not run for an argument that does not decode", async () => {
    const { master, run, reported } = serve({ several: unreachable });
    await run(async () => {
      expect(await master.call("several", Uint8Array.of(1, 2, 0x41))).toEqual(new Uint8Array(0));
    });
    expect(reported).toEqual(["several: b: a count of 2 needs 2 bytes or more, 1 left"]);
  });
});

describe("streams", () => {
  it("brings items in order to the clean end", async () => {
    const { device, run } = serve();
    await run(async () => {
      const items: unknown[] = [];
      for await (const point of device.pointsStream(5, { queueDepth: 3 })) items.push(point);
      expect(items).toEqual([0, 1, 2, 3, 4].map((x) => ({ x, y: x === 0 ? 0 : -x })));
      const frames = device.frames(2);
      await frames.header;
      const sizes: number[] = [];
      for await (const frame of frames) sizes.push(frame.length);
      expect(sizes).toEqual([2, 2]);
    });
  });

  it("leaves the link usable after break", async () => {
    const { device, run } = serve();
    await run(async () => {
      for await (const frame of device.frames(200, 100)) {
        expect(frame).toEqual(new Uint8Array(100).fill(1));
        break;
      }
      expect(await device.maybe(3)).toBe(3);
    });
  });

  it("throws at once where the argument does not fit", () => {
    const { device } = serve();
    expect(() => device.frames(256)).toThrow("count: 256 is not a u8");
  });

  it("breaks at an item of no bytes, which would be the end", async () => {
    const { device, run, reported } = serve();
    await run(async () => {
      const drain = async () => {
        for await (const _ of device.frames(2, 0)) unreachable();
      };
      expect(await failureOf(drain())).toMatch(/^(stream-broken|timeout) stream yes/);
    });
    expect(reported).toEqual(["frames: item: is empty, which would end the stream"]);
  });

  it("refuses an item that does not decode, and ends", async () => {
    const { master, slave, run } = createPair();
    slave.register("points_stream", (_, context) => {
      slave.writeStream(context, [Uint8Array.of(1, 0, 2, 0), Uint8Array.of(1)]);
      return new Uint8Array(0);
    });
    slave.register("maybe", (argument) => argument);
    const device = createEverything(master);
    await run(async () => {
      const items: unknown[] = [];
      const drain = async () => {
        for await (const point of device.pointsStream(2)) items.push(point);
      };
      expect(await failureOf(drain())).toBe(
        "bad-result decode yes: item: the message ends here: 4 bytes needed, 1 left",
      );
      expect(items).toEqual([{ x: 1, y: 2 }]);
      expect(await device.maybe(3)).toBe(3);
    });
  });
});

describe("names", () => {
  it("lets functions share a wire name, be called lambda, and travel as a-b", async () => {
    const { master, slave, run, reported } = createPair();
    const reader = {
      size: 1,
      from: 2,
      value: "abc",
      view: 3,
      class_: 4,
      at: 5,
      bytes: Uint8Array.of(6, 7),
      error: true,
    };
    registerNames(slave, {
      lambda: (size, from) => ({ ...reader, size, from }),
      class_: (...all) => ({ text: all.slice(0, 3).join() }),
      dashed: (mode) => (mode === Choice.default_ ? Choice.delete_ : Choice.default_),
      piece: (from, to) => from + to,
      allPieces: () => Uint8Array.of(1, 2, 3),
      toString_: (value) => String(value),
    });
    registerOthers(slave, { from: () => 11 });
    const device = createNames(master);
    await run(async () => {
      expect(await device.lambda(8)).toEqual({ ...reader, size: 8, from: 2 });
      expect(await device.class_(1, 2, 3)).toEqual({ text: "1,2,3" });
      expect(await device.dashed()).toBe(Choice.delete_);
      expect(await master.call("a-b", Uint8Array.of(2))).toEqual(Uint8Array.of(1));
      expect(await device.piece(20, 30)).toBe(50);
      expect(await device.allPieces()).toEqual(Uint8Array.of(1, 2, 3));
      expect(await master.call("piece", Uint8Array.of(1))).toEqual(new Uint8Array(0));
      expect(reported).toEqual(["piece: from: the message ends here: 2 bytes needed, 1 left"]);
      expect(await device.toString_(5)).toBe("5");
      expect(await createOthers(master).from()).toBe(11);
      await device[Symbol.asyncDispose]();
      expect(await device.piece(1, 2)).toBe(3);
    });
  });
});

it("gives the options of a call, and else the timeouts of the language, to the master", async () => {
  const seen: unknown[] = [];
  const { master } = createPair();
  const spy = {
    ...master,
    call: async (...all: unknown[]) => {
      seen.push(all);
      return new Uint8Array(8);
    },
  };
  const { createDocumented } = await import("../scenarios/documented/expected/documented.master.js");
  const device = createDocumented(spy as unknown as typeof master);
  const { signal } = new AbortController();
  expect(await device.read(1, 10)).toEqual({ time: 0, oldTime: 0 });
  expect(await device.read(1, 10, undefined, { recvTimeoutMs: 9, sendTimeoutMs: undefined, signal })).toEqual(
    {
      time: 0,
      oldTime: 0,
    },
  );
  expect(seen).toEqual([
    ["read", Uint8Array.of(1, 10, 0, 1), { sendTimeoutMs: 1000, recvTimeoutMs: 250 }],
    ["read", Uint8Array.of(1, 10, 0, 1), { sendTimeoutMs: 1000, recvTimeoutMs: 9, signal }],
  ]);
});
