import { describe, expect, it } from "vitest";
import { startMessage } from "./writer.js";

/** A message of `size` bytes, all of them `value`. */
function message(size: number, value: number): Uint8Array {
  const to = startMessage(16);
  const at = to.start;
  to.room(at, size);
  to.bytes.fill(value, at, at + size);
  return to.finish(at + size);
}

describe("messages", () => {
  it("never share a byte, small or large", () => {
    const sizes = [0, 1, 16, 253, 4000, 16_000, 16_384, 16_385, 40_000, 200_000];
    const messages = Array.from({ length: 500 }, (_, i) =>
      message(sizes[i % sizes.length] as number, i & 255),
    );
    for (const [i, bytes] of messages.entries()) {
      expect(bytes.length).toBe(sizes[i % sizes.length]);
      expect(bytes.every((byte) => byte === (i & 255))).toBe(true);
    }
  });

  it("may be written while another is", () => {
    const outer = startMessage(2);
    outer.view.setUint8(outer.start, 1);
    const inner = message(4, 7);
    outer.view.setUint8(outer.start + 1, 2);
    const bytes = outer.finish(outer.start + 2);
    const later = message(4, 9);
    expect([bytes, inner, later]).toEqual([
      Uint8Array.of(1, 2),
      Uint8Array.of(7, 7, 7, 7),
      Uint8Array.of(9, 9, 9, 9),
    ]);
  });

  it("may be written while another one grows", () => {
    const outer = startMessage(2);
    outer.room(outer.start, 100_000);
    outer.bytes.fill(1, outer.start, outer.start + 100_000);
    const inner = message(10, 7);
    const bytes = outer.finish(outer.start + 100_000);
    expect(inner).toEqual(new Uint8Array(10).fill(7));
    expect(bytes.length).toBe(100_000);
    expect(bytes.every((byte) => byte === 1)).toBe(true);
  });

  it("keep what was written when they grow", () => {
    message(100, 3);
    const to = startMessage(4);
    to.view.setUint32(to.start, 0x01020304);
    to.room(to.start + 4, 50_000);
    to.bytes.fill(5, to.start + 4, to.start + 50_004);
    const bytes = to.finish(to.start + 50_004);
    expect([...bytes.subarray(0, 5)]).toEqual([1, 2, 3, 4, 5]);
    expect(bytes.length).toBe(50_004);
  });

  it("that were given up leave nothing behind", () => {
    const before = message(4, 1);
    const given = startMessage(4);
    given.bytes.fill(0xff, given.start);
    expect(message(4, 2)).toEqual(new Uint8Array(4).fill(2));
    expect(before).toEqual(new Uint8Array(4).fill(1));
  });

  it("go on after someone took a buffer away", () => {
    const first = message(4, 1);
    structuredClone(first.buffer, { transfer: [first.buffer as ArrayBuffer] });
    expect(message(4, 2)).toEqual(new Uint8Array(4).fill(2));
  });

  it("keep no much larger buffer alive", () => {
    const bytes = message(20_000, 1);
    expect(bytes.buffer.byteLength).toBeLessThan(40_000);
  });

  it("have a largest size", () => {
    expect(() => startMessage(2 ** 32 - 4)).toThrow("4294967292 bytes are more than a message can have");
    const to = startMessage(0);
    expect(() => to.room(to.start, 2 ** 32 - 4)).toThrow("4294967292 bytes are more than a message can have");
  });

  it("end within their buffer", () => {
    const to = startMessage(0);
    expect(() => to.finish(to.bytes.length + 1)).toThrow("changed while it was encoded");
  });
});
