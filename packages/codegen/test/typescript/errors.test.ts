/** Declared errors: on the wire, thrown by a handler, and what a call rejects with. */

import { RemoteError, RpcError } from "@rpcgen/runtime";
import { describe, expect, it } from "vitest";
import { createErrors } from "../scenarios/errors/expected/errors.master.js";
import { type ErrorsImplementation, registerErrors } from "../scenarios/errors/expected/errors.slave.js";
import {
  Empty,
  ErrorsFunctions,
  Jammed,
  JammedSize,
  Limited,
  OutOfRange,
  OutOfRangeSize,
  Refused,
} from "../scenarios/errors/expected/errors.types.js";
import { createLanguage } from "../scenarios/language/expected/language.master.js";
import { createPair, failureOf } from "./pair.js";

function serve(implementation: Partial<ErrorsImplementation>) {
  const pair = createPair();
  registerErrors(pair.slave, implementation as ErrorsImplementation);
  return { ...pair, device: createErrors(pair.master) };
}

const thrower = (error: unknown) => () => {
  throw error;
};

it("is an error like any, with its fields", () => {
  const error = new OutOfRange({ value: 7, min: 1, max: 5 });
  expect(error).toBeInstanceOf(RemoteError);
  expect(error).toBeInstanceOf(RpcError);
  expect(error).toMatchObject({
    name: "OutOfRange",
    code: "remote-error",
    message: "OutOfRange: value 7, min 1, max 5",
  });
  expect(new Empty().message).toBe("Empty");
  expect(new Jammed({ where: { x: 1, name: "a" } }).message).toBe("Jammed: where …");
  // `code` and `message` are taken by errors themselves.
  expect(new Refused({ code_: 3, message_: "no" })).toMatchObject({
    code: "remote-error",
    code_: 3,
    message_: "no",
  });
});

it("says its size, without the status byte", () => {
  expect(OutOfRangeSize).toEqual({ min: 12, max: 12 });
  expect(JammedSize).toEqual({ min: 2, max: 8 });
});

describe("thrown by a handler", () => {
  it.each<[string, RemoteError, string]>([
    ["fixed fields", new OutOfRange({ value: -1, min: 0, max: 258 }), "01 ffffffff 00000000 02010000"],
    ["of the interface", new Refused({ code_: 9, message_: "né" }), "02 09 6ec3a9"],
  ])("%s travel as the number and the fields, and arrive as the same error", async (_, error, hex) => {
    const { device, master, run, reported } = serve({ expose: thrower(error) });
    await run(async () => {
      const thrown = await device.expose(1).catch((reason: unknown) => reason);
      expect(thrown).toBeInstanceOf(error.constructor);
      expect(thrown).toEqual(error);
      const answer = await master.call("expose", new Uint8Array(4));
      expect(Buffer.from(answer).toString("hex")).toBe(hex.replaceAll(" ", ""));
    });
    expect(reported).toEqual([]);
  });

  it.each<[string, RemoteError]>([
    ["padding and a value", new Jammed({ where: { x: 1, name: "ab" } })],
    ["padding and no value", new Jammed({ where: null })],
    ["no fields", new Empty()],
  ])("%s arrive", async (_, error) => {
    const { device, run } = serve({ move: thrower(error) });
    await run(async () => {
      expect(await device.move(1).catch((reason: unknown) => reason)).toEqual(error);
    });
  });

  it("is undeclared where the function does not declare it, or declares nothing", async () => {
    const { device, run, reported } = serve({
      expose: thrower(new Empty()),
      image: thrower(new Refused({ code_: 1, message_: "" })),
    });
    await run(async () => {
      expect(await failureOf(device.expose(1))).toBe(
        "remote-failure result yes: the function failed on the other side: Empty",
      );
      expect(await failureOf(device.image())).toMatch(/^timeout/);
    });
    expect(reported[0]).toBe("expose: Empty");
    expect(reported[1]).toBe('image: Refused: code_ 1, message_ ""');
  });

  it("is a failure of its own where its fields don't fit", async () => {
    const { device, run, reported } = serve({
      expose: thrower(new OutOfRange({ value: 2 ** 31, min: 0, max: 0 })),
      limited: thrower(new Limited({ level: 4, detail: null })),
    });
    await run(async () => {
      expect(await failureOf(device.expose(1))).toMatch(/^remote-failure .*value: 2147483648 is not an i32$/);
      expect(await failureOf(device.limited(1))).toMatch(/^remote-failure .*level: 4 is not within 1 to 3$/);
    });
    expect(reported).toEqual([
      "expose: value: 2147483648 is not an i32",
      "limited: level: 4 is not within 1 to 3",
    ]);
  });
});

describe("an answer", () => {
  const decode = (hex: string, name: "expose" | "limited" | "move" | "plain" = "expose") =>
    ErrorsFunctions[name].decodeResult(Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")));

  it.each<[string, string, string]>([
    ["an unknown status", "05", "status: 5 is none that this function can answer with"],
    ["an error of another function", "7f", "status: 127 is none that this function can answer with"],
    [
      "the last of the declared numbers' range",
      "80",
      "status: 128 is none that this function can answer with",
    ],
    ["short fields", "01 00000000 00000000", "value: the message ends here: 12 bytes needed, 8 left"],
    ["bytes left over", "01 00000000 00000000 00000000 00", "14 bytes came, 1 of them left over"],
    ["fields that don't decode", "02 09 ff", "message_: not valid UTF-8"],
  ])("with %s does not decode", (_, hex, message) => {
    expect(() => decode(hex)).toThrow(expect.objectContaining({ code: "bad-result", message }));
  });

  it("with a field out of its range does not decode", () => {
    expect(() => decode("04 00", "limited")).toThrow("level: 0 is not within 1 to 3");
    expect(() => decode("04 01 0700", "limited")).toThrow(new Limited({ level: 1, detail: 7 }));
  });

  it("of 254 or 255 is what it always was", () => {
    expect(() => decode("fe 78", "plain")).toThrow(expect.objectContaining({ code: "remote-bad-argument" }));
    expect(() => decode("ff 78", "plain")).toThrow(expect.objectContaining({ code: "remote-failure" }));
  });
});

describe("@once", () => {
  it("numbers calls, runs each once, and repeats its answer when asked again", async () => {
    let sum = 0;
    const { device, master, run } = serve({
      count(step) {
        if (step === 0) throw new OutOfRange({ value: sum, min: 1, max: 255 });
        sum += step;
        return sum;
      },
    });
    await run(async () => {
      expect([await device.count(2), await device.count(2)]).toEqual([2, 4]);
      const asked = Uint8Array.of(1, 2, 3, 4, 5);
      const first = await master.call("count", asked);
      expect(first).toEqual(Uint8Array.of(0, 9, 0, 0, 0));
      expect(await master.call("count", asked)).toEqual(first);
      expect(await master.call("count", Uint8Array.of(1, 2, 3, 4, 6))).toEqual(Uint8Array.of(0, 15, 0, 0, 0));
      expect(await master.call("count", Uint8Array.of(2, 2, 3, 4, 6))).toEqual(Uint8Array.of(0, 21, 0, 0, 0));
      const failed = await master.call("count", Uint8Array.of(3, 2, 3, 4, 0));
      sum = 99;
      expect(await master.call("count", Uint8Array.of(3, 2, 3, 4, 0))).toEqual(failed);
      const [status, ...text] = await master.call("count", Uint8Array.of(3, 2, 3));
      expect([status, String.fromCharCode(...text)]).toEqual([
        254,
        "3 bytes came, which is too short for a call number",
      ]);
    });
  });

  it("counts the calls of a master, from a random number on", async () => {
    const { device, slave, master, run } = createCounted();
    const numbers: number[] = [];
    slave.register("count", (argument) => {
      numbers.push(new DataView(argument.buffer, argument.byteOffset).getUint32(0, true));
      expect(argument[4]).toBe(7);
      return new Uint8Array(5);
    });
    await run(async () => {
      for (let i = 0; i < 3; i++) await device.count(7);
      await createErrors(master).count(7);
    });
    const [start = 0] = numbers;
    expect(numbers).toEqual([0, 1, 2, 3].map((i) => (start + i) >>> 0));
  });

  it("and @idempotent tell the master that it may repeat", async () => {
    const { master } = createCounted();
    const seen: unknown[] = [];
    const call = async (...[, , options]: readonly unknown[]) => {
      seen.push(options);
      return new Uint8Array(5);
    };
    const spy = { ...master, call } as unknown as typeof master;
    await createErrors(spy).count(1);
    await createErrors(spy).expose(1);
    await createLanguage(spy)
      .peek()
      .catch(() => {});
    expect(seen).toEqual([{ repeatable: true }, {}, { repeatable: true }]);
  });

  function createCounted() {
    const pair = createPair();
    return { ...pair, device: createErrors(pair.master) };
  }
});
