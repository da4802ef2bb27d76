/** Functions that `throws`: the status byte before the result, 254 and 255 with their text. */
import { describe, expect, it } from "vitest";
import { createThrows } from "../scenarios/throws/expected/throws.master.js";
import { registerThrows, type ThrowsImplementation } from "../scenarios/throws/expected/throws.slave.js";
import { createPair, failureOf, unreachable } from "./pair.js";

const implementation: ThrowsImplementation = {
  nothing: () => {},
  number: (value) => value,
  blob: () => new Uint8Array(0),
  maybe: (value) => value,
  several: () => null,
  *frames(count) {
    for (let i = 0; i < count; i++) yield i;
  },
  image(ok) {
    if (!ok) throw new Error("no picture");
    return Uint8Array.of(1, 2, 3, 4);
  },
};

function serve(changes: Partial<ThrowsImplementation> = {}) {
  const pair = createPair();
  registerThrows(pair.slave, { ...implementation, ...changes });
  return { ...pair, device: createThrows(pair.master) };
}

describe("with status 0", () => {
  it("brings results, empty ones too", async () => {
    const { device, master, run, reported } = serve();
    await run(async () => {
      expect(await device.nothing()).toBe(undefined);
      expect(await device.number(513)).toBe(513);
      expect(await device.blob()).toEqual(new Uint8Array(0));
      expect(await device.maybe(null)).toBe(null);
      expect(await device.maybe(7)).toBe(7);
      expect(await device.several()).toBe(null);
      expect(await device.image(true)).toEqual(Uint8Array.of(1, 2, 3, 4));
      expect(await master.call("number", Uint8Array.of(1, 2))).toEqual(Uint8Array.of(0, 1, 2));
      expect(await master.call("several", new Uint8Array(0))).toEqual(Uint8Array.of(0));
      expect(await master.call("nothing", new Uint8Array(0))).toEqual(Uint8Array.of(0));
      const items: number[] = [];
      for await (const item of device.frames(3)) items.push(item);
      expect(items).toEqual([0, 1, 2]);
    });
    expect(reported).toEqual([]);
  });
});

describe("a handler that fails", () => {
  const broken = () => {
    throw new Error("out of range");
  };

  it("is 255 with its message, and reported", async () => {
    const { device, master, run, reported } = serve({
      number: broken,
      several: async () => ({ a: 256, b: 0 }),
    });
    await run(async () => {
      expect(await failureOf(device.number(1))).toBe(
        "remote-failure result yes: the function failed on the other side: out of range",
      );
      expect(await failureOf(device.several())).toMatch(/: a: 256 is not a u8$/);
      const [status, ...text] = await master.call("number", Uint8Array.of(1, 2));
      expect([status, String.fromCharCode(...text)]).toEqual([255, "out of range"]);
      expect(await device.maybe(1)).toBe(1);
    });
    expect(reported).toEqual(["number: out of range", "several: a: 256 is not a u8", "number: out of range"]);
  });

  it("keeps to 200 bytes of whole characters", async () => {
    const { master, run } = serve({
      nothing: () => {
        throw new Error(`${"ü".repeat(99)}x\u{1f600}`);
      },
    });
    await run(async () => {
      const answer = await master.call("nothing", new Uint8Array(0));
      expect(new TextDecoder().decode(answer.subarray(1))).toBe(`${"ü".repeat(99)}x`);
    });
  });

  it("ends a stream and a bulk before they begin, and the link stays usable", async () => {
    const { device, run } = serve({ frames: broken });
    const drain = async () => {
      for await (const item of device.frames(3)) unreachable(item);
    };
    await run(async () => {
      expect(await failureOf(drain())).toMatch(/^remote-failure result yes: .*out of range$/);
      expect(await failureOf(device.frames(3).header)).toMatch(/^remote-failure result yes/);
      expect(await failureOf(device.image(false))).toMatch(/^remote-failure result yes: .*no picture$/);
      expect(await device.number(5)).toBe(5);
    });
  });
});

it("answers 254 to an argument that does not decode", async () => {
  const { master, run, reported } = serve({ number: unreachable });
  await run(async () => {
    const [status, ...text] = await master.call("number", Uint8Array.of(1));
    expect([status, String.fromCharCode(...text)]).toEqual([
      254,
      "value: the message ends here: 2 bytes needed, 1 left",
    ]);
  });
  expect(reported).toEqual(["number: value: the message ends here: 2 bytes needed, 1 left"]);
});

it("judges what other slaves answer", async () => {
  const { master, slave, run } = createPair();
  const answers = [
    Uint8Array.of(254, 0x78, 0xff),
    Uint8Array.of(17),
    Uint8Array.of(0, 1),
    Uint8Array.of(0, 1, 2, 3),
    new Uint8Array(0),
  ];
  slave.register("number", () => answers.shift() ?? unreachable());
  const device = createThrows(master);
  await run(async () => {
    expect(await failureOf(device.number(1))).toBe(
      "remote-bad-argument result no: the other side refused the argument: x\ufffd",
    );
    expect(await failureOf(device.number(1))).toBe(
      "bad-result decode yes: status: 17 is none that this function can answer with",
    );
    expect(await failureOf(device.number(1))).toBe(
      "bad-result decode yes: result: the message ends here: 2 bytes needed, 1 left",
    );
    expect(await failureOf(device.number(1))).toBe(
      "bad-result decode yes: 4 bytes came, 1 of them left over",
    );
    expect(await failureOf(device.number(1))).toMatch(/^not-registered result unknown: number: /);
    expect(await failureOf(device.nothing())).toMatch(/^not-registered result unknown: nothing: /);
  });
});
