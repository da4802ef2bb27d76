/** Values that an encoder must refuse: a valid one with one thing spoilt, and the path of that thing. */
import type { Field, Length, Type } from "@rpcgen/idl/model";
import { createRandom, float, integer, type Sample, sampleOf, valueFields } from "./random-value.js";

export interface WrongValue {
  readonly path: string;
  readonly fields: readonly Sample[];
}

/** Every way to spoil the values of a message that is known here. */
export function wrongValues(fields: readonly Field[], samples: readonly Sample[]): readonly WrongValue[] {
  return valueFields(fields).flatMap((field, index) => {
    const sample = samples[index];
    if (sample === undefined) return [];
    return spoilt(field, sample).map(({ path, sample: wrong }) => ({
      path: `${field.names.source}${path}`,
      fields: samples.map((each, i) => (i === index ? wrong : each)),
    }));
  });
}

interface Spoilt {
  /** From the value on: ".x", "[1]" or nothing. */
  readonly path: string;
  readonly sample: Sample;
}

function here(...samples: readonly Sample[]): Spoilt[] {
  return samples.map((sample) => ({ path: "", sample }));
}

const int = (value: bigint): Sample => ({ kind: "integer", value });
const real = (value: number): Sample => ({ kind: "float", value });

function spoilt({ type, range }: Pick<Field, "type" | "range">, sample: Sample): Spoilt[] {
  switch (type.kind) {
    case "integer": {
      const [min, max] = range === null ? [type.min, type.max] : [integer(range.min), integer(range.max)];
      return here(int(min - 1n), int(max + 1n));
    }
    case "float":
      return here(...wrongFloats(type.name, range));
    case "bool":
      return here(int(2n));
    case "enum":
      return type.declaration.open
        ? spoilt({ type: type.declaration.base, range: null }, sample)
        : here(stranger(type));
    case "flags":
      return spoilt({ type: type.declaration.base, range: null }, sample);
    case "bytes":
      return here(
        ...wrongCounts(type.length).map((count): Sample => ({ kind: "bytes", value: new Uint8Array(count) })),
      );
    case "string":
      return here(...wrongTexts(type.length));
    case "list":
      return sample.kind === "list" ? wrongLists(type, sample.items) : [];
    case "optional":
      return sample.kind === "none" ? [] : spoilt({ type: type.value, range: null }, sample);
    case "struct":
      return sample.kind === "struct" ? wrongStructs(type, sample.fields) : [];
    case "union":
      return sample.kind === "variant" ? wrongVariants(type, sample) : [];
    case "json":
    case "pad":
      return [];
  }
}

function wrongFloats(name: "f32" | "f64", range: Field["range"]): Sample[] {
  const overflows = name === "f32" ? [real(1e39), real(-3.4028235677973366e38)] : [];
  if (range === null) return overflows;
  const step = (bound: number) => Math.max(Math.abs(bound) / 1000, 1e-3);
  const [min, max] = [float(range.min), float(range.max)];
  return [real(Number.NaN), real(Infinity), real(-Infinity), real(min - step(min)), real(max + step(max))];
}

/** A number that no member has. */
function stranger(type: Extract<Type, { kind: "enum" }>): Sample {
  const { base, members } = type.declaration;
  let value = base.min;
  while (members.some((member) => member.value === value)) value += 1n;
  return int(value);
}

/** What is longer than this is left to other tests: its text would be long too. */
const LONGEST = 300;

function wrongCounts(length: Length): number[] {
  if (length.kind === "fixed") return [length.count - 1, length.count + 1];
  return length.kind === "bounded" && length.max <= LONGEST ? [length.max + 1] : [];
}

function wrongTexts(length: Length): Sample[] {
  const texts = wrongCounts(length)
    .filter((count) => length.kind !== "fixed" || count > length.count)
    .map((count) => "x".repeat(count));
  // A lone surrogate, and a NUL that the padding would swallow.
  texts.push("\ud800");
  if (length.kind === "fixed") texts.push("\0");
  return texts.map((value) => ({ kind: "text", value }));
}

function wrongLists(type: Extract<Type, { kind: "list" }>, items: readonly Sample[]): Spoilt[] {
  const item = { type: type.item, range: null };
  const extra = () => items[0] ?? sampleOf(item, createRandom(1), "shortest");
  const counts = wrongCounts(type.length).map(
    (count): Sample => ({
      kind: "list",
      items: Array.from({ length: count }, (_, i) => items[i] ?? extra()),
    }),
  );
  // Lists of numbers are typed arrays, which can hold no wrong number.
  if (type.item.kind === "integer" || type.item.kind === "float") return here(...counts);
  const inside = items.flatMap((own, index) =>
    spoilt(item, own).map(({ path, sample }) => ({
      path: `[${index}]${path}`,
      sample: { kind: "list" as const, items: items.map((each, i) => (i === index ? sample : each)) },
    })),
  );
  return [...here(...counts), ...inside];
}

function wrongStructs(type: Extract<Type, { kind: "struct" }>, fields: readonly Sample[]): Spoilt[] {
  return wrongValues(type.declaration.fields, fields).map(({ path, fields: wrong }) => ({
    path: `.${path}`,
    sample: { kind: "struct", fields: wrong },
  }));
}

function wrongVariants(
  type: Extract<Type, { kind: "union" }>,
  sample: Extract<Sample, { kind: "variant" }>,
): Spoilt[] {
  const unknown: Spoilt = { path: ".kind", sample: { kind: "variant", index: null, value: null } };
  const variant = sample.index === null ? undefined : type.declaration.variants[sample.index];
  if (variant?.type == null || sample.value === null) return [unknown];
  const inside = spoilt({ type: variant.type, range: null }, sample.value);
  return [
    unknown,
    ...inside.map(({ path, sample: value }) => ({
      path: `.${variant.names.source}${path}`,
      sample: { ...sample, value },
    })),
  ];
}
