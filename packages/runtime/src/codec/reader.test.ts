import { describe, expect, it } from "vitest";
import { Reader, readBool } from "./reader.js";

const reader = (...bytes: number[]) => new Reader(Uint8Array.from(bytes));

describe("a reader", () => {
  it("takes what is there and no more", () => {
    const from = reader(1, 2, 3);
    expect([from.take(2, "a"), from.left, from.take(1, "b"), from.left]).toEqual([0, 1, 2, 0]);
    expect(() => from.take(1, "c")).toThrow(
      expect.objectContaining({ path: "c", reason: "the message ends here: 1 byte needed, 0 left" }),
    );
    expect(() => from.end()).not.toThrow();
  });

  it("says what is left over", () => {
    const from = reader(1, 2, 3);
    from.take(1, "a");
    expect(() => from.end()).toThrow("3 bytes came, 2 of them left over");
  });

  it("reads counts of each width", () => {
    expect(reader(2, 0, 0).countU8("x", 5, 1)).toBe(2);
    expect(reader(1, 0, 0).countU16("x", 500, 1)).toBe(1);
    expect(reader(1, 0, 0, 0, 0).countU32("x", 70000, 1)).toBe(1);
  });

  it("believes no count that is over its bound or cannot fit", () => {
    expect(() => reader(6, ...Array(6).fill(0)).countU8("x", 5, 1)).toThrow(
      "a count of 6, at most 5 allowed",
    );
    expect(() => reader(5, ...Array(9).fill(0)).countU8("x", 5, 2)).toThrow(
      "a count of 5 needs 10 bytes or more, 9 left",
    );
    const huge = reader(0xff, 0xff, 0xff, 0xff);
    expect(() => huge.countU32("x", 2 ** 32 - 1, 8)).toThrow(
      "a count of 4294967295 needs 34359738360 bytes or more, 0 left",
    );
  });

  it("counts whole items up to the end", () => {
    expect(reader(1, 2, 3, 4).countTail("x", 2)).toBe(2);
    expect(() => reader(1, 2, 3).countTail("x", 2)).toThrow("3 bytes left are not whole items of 2");
  });

  it("knows 0 and 1 for present and absent, and nothing else", () => {
    expect([reader(0).presence("x"), reader(1).presence("x"), readBool(1, "x")]).toEqual([false, true, true]);
    expect(() => reader(2).presence("x")).toThrow("2 is neither 0 nor 1");
  });
});
