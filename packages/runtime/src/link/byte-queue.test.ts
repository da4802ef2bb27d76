import { describe, expect, it } from "vitest";
import { createByteQueue } from "./byte-queue.js";

describe("byte queue", () => {
  it("keeps the order of bytes over many blocks, in any pieces, from both ends", () => {
    const queue = createByteQueue();
    const expected: number[] = [];
    let next = 0;
    let seed = 1;
    const random = (limit: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed % limit;
    };
    for (let round = 0; round < 5000; round++) {
      const bytes = Uint8Array.from({ length: random(3000) }, () => next++ & 255);
      if (random(8) === 0) {
        queue.unshift(bytes);
        expected.unshift(...bytes);
      } else {
        queue.push(bytes, random(2) === 0);
        expected.push(...bytes);
      }
      const into = new Uint8Array(random(3300));
      if (into.length <= expected.length) {
        expect(queue.take(into)).toBe(true);
        expect([...into]).toEqual(expected.splice(0, into.length));
      } else {
        expect(queue.take(into)).toBe(false);
      }
      expect(queue.length).toBe(expected.length);
    }
  });

  it("keeps a large chunk as it is where it may, and copies what it may not", () => {
    const queue = createByteQueue();
    const [kept, copied] = [new Uint8Array(5000), new Uint8Array(5000)];
    queue.push(kept, true);
    queue.push(copied);
    kept.fill(1);
    copied.fill(1);
    const into = new Uint8Array(10_000);
    queue.take(into);
    expect([into[4999], into[5000]]).toEqual([1, 0]);
  });

  it("is empty after clear", () => {
    const queue = createByteQueue();
    queue.push(new Uint8Array(3_000_000));
    queue.clear();
    expect(queue.length).toBe(0);
    expect(queue.take(new Uint8Array(1))).toBe(false);
    queue.push(Uint8Array.of(7));
    const into = new Uint8Array(1);
    expect(queue.take(into)).toBe(true);
    expect(into[0]).toBe(7);
  });
});
