import { describe, expect, it } from "vitest";
import { countCopiedBytes } from "./count-copies.js";

const KIB = 1024;
const message = new Uint8Array(4 * KIB);

describe("countCopiedBytes", () => {
  it.each<[string, () => unknown, number]>([
    ["set", () => new Uint8Array(8 * KIB).set(message), 4 * KIB],
    ["slice", () => message.slice(KIB), 3 * KIB],
    ["a joined buffer", () => Buffer.concat([message, message]), 8 * KIB],
    ["a buffer made from an array", () => Buffer.from(message), 4 * KIB],
    ["a buffer over the same memory", () => Buffer.from(message.buffer), 0],
    ["a view", () => message.subarray(KIB), 0],
    ["less than it counts", () => message.slice(0, KIB - 1), 0],
  ])("counts %s", async (_, copy, bytes) => {
    expect(await countCopiedBytes(async () => copy())).toBe(bytes);
  });

  it("counts smaller copies where it is told to", async () => {
    const frame = new Uint8Array(8);
    const copied = await countCopiedBytes(async () => void new Uint8Array(16).set(frame, 8), {
      smallestBytes: 8,
    });
    expect(copied).toBe(8);
  });

  it("is over when the work is, also when that fails", async () => {
    const { set } = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
    await expect(countCopiedBytes(async () => Promise.reject(new Error("over")))).rejects.toThrow("over");
    expect((Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array).set).toBe(set);
  });
});
