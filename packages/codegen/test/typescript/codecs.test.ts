/** Generated codecs, a line a case: values and their bytes, what an encoder refuses, what a decoder refuses. */
import { describe, expect, it } from "vitest";
import {
  type Bag,
  BIG,
  decodeBag,
  decodeLog,
  decodeNumbers,
  decodeTag,
  EverythingFunctions,
  encodeBag,
  encodeLog,
  encodeNumbers,
  encodeTag,
  GREETING,
  isMode,
  MAX_TAGS,
  type Numbers,
  NumbersSize,
  RATIO,
  type Tag,
  TagSize,
  YES,
} from "../scenarios/everything/expected/everything.types.js";
import { bag, numbers, tag } from "./samples.js";

const text = (value: string) => new TextEncoder().encode(value);

describe("bytes", () => {
  it("are little-endian, without padding, in the order written", () => {
    expect(Buffer.from(encodeNumbers(numbers)).toString("hex")).toBe(
      "ff80ffff0080ffffffff00000080ffffffffffffffff00000000000000800000003f182d4454fb21094001c8" +
        "ffffffffffffff7f6772c3bcc39f0102030100ffff0200feff010001010002000300040005 00ffff".replace(" ", "") +
        "0100000000000000ffffffffffffffff0000803e000000bf",
    );
  });

  it("count what is bounded, by the width that holds the bound", () => {
    expect(Buffer.from(encodeTag({ ...tag, note: "ab" })).toString("hex")).toBe(
      "0700 01000200 03000400 05000600 0700f8ff 03746167 0102006162 0101".replaceAll(" ", ""),
    );
    expect(Buffer.from(encodeBag({ ...bag, tags: [], blob: Uint8Array.of(5) })).toString("hex")).toBe(
      `00 03 00 036f6e65 05${Buffer.from("grün").toString("hex")} 02 0100f401 01000000 05 0200 00c8
       00 01 01000100 03 00 0100 01ff 01 09000900`.replace(/\s/g, ""),
    );
  });

  it("are as long as the model says", () => {
    expect(encodeNumbers(numbers)).toHaveLength(NumbersSize.min);
    expect(NumbersSize.min).toBe(NumbersSize.max);
    expect(encodeTag({ ...tag, label: "", note: null, mode: null })).toHaveLength(TagSize.min);
    expect(encodeTag({ ...tag, label: "x".repeat(12), note: "x".repeat(300) })).toHaveLength(TagSize.max);
  });

  it("come back as the same values", () => {
    expect(decodeNumbers(encodeNumbers(numbers))).toEqual(numbers);
    expect(decodeTag(encodeTag(tag))).toEqual(tag);
    expect(decodeBag(encodeBag(bag))).toEqual(bag);
  });

  it("are copied: neither side shares memory with the message", () => {
    const bytes = encodeBag(bag);
    const decoded = decodeBag(bytes);
    bytes.fill(0xee);
    expect(decoded).toEqual(bag);
  });

  it("may lie anywhere in a larger buffer", () => {
    const bytes = encodeBag(bag);
    for (const shift of [1, 2, 3]) {
      const larger = new Uint8Array(bytes.length + 9);
      larger.set(bytes, shift);
      expect(decodeBag(larger.subarray(shift, shift + bytes.length))).toEqual(bag);
    }
  });
});

it("spells constants", () => {
  expect([MAX_TAGS, BIG, GREETING, RATIO, YES]).toEqual([3, 18446744073709551615n, 'grüß "dich"', 0.5, true]);
  expect([isMode(200), isMode(2), isMode("1")]).toEqual([true, false, false]);
});

describe("an encoder refuses", () => {
  const numberCases: readonly [object, string][] = [
    [{ a: -1 }, "a: -1 is not a u8"],
    [{ a: 256 }, "a: 256 is not a u8"],
    [{ a: 1.5 }, "a: 1.5 is not a u8"],
    [{ a: Number.NaN }, "a: NaN is not a u8"],
    [{ a: "7" }, 'a: "7" is not a u8'],
    [{ a: 7n }, "a: 7n is not a u8"],
    [{ a: undefined }, "a: undefined is not a u8"],
    [{ b: 128 }, "b: 128 is not an i8"],
    [{ b: -129 }, "b: -129 is not an i8"],
    [{ c: 65536 }, "c: 65536 is not a u16"],
    [{ d: 32768 }, "d: 32768 is not an i16"],
    [{ e: 4294967296 }, "e: 4294967296 is not a u32"],
    [{ e: -1 }, "e: -1 is not a u32"],
    [{ f: 2147483648 }, "f: 2147483648 is not an i32"],
    [{ g: -1n }, "g: -1n is not a u64 (bigint)"],
    [{ g: 1 }, "g: 1 is not a u64 (bigint)"],
    [{ h: 9223372036854775808n }, "h: 9223372036854775808n is not an i64 (bigint)"],
    [{ i: 3.5e38 }, "i: 3.5e+38 is not an f32"],
    [{ i: null }, "i: null is not an f32"],
    [{ j: "1" }, 'j: "1" is not an f64'],
    [{ k: 1 }, "k: 1 is not a bool"],
    [{ mode: 2 }, "mode: 2 is not a Mode"],
    [{ huge: 0n }, "huge: 0n is not a Huge"],
    [{ name: "abcdefg" }, "name: 7 bytes of UTF-8, at most 6 allowed"],
    [{ name: "üüüü" }, "name: 8 bytes of UTF-8, at most 6 allowed"],
    [{ name: "a\0b" }, "name: holds U+0000, which ends a string[6]"],
    [{ name: "\ud800" }, "name: holds a lone surrogate"],
    [{ name: 5 }, "name: 5 is not a string"],
    [{ raw: Uint8Array.of(1, 2) }, "raw: a count of 2, exactly 3 allowed"],
    [{ raw: [1, 2, 3] }, "raw: [Array] is not a Uint8Array"],
    [{ points: [numbers.points[0]] }, "points: a count of 1, exactly 2 allowed"],
    [{ points: [numbers.points[0], { x: 0, y: 40000 }] }, "points[1].y: 40000 is not an i16"],
    [{ points: [numbers.points[0], undefined] }, "points[1]: undefined is not a Point"],
    [{ points: 5 }, "points: 5 is not an array"],
    [{ flags: [true, 0, true] }, "flags[1]: 0 is not a bool"],
    [{ grid: [Uint16Array.of(1, 2, 3), Uint16Array.of(1)] }, "grid[1]: a count of 1, exactly 3 allowed"],
    [
      { grid: [Uint16Array.of(1, 2, 3), Int16Array.of(1, 2, 3)] },
      "grid[1]: [Int16Array] is not a Uint16Array",
    ],
    [{ wide: new BigInt64Array(2) }, "wide: [BigInt64Array] is not a BigUint64Array"],
  ];
  it.each(numberCases)("%o", (change, message) => {
    expect(() => encodeNumbers({ ...numbers, ...change } as Numbers)).toThrow(
      expect.objectContaining({ message, code: "bad-argument", phase: "encode", executed: "no" }),
    );
  });

  const bagCases: readonly [object, string][] = [
    [{ tags: [tag, tag, tag, tag] }, "tags: a count of 4, at most 3 allowed"],
    [
      { tags: [tag, { ...tag, corners: tag.corners.with(3, { x: 0, y: 70000 }) }] },
      "tags[1].corners[3].y: 70000 is not an i16",
    ],
    [{ tags: [{ ...tag, label: "x".repeat(13) }] }, "tags[0].label: 13 bytes of UTF-8, at most 12 allowed"],
    [{ tags: [{ ...tag, note: undefined }] }, "tags[0].note: undefined is not a string"],
    [{ words: ["a", "b\udc00"] }, "words[1]: holds a lone surrogate"],
    [{ words: ["", "", "", "", ""] }, "words: a count of 5, at most 4 allowed"],
    [{ ids: new Uint16Array(5) }, "ids: a count of 5, at most 4 allowed"],
    [{ blob: new Uint8Array(70001) }, "blob: a count of 70001, at most 70000 allowed"],
    [{ modes: [0, 3] }, "modes[1]: 3 is not a Mode"],
    [
      {
        pairs: [
          [],
          [
            { x: 0, y: 0 },
            { x: 0.5, y: 0 },
          ],
        ],
      },
      "pairs[1][1].x: 0.5 is not an i16",
    ],
    [{ pairs: [[], Array(3)] }, "pairs[1]: a count of 3, at most 2 allowed"],
    [{ maybes: [null, 300] }, "maybes[1]: 300 is not a u8"],
    [{ last: { x: 1 } }, "last.y: undefined is not an i16"],
  ];
  it.each(bagCases)("%o", (change, message) => {
    expect(() => encodeBag({ ...bag, ...change } as Bag)).toThrow(expect.objectContaining({ message }));
  });

  it("what is no struct at all", () => {
    expect(() => encodeTag(null as unknown as Tag)).toThrow("null is not a Tag");
  });

  it("a result, with the code of results", () => {
    expect(() => EverythingFunctions.maybe.encodeResult(-1)).toThrow(
      expect.objectContaining({
        message: "result: -1 is not a u16",
        code: "bad-result",
        phase: "encode",
        executed: "yes",
      }),
    );
  });

  it("what JSON would change in silence", () => {
    const { encodeArgument } = EverythingFunctions.json;
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => encodeArgument([[1, { a: Number.NaN }]])).toThrow("value[1].a: NaN is not a JSON value");
    expect(() => encodeArgument([undefined as never])).toThrow("value: undefined is not a JSON value");
    expect(() => encodeArgument([[new Date(0)] as never])).toThrow("value[0]: [Date] is not a JSON value");
    expect(() => encodeArgument([{ big: 1n } as never])).toThrow("value: is not JSON: ");
    expect(() => encodeArgument([cycle as never])).toThrow("value: is not JSON: ");
  });
});

describe("a decoder refuses", () => {
  /** Bytes of `numbers` with some changed. */
  const patched = (at: number, ...bytes: number[]) => {
    const message = encodeNumbers(numbers);
    message.set(bytes, at);
    return message;
  };
  const cases: Record<string, readonly [() => unknown, string]> = {
    "a short message": [
      () => decodeNumbers(encodeNumbers(numbers).subarray(1)),
      "the message ends here: 108 bytes needed, 107 left",
    ],
    "a long message": [
      () => decodeNumbers(new Uint8Array([...encodeNumbers(numbers), 0, 0])),
      "110 bytes came, 2 of them left over",
    ],
    "leftover bytes": [
      () => decodeTag(new Uint8Array([...encodeTag(tag), 0, 0])),
      "27 bytes came, 2 of them left over",
    ],
    "a bool of 2": [() => decodeNumbers(patched(42, 2)), "k: 2 is neither 0 nor 1"],
    "a bool of 2 in a list": [() => decodeNumbers(patched(70, 2)), "flags[1]: 2 is neither 0 nor 1"],
    "an unknown member": [() => decodeNumbers(patched(43, 7)), "mode: 7 is not a Mode"],
    "an unknown member of 64 bits": [
      () => decodeNumbers(patched(44, 7)),
      "huge: 9223372036854775559n is not a Huge",
    ],
    "invalid UTF-8": [() => decodeNumbers(patched(52, 0xc3, 0x28)), "name: not valid UTF-8"],
    "a surrogate in UTF-8": [() => decodeNumbers(patched(52, 0xed, 0xa0, 0x80)), "name: not valid UTF-8"],
    "a presence of 2": [
      () => decodeTag(new Uint8Array([...encodeTag(tag).subarray(0, 22), 2])),
      "note: 2 is neither 0 nor 1",
    ],
    "a count over its bound": [
      () => decodeBag(Uint8Array.of(4, ...new Uint8Array(200))),
      "tags: a count of 4, at most 3 allowed",
    ],
    "a count that cannot fit": [
      () => decodeBag(Uint8Array.of(3, ...new Uint8Array(62))),
      "tags: a count of 3 needs 63 bytes or more, 62 left",
    ],
    "a count of 32 bits that cannot fit": [
      () => decodeBag(Uint8Array.of(0, 0, 0, 0x70, 0x11, 1, 0)),
      "blob: a count of 70000 needs 70000 bytes or more, 0 left",
    ],
    "a message that ends in an item": [
      () => decodeBag(encodeBag(bag).subarray(0, 44)),
      "tags[1].label: the message ends here: 1 byte needed, 0 left",
    ],
    "a text that ends in an item": [
      () => decodeLog(Uint8Array.of(0, 0, 0, 0, 1, 65, 2, 65)),
      "lines[1]: a count of 2 needs 2 bytes or more, 1 left",
    ],
    "invalid UTF-8 in an item": [
      () => decodeLog(Uint8Array.of(0, 0, 0, 0, 0, 1, 0xff)),
      "lines[1]: not valid UTF-8",
    ],
    "a tail of half an item": [
      () => EverythingFunctions.points.decodeResult(new Uint8Array(6)),
      "result: 6 bytes left are not whole items of 4",
    ],
    "a tail of half a number": [
      () => EverythingFunctions.ids.decodeArgument(new Uint8Array(7)),
      "ids: 7 bytes left are not whole items of 4",
    ],
    "text that is no JSON": [() => EverythingFunctions.json.decodeResult(text("{")), "result: is not JSON: "],
    "nothing for JSON": [() => EverythingFunctions.json.decodeResult(text("")), "result: is not JSON: "],
    "bytes where nothing is due": [
      () => EverythingFunctions.ping.decodeResult(Uint8Array.of(0)),
      "1 byte came, 1 of them left over",
    ],
    "half an optional": [
      () => EverythingFunctions.severalOrNone.decodeResult(Uint8Array.of(1)),
      "the message ends here: 2 bytes needed, 1 left",
    ],
  };
  it.each(Object.keys(cases))("%s", (name) => {
    const [decode, message] = cases[name] as NonNullable<(typeof cases)[string]>;
    expect(decode).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), name: "RpcError" }),
    );
  });

  it("arguments with the code of arguments, results with that of results", () => {
    const { decodeArgument, decodeResult } = EverythingFunctions.maybe;
    const error = { phase: "decode", message: expect.stringContaining("1 left") };
    expect(() => decodeArgument(Uint8Array.of(1))).toThrow(
      expect.objectContaining({ ...error, code: "bad-argument", executed: "no" }),
    );
    expect(() => decodeResult(Uint8Array.of(1))).toThrow(
      expect.objectContaining({ ...error, code: "bad-result", executed: "yes" }),
    );
  });
});

describe("text", () => {
  const named = (...bytes: number[]) => {
    const message = encodeNumbers(numbers);
    message.fill(0, 52, 58).set(bytes, 52);
    return decodeNumbers(message).name;
  };
  it("of fixed size ends at its first NUL, and drops an incomplete last sequence without one", () => {
    expect(named(65, 0, 0xff)).toBe("A");
    expect(named(0)).toBe("");
    expect(named(65, 66, 67, 68, 69, 0xc3)).toBe("ABCDE");
    expect(named(65, 66, 67, 0xf0, 0x9f, 0x98)).toBe("ABC");
    expect(named(65, 66, 67, 0xe2, 0x82, 0xac)).toBe("ABC€");
    expect(() => named(65, 66, 67, 68, 69, 0x80)).toThrow("name: not valid UTF-8");
    expect(() => named(0xc3, 0x28)).toThrow("name: not valid UTF-8");
  });

  it("keeps a byte order mark", () => {
    const { encodeResult, decodeResult } = EverythingFunctions.text;
    expect(decodeResult(encodeResult("\ufeffa"))).toBe("\ufeffa");
    expect(encodeResult("\ufeff")).toEqual(Uint8Array.of(0xef, 0xbb, 0xbf));
  });
});

it("encodes a log whose last field is the tail", () => {
  const log = { at: 1, lines: ["", "ab"] };
  expect(encodeLog(log)).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 2, 97, 98));
  expect(decodeLog(encodeLog(log))).toEqual(log);
});

it("keeps floats as they are", () => {
  const odd = { ...numbers, i: Number.NaN, j: -0 };
  expect(decodeNumbers(encodeNumbers(odd))).toEqual(odd);
  expect(decodeNumbers(encodeNumbers({ ...numbers, i: Infinity })).i).toBe(Infinity);
  expect(decodeNumbers(encodeNumbers({ ...numbers, i: 3.4028235e38 })).i).toBeCloseTo(3.4028235e38, -32);
  expect(decodeNumbers(encodeNumbers({ ...numbers, i: 1e-60 })).i).toBe(0);
});
