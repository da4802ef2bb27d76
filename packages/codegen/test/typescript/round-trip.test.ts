/** Random values come back as they were; random bytes are refused with an `RpcError` or decoded to something that encodes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Bag,
  decodeBag,
  decodeNumbers,
  decodeTag,
  EverythingFunctions,
  encodeBag,
  encodeNumbers,
  encodeTag,
  Huge,
  Mode,
  type Numbers,
  type Point,
  type Tag,
} from "../scenarios/everything/expected/everything.types.js";

const byte = fc.integer({ min: 0, max: 255 });
const i16 = fc.integer({ min: -32768, max: 32767 });
const u16 = fc.integer({ min: 0, max: 65535 });
const mode = fc.constantFrom(...Object.values(Mode));
const point: fc.Arbitrary<Point> = fc.record({ x: i16, y: i16 });
const fixed = <T>(item: fc.Arbitrary<T>, count: number) =>
  fc.array(item, { minLength: count, maxLength: count });
const utf8Bytes = (text: string) => new TextEncoder().encode(text).length;
const text = (max: number) =>
  fc.string({ unit: "grapheme", maxLength: max }).filter((value) => utf8Bytes(value) <= max);

const numbers: fc.Arbitrary<Numbers> = fc.record({
  a: byte,
  b: fc.integer({ min: -128, max: 127 }),
  c: u16,
  d: i16,
  e: fc.nat({ max: 4294967295 }),
  f: fc.integer({ min: -2147483648, max: 2147483647 }),
  g: fc.bigInt({ min: 0n, max: 18446744073709551615n }),
  h: fc.bigInt({ min: -9223372036854775808n, max: 9223372036854775807n }),
  i: fc.float(),
  j: fc.double(),
  k: fc.boolean(),
  mode,
  huge: fc.constantFrom(...Object.values(Huge)),
  name: text(6).filter((value) => !value.includes("\0")),
  raw: fc.uint8Array({ minLength: 3, maxLength: 3 }),
  points: fixed(point, 2),
  flags: fixed(fc.boolean(), 3),
  grid: fixed(fc.uint16Array({ minLength: 3, maxLength: 3 }), 2),
  wide: fc.bigUint64Array({ minLength: 2, maxLength: 2 }),
  halves: fc.float32Array({ minLength: 2, maxLength: 2 }),
});

const tag: fc.Arbitrary<Tag> = fc.record({
  id: u16,
  corners: fixed(point, 4),
  label: text(12),
  note: fc.option(text(300)),
  mode: fc.option(mode),
});

const bag: fc.Arbitrary<Bag> = fc.record({
  tags: fc.array(tag, { maxLength: 3 }),
  words: fc.array(text(12), { maxLength: 4 }),
  ids: fc.uint16Array({ maxLength: 4 }),
  blob: fc.uint8Array({ maxLength: 500 }),
  modes: fc.array(mode, { maxLength: 300 }),
  pairs: fixed(fc.array(point, { maxLength: 2 }), 2),
  maybes: fc.array(fc.option(byte), { maxLength: 3 }),
  last: fc.option(point),
});

describe("a round trip", () => {
  const trips = [
    ["Numbers", numbers, (value: never) => decodeNumbers(encodeNumbers(value))],
    ["Tag", tag, (value: never) => decodeTag(encodeTag(value))],
    ["Bag", bag, (value: never) => decodeBag(encodeBag(value))],
  ] as const;
  it.each(trips)("gives back any %s", (_, values, trip) => {
    fc.assert(
      fc.property(values as fc.Arbitrary<unknown>, (value) => {
        expect(trip(value as never)).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it("gives back any JSON", () => {
    const { encodeArgument, decodeArgument } = EverythingFunctions.json;
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        // JSON has no -0.
        expect(decodeArgument(encodeArgument([value as never]))).toEqual([JSON.parse(JSON.stringify(value))]);
      }),
    );
  });
});

describe("any bytes", () => {
  const decoders = {
    Numbers: [decodeNumbers, encodeNumbers],
    Tag: [decodeTag, encodeTag],
    Bag: [decodeBag, encodeBag],
  } as const;
  it.each(Object.keys(decoders) as (keyof typeof decoders)[])("are a %s or an RpcError", (name) => {
    const [decode, encode] = decoders[name] as readonly [
      (bytes: Uint8Array) => unknown,
      (value: never) => Uint8Array,
    ];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 120 }),
      // Near misses: a valid message with a few bytes changed.
      fc
        .tuple(bag, fc.array(fc.tuple(fc.nat({ max: 600 }), byte), { maxLength: 3 }))
        .map(([value, changes]) => {
          const message = encodeBag(value);
          for (const [at, changed] of changes) if (at < message.length) message[at] = changed;
          return message;
        }),
    );
    fc.assert(
      fc.property(bytes, (message) => {
        let value: unknown;
        try {
          value = decode(message);
        } catch (error) {
          expect(error).toMatchObject({ name: "RpcError", code: "bad-result" });
          return;
        }
        expect(encode(value as never)).toHaveLength(message.length);
      }),
      { numRuns: 500 },
    );
  });
});
