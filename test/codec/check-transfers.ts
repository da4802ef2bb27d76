/** What follows a call: the items of a stream, to the master and from it, and bulk data; and their `with` parts. */
import type { Type } from "@rpcgen/idl/model";
import { expect } from "vitest";
import type { LoadedFunction } from "./load-batch.js";
import { type Random, type Sample, sampleOf, type Wish } from "./random-value.js";
import { pythonOf, shown, typescriptOf } from "./spell-value.js";
import {
  type Check,
  checkSize,
  fieldsOf,
  hexOf,
  isTooLong,
  NO_BYTES,
  sampled,
  shownObject,
  spell,
} from "./spelled-message.js";

/** Three items, spelled for both languages. */
function itemsOf(type: Type, { codec }: LoadedFunction, random: Random, wish: Wish) {
  if (isTooLong(type, wish)) return [];
  return [0, 1, 2].flatMap(() => {
    const sample = sampleOf({ type, range: null }, random, wish);
    const value = typescriptOf(sample, type);
    const bytes = codec.encodeItem(value);
    // A tail of no bytes would be the end.
    if (bytes.length === 0) return [];
    checkSize(bytes, type.size, wish);
    expect(shown(codec.decodeItem(bytes), type)).toBe(shown(value, type));
    return [{ bytes, python: pythonOf(sample, type), shown: shown(value, type) }];
  });
}

export function streamChecks(one: LoadedFunction, random: Random, wish: Wish): Check[] {
  const { declaration, codec } = one;
  const part = sampled(fieldsOf(one), random, wish);
  if (declaration.transfer.kind !== "stream" || part === null) return [];
  const items = itemsOf(declaration.transfer.item, one, random, wish);
  const python = items.map((item) => `${item.python},`).join(" ");
  return [
    {
      ...{ function: declaration.names.python, argument: NO_BYTES, frames: [] },
      result: `(${part.python}, iter((${python})))`,
      verify({ answer, lines }) {
        expect(hexOf(answer)).toBe(hexOf(codec.encodeResult(part.object)));
        expect(shownObject(fieldsOf(one), codec.decodeResult(answer ?? NO_BYTES))).toBe(part.shown);
        const frames = items.map(({ bytes }) => `frame ${hexOf(bytes)}`);
        expect(lines).toEqual([...frames, "frame ", ...lines.slice(frames.length + 1)]);
        expect(lines.filter((line) => line.startsWith("frame "))).toHaveLength(frames.length + 1);
      },
    },
  ];
}

export function acceptChecks(one: LoadedFunction, random: Random, wish: Wish): Check[] {
  const { declaration } = one;
  if (declaration.transfer.kind !== "accept") return [];
  const items = itemsOf(declaration.transfer.item, one, random, wish);
  return [
    {
      ...{ function: declaration.names.python, argument: NO_BYTES },
      result: '(lambda item: print("item", show(item)), lambda ok: print("end", ok))',
      frames: [...items.map(({ bytes }) => bytes), NO_BYTES],
      verify({ lines }) {
        expect(lines.filter((line) => line.startsWith("item "))).toEqual(
          items.map((item) => `item ${item.shown}`),
        );
        expect(lines.at(-1)).toBe("end True");
      },
    },
  ];
}

/** The last field of the part is `size`. */
export function bulkChecks(one: LoadedFunction, random: Random, wish: Wish): Check[] {
  const { declaration, codec } = one;
  const fields = fieldsOf(one);
  const { transfer } = declaration;
  if (transfer.kind !== "bulk") return [];
  const length = transfer.byteLength ?? 1 + random.below(9);
  const data = Uint8Array.from({ length }, () => random.below(256));
  const size: Sample = { kind: "integer", value: BigInt(data.length) };
  const drawn = sampled(fields, random, wish);
  if (drawn === null) return [];
  const part = transfer.sizeField === null ? drawn : spell(fields, [...drawn.samples.slice(0, -1), size]);
  return [
    {
      ...{ function: declaration.names.python, argument: NO_BYTES, frames: [] },
      result: `(${part.python}, bytes.fromhex("${hexOf(data)}"))`,
      verify({ answer, lines }) {
        expect(hexOf(answer)).toBe(hexOf(codec.encodeResult(part.object)));
        expect(shownObject(fields, codec.decodeResult(answer ?? NO_BYTES))).toBe(part.shown);
        expect(lines).toContain(`put ${hexOf(data)} 5000`);
      },
    },
  ];
}
