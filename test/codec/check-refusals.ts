/** What is none of its type: both languages refuse it, and say where it is. */
import type { Type } from "@rpcgen/idl/model";
import { RpcError } from "@rpcgen/runtime/codec/v1";
import { expect } from "vitest";
import type { LoadedFunction } from "./load-batch.js";
import type { Random } from "./random-value.js";
import {
  type Check,
  caught,
  concat,
  hexOf,
  NO_BYTES,
  sampled,
  shownFields,
  spell,
} from "./spelled-message.js";
import { wrongValues } from "./wrong-values.js";

/** Both refuse to encode a message with one wrong value, and name the same place. */
export function wrongValueChecks({ declaration, codec }: LoadedFunction, random: Random): Check[] {
  const { fields } = declaration.parameters;
  const right = sampled(fields, random, "any");
  if (right === null || declaration.result.kind !== "several") return [];
  // The result has no ranges: what is wrong for it is wrong for the argument.
  const all = wrongValues(declaration.result.fields, right.samples);
  const chosen = [0, 1, 2].flatMap(() => all[random.below(all.length)] ?? []);
  const argument = codec.encodeArgument(right.values);
  return chosen.map(({ path, fields: samples }) => {
    const wrong = spell(fields, samples);
    const failure = caught(() => codec.encodeArgument(wrong.values));
    expect(failure.message.split(": ")[0]).toBe(path);
    expect(failure.code).toBe("bad-argument");
    return {
      ...{ function: declaration.names.python, argument, result: wrong.python, frames: [] },
      verify({ answer }) {
        expect(answer?.[0]).toBe(255);
        const text = Buffer.from(answer?.subarray(1) ?? NO_BYTES).toString();
        expect(text).toMatch(/^WireError: result\./);
        expect(text.slice("WireError: result.".length).split(": ")[0]).toBe(path);
      },
    };
  });
}

/** Random bytes, and bytes of a value with something changed: both read the same, or both refuse. */
export function wrongByteChecks({ declaration, codec }: LoadedFunction, random: Random): Check[] {
  const { fields } = declaration.parameters;
  const right = sampled(fields, random, "any");
  const bytes = right === null ? NO_BYTES : codec.encodeArgument(right.values);
  const noise = () => Uint8Array.from({ length: random.below(40) }, () => random.below(256));
  const changed = bytes.map((byte) => (random.below(bytes.length) < 2 ? random.below(256) : byte));
  const tried = [
    noise(),
    noise(),
    changed,
    bytes.subarray(0, random.below(bytes.length + 1)),
    concat(bytes, noise()),
  ];
  const isJson = fields.some(({ type }) => holdsJson(type));
  return tried.map((bytesTried) => {
    const argument = declaration.once ? withOwnNumber(bytesTried, random) : bytesTried;
    const read = (() => {
      try {
        return shownFields(fields, codec.decodeArgument(argument));
      } catch (error) {
        expect(error).toBeInstanceOf(RpcError);
        return null;
      }
    })();
    // As an answer, the same bytes are read or refused, and nothing else happens.
    if (!declaration.once) readsOrRefuses(() => codec.decodeResult(argument));
    return {
      ...{ function: declaration.names.python, argument, result: right?.python ?? "None", frames: [] },
      verify({ answer, given }) {
        if (given === null) expect(answer?.[0]).toBe(254);
        // Numbers of JSON differ in what they can hold.
        if (isJson) expect(given === null, hexOf(argument) ?? "").toBe(read === null);
        else expect(given, hexOf(argument) ?? "").toBe(read);
      },
    };
  });
}

/** A call number that no call before it had: a repeated call is answered without being looked at. */
function withOwnNumber(argument: Uint8Array, random: Random): Uint8Array {
  return argument.map((byte, index) => (index < 4 ? random.below(256) : byte));
}

function readsOrRefuses(body: () => unknown): void {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(RpcError);
  }
}

export function holdsJson(type: Type): boolean {
  switch (type.kind) {
    case "json":
      return true;
    case "optional":
      return holdsJson(type.value);
    case "struct":
      return type.declaration.fields.some((field) => holdsJson(field.type));
    case "union":
      return type.declaration.variants.some((variant) => variant.type !== null && holdsJson(variant.type));
    default:
      return false;
  }
}
