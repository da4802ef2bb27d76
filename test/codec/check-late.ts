/** Arguments with defaults: both sides fill in what an older caller did not send, and refuse what ends elsewhere. */
import { expect } from "vitest";
import { sampleOfValue } from "./check-constants.js";
import type { LoadedFunction } from "./load-batch.js";
import type { Random } from "./random-value.js";
import { shown, typescriptOf } from "./spell-value.js";
import { type Check, hexOf, sampled, shownFields } from "./spelled-message.js";

export function lateChecks({ declaration, codec }: LoadedFunction, random: Random): Check[] {
  const { fields } = declaration.parameters;
  const spelled = sampled(fields, random, "any");
  if (spelled === null) return [];
  const whole = codec.encodeArgument(spelled.values);
  const cuts = Array.from({ length: whole.length + 1 }, (_, size) => whole.subarray(0, size));
  const read = cuts.map((argument) => {
    try {
      return codec.decodeArgument(argument);
    } catch {
      return null;
    }
  });
  expect(read.at(-1) === null ? null : shownFields(fields, read.at(-1) ?? [])).toBe(spelled.shown);
  // The first argument alone: all the others are their defaults.
  const defaults = fields.slice(1).map(({ type, defaultValue }) => {
    if (defaultValue === null) throw new Error("all but the first have a default");
    return shown(typescriptOf(sampleOfValue(defaultValue), type), type);
  });
  const first = read[1]
    ?.slice(1)
    .map((value, i) => shown(value, fields[i + 1]?.type ?? (fields[0]?.type as never)));
  expect(first).toEqual(defaults);
  // All that TypeScript reads, and some of what it refuses.
  const tried = cuts.filter((_, size) => read[size] !== null || random.below(cuts.length) < 6);
  return tried.map((argument) => ({
    ...{ function: declaration.names.python, argument, result: "True", frames: [] },
    verify({ given }) {
      const values = read[argument.length] ?? null;
      const expected = values === null ? null : shownFields(fields, values);
      expect(given, `cut to ${hexOf(argument)}`).toBe(expected);
    },
  }));
}
