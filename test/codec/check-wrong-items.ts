/** Frames of a stream that hold no item, or perhaps one: both languages read the same, or both refuse. */
import { RpcError } from "@rpcgen/runtime/codec/v1";
import { expect } from "vitest";
import { holdsJson } from "./check-refusals.js";
import type { LoadedFunction } from "./load-batch.js";
import { type Random, sampleOf } from "./random-value.js";
import { shown, typescriptOf } from "./spell-value.js";
import { type Check, hexOf, isTooLong, NO_BYTES } from "./spelled-message.js";

export function wrongItemChecks({ declaration, codec }: LoadedFunction, random: Random): Check[] {
  const { transfer } = declaration;
  if (transfer.kind !== "accept" || isTooLong(transfer.item, "any")) return [];
  const { item } = transfer;
  const right = codec.encodeItem(typescriptOf(sampleOf({ type: item, range: null }, random, "any"), item));
  const noise = Uint8Array.from({ length: 1 + random.below(20) }, () => random.below(256));
  const changed = right.map((byte) => (random.below(right.length) < 2 ? random.below(256) : byte));
  const tried = [noise, changed, right.subarray(0, random.below(right.length + 1))];
  return tried
    .filter((frame) => frame.length > 0)
    .map((frame) => {
      const read = (() => {
        try {
          return shown(codec.decodeItem(frame), item);
        } catch (error) {
          expect(error).toBeInstanceOf(RpcError);
          return null;
        }
      })();
      return {
        ...{ function: declaration.names.python, argument: NO_BYTES },
        result: '(lambda item: print("item", show(item)), lambda ok: print("end", ok))',
        frames: [frame, NO_BYTES],
        verify({ lines }) {
          const got = lines.find((line) => line.startsWith("item "))?.slice("item ".length) ?? null;
          if (holdsJson(item)) expect(got === null, hexOf(frame) ?? "").toBe(read === null);
          else expect(got, hexOf(frame) ?? "").toBe(read);
          expect(lines.at(-1)).toBe(`end ${read === null ? "False" : "True"}`);
        },
      };
    });
}
