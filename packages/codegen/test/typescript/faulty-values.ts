/** Random values of a type that have a single fault, with the path at which an encoder must find it. */
import type { Length, StructDeclaration, Type } from "@rpcgen/idl/model";
import fc from "fast-check";
import { counts, isBig, isNumber, LISTS, valid, validFields, valued } from "./model-values.js";

export interface Faulty {
  readonly value: unknown;
  /** Of the culprit, beginning with the separator that leads to it. */
  readonly path: string;
}

const here = (value: unknown): Faulty => ({ value, path: "" });

/** A value of which exactly one place does not fit. */
export function faulty(type: Type): fc.Arbitrary<Faulty> {
  switch (type.kind) {
    case "integer": {
      const wrong = [type.min - 1n, type.max + 1n].map((value) => (isBig(type.name) ? value : Number(value)));
      return fc.constantFrom(...wrong, isBig(type.name) ? 0 : 0n, 0.5, "0", undefined).map(here);
    }
    case "float":
      return fc.constantFrom(...(type.name === "f32" ? [1e39, -1e39] : []), "0", 0n, null).map(here);
    case "bool":
      return fc.constantFrom(0, "true", null).map(here);
    case "enum":
    case "flags":
      return faulty(type.declaration.base);
    case "bytes":
      return wrongs(["text", [1]], type.length, (count) => new Uint8Array(count));
    case "string":
      return wrongs([7, "\ud800"], type.length, (count) => "x".repeat(count));
    case "list":
      return faultyList(type);
    case "json":
      return fc.constantFrom(Number.NaN, undefined, 1n).map(here);
    case "optional":
      return type.value.kind === "float"
        ? fc.constantFrom("0", 0n).map(here)
        : faulty(type.value).filter(isValue);
    case "struct":
      return fc.oneof(fc.constantFrom(null, 7).map(here), faultyFields(type.declaration));
    case "union":
      return faultyUnion(type);
    case "pad":
      throw new Error("padding has no value");
  }
}

/** Null would be no fault of an optional. */
function isValue({ value, path }: Faulty): boolean {
  return value !== null || path !== "";
}

/** Wrong values, and the right kind of value with a wrong count, made when it is wanted: some are large. */
function wrongs(
  values: readonly unknown[],
  length: Length,
  make: (count: number) => unknown,
): fc.Arbitrary<Faulty> {
  const wrong = values.map((value) => () => value);
  if (length.kind !== "tail") {
    const count = 1 + (length.kind === "fixed" ? length.count : length.max);
    wrong.push(() => make(count));
  }
  return fc.constantFrom(...wrong).map((one) => here(one()));
}

function faultyList({ item, length }: Extract<Type, { kind: "list" }>): fc.Arbitrary<Faulty> {
  const whole = wrongs(["list", null], length, (count) =>
    isNumber(item) ? Reflect.construct(LISTS[item.name], [count]) : new Array<null>(count).fill(null),
  );
  if (isNumber(item)) return whole;
  const { minLength, maxLength } = counts(length);
  const inside = fc
    .tuple(fc.array(valid(item), { minLength: Math.max(minLength, 1), maxLength }), faulty(item), fc.nat())
    .map(([items, fault, at]) => {
      const index = at % items.length;
      return { value: items.with(index, fault.value), path: `[${index}]${fault.path}` };
    });
  return fc.oneof(whole, { weight: 3, arbitrary: inside });
}

export function faultyFields({ fields }: Pick<StructDeclaration, "fields">): fc.Arbitrary<Faulty> {
  const all = valued(fields);
  return fc.oneof(
    ...all.map((field) =>
      fc.tuple(validFields(all), faulty(field.type)).map(([value, fault]) => {
        const { typescript: name } = field.names;
        return { value: { ...value, [name]: fault.value }, path: `.${name}${fault.path}` };
      }),
    ),
  );
}

function faultyUnion({ declaration }: Extract<Type, { kind: "union" }>): fc.Arbitrary<Faulty> {
  const unknown = fc.constant({ value: { kind: "unheard of" }, path: ".kind" });
  const payloads = declaration.variants.flatMap(({ names: { typescript: kind }, type }) =>
    type === null
      ? []
      : [faulty(type).map(({ value, path }) => ({ value: { kind, value }, path: `.${kind}${path}` }))],
  );
  return fc.oneof(unknown, fc.constant(here(null)), ...payloads);
}
