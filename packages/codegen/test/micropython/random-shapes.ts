/**
 * Random types with random values for tests: each value comes with its bytes, packed here by rules written
 * down once more and independently of the generator, and as a Python expression.
 */
import fc from "fast-check";

export interface PackedValue {
  readonly bytes: readonly number[];
  readonly python: string;
}

export interface Shape {
  /** The type as it is written; `declare` takes the rest of a declaration, such as `{ x: u8; }`, and gives it a name. */
  text(declare: (kind: "struct" | "enum", body: string) => string): string;
  readonly value: fc.Arbitrary<PackedValue>;
  /** Bytes of its longest value: the language has a limit. */
  readonly most: number;
}

function littleEndian(value: bigint, size: number): number[] {
  return Array.from({ length: size }, (_, index) => Number((value >> BigInt(8 * index)) & 255n));
}

function hexOf(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesText(bytes: readonly number[]): string {
  return `bytes.fromhex("${hexOf(bytes)}")`;
}

const integers = fc.constantFrom(1, 2, 4, 8).chain((size) =>
  fc.boolean().map((signed): Shape => {
    const bits = BigInt(8 * size);
    const min = signed ? -(1n << (bits - 1n)) : 0n;
    const max = signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
    return {
      text: () => `${signed ? "i" : "u"}${bits}`,
      most: size,
      value: fc
        .bigInt({ min, max })
        .map((value) => ({ bytes: littleEndian(value, size), python: String(value) })),
    };
  }),
);

function floatValue(value: number, size: 4 | 8): PackedValue {
  const view = new DataView(new ArrayBuffer(size));
  if (size === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  const special = value > 0 ? 'float("inf")' : 'float("-inf")';
  const python = Number.isFinite(value) ? (Object.is(value, -0) ? "-0.0" : `float(${value})`) : special;
  return { bytes: [...new Uint8Array(view.buffer)], python };
}

const floats = fc.constantFrom<Shape>(
  { text: () => "f32", most: 4, value: fc.float({ noNaN: true }).map((value) => floatValue(value, 4)) },
  { text: () => "f64", most: 8, value: fc.double({ noNaN: true }).map((value) => floatValue(value, 8)) },
);

const bools = fc.constant<Shape>({
  text: () => "bool",
  most: 1,
  value: fc.boolean().map((value) => ({ bytes: [value ? 1 : 0], python: value ? "True" : "False" })),
});

const enums = fc.uniqueArray(fc.integer({ min: 0, max: 65535 }), { minLength: 1, maxLength: 4 }).map(
  (values): Shape => ({
    text: (declare) =>
      declare("enum", `: u16 { ${values.map((value, i) => `M${i} = ${value}`).join(", ")} }`),
    most: 2,
    value: fc
      .constantFrom(...values)
      .map((value) => ({ bytes: littleEndian(BigInt(value), 2), python: String(value) })),
  }),
);

/** Lengths on both sides of the borders of the count's width. */
const BOUNDS = [40, 255, 256, 65535, 65536] as const;

function counted(bound: number, count: number): number[] {
  return littleEndian(BigInt(count), bound <= 255 ? 1 : bound <= 65535 ? 2 : 4);
}

type Form = { readonly kind: "fixed" | "bounded"; readonly n: number } | { readonly kind: "tail" };

const forms: fc.Arbitrary<Form> = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((n) => ({ kind: "fixed", n }) as const),
  fc.constantFrom(...BOUNDS).map((n) => ({ kind: "bounded", n }) as const),
);

function suffix(form: Form): string {
  if (form.kind === "tail") return "";
  return form.kind === "fixed" ? `[${form.n}]` : `[<=${form.n}]`;
}

/** Bytes or items; of a tail, what its values here have at the most. */
function mostOf(form: Form): number {
  return form.kind === "tail" ? 40 : form.n + (form.kind === "bounded" ? 4 : 0);
}

function byteStrings(form: Form): Shape {
  const minLength = form.kind === "fixed" ? form.n : 0;
  const maxLength = form.kind === "fixed" ? form.n : 40;
  return {
    text: () => `bytes${suffix(form)}`,
    most: mostOf(form),
    value: fc.uint8Array({ minLength, maxLength }).map((value) => {
      const head = form.kind === "bounded" ? counted(form.n, value.length) : [];
      return { bytes: [...head, ...value], python: bytesText([...value]) };
    }),
  };
}

const characters = fc.string({ unit: "binary", maxLength: 10 });

function strings(form: Form): Shape {
  const fixed = form.kind === "fixed" ? 10 * 4 * form.n : 0;
  return {
    text: () => (form.kind === "fixed" ? `string[${fixed}]` : `string${suffix(form)}`),
    most: form.kind === "fixed" ? fixed : mostOf(form),
    value: characters.map((text) => {
      const plain = form.kind === "fixed" ? text.replaceAll("\0", "") : text;
      const encoded = [...new TextEncoder().encode(plain)];
      const python = `str(${bytesText(encoded)}, "utf-8")`;
      if (form.kind === "fixed") {
        return { bytes: [...encoded, ...new Array<number>(fixed - encoded.length).fill(0)], python };
      }
      return {
        bytes: form.kind === "bounded" ? [...counted(form.n, encoded.length), ...encoded] : encoded,
        python,
      };
    }),
  };
}

function list(item: Shape, form: Form): Shape {
  const minLength = form.kind === "fixed" ? form.n : 0;
  const maxLength = form.kind === "fixed" ? form.n : 5;
  return {
    most: mostOf(form) * item.most + 4,
    text: (declare) => `${item.text(declare)}${form.kind === "tail" ? "[]" : suffix(form)}`,
    value: fc.array(item.value, { minLength, maxLength }).map((items) => ({
      bytes: [
        ...(form.kind === "bounded" ? counted(form.n, items.length) : []),
        ...items.flatMap(({ bytes }) => bytes),
      ],
      python: `[${items.map(({ python }) => python).join(", ")}]`,
    })),
  };
}

function optional(inner: Shape): Shape {
  return {
    text: (declare) => `${inner.text(declare)}?`,
    most: inner.most + 1,
    value: fc
      .option(inner.value)
      .map((value) =>
        value === null
          ? { bytes: [0], python: "None" }
          : { bytes: [1, ...value.bytes], python: value.python },
      ),
  };
}

function struct(fields: readonly Shape[]): Shape {
  return {
    most: fields.reduce((sum, field) => sum + field.most, 0),
    text: (declare) =>
      declare(
        "struct",
        `{ ${fields.map((field, index) => `f${index}: ${field.text(declare)};`).join(" ")} }`,
      ),
    value: fc.tuple(...fields.map(({ value }) => value)).map((values) => ({
      bytes: values.flatMap(({ bytes }) => bytes),
      python: `(${values.map(({ python }) => `${python}, `).join("")})`,
    })),
  };
}

const closed = fc.letrec<{ plain: Shape; any: Shape }>((tie) => ({
  plain: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    integers,
    floats,
    bools,
    enums,
    forms.map(byteStrings),
    forms.map(strings),
    fc.tuple(tie("any"), forms).map(([item, form]) => list(item, form)),
    fc.array(tie("any"), { minLength: 1, maxLength: 4 }).map(struct),
  ),
  // A suffix behind an optional would belong to the optional's type: such a list needs an alias.
  any: fc.oneof(
    { depthSize: "small" },
    { weight: 4, arbitrary: tie("plain") },
    tie("plain").map(boxedOptional),
  ),
}));

/** An optional as the only field of a struct, so that it may stand anywhere, in a list too. */
function boxedOptional(inner: Shape): Shape {
  return struct([optional(inner)]);
}

/** Types for a message's only item: those above, and those without a bound. */
export const shapes: fc.Arbitrary<Shape> = fc
  .oneof(
    { weight: 3, arbitrary: closed.any },
    fc.constantFrom(byteStrings({ kind: "tail" }), strings({ kind: "tail" })),
    closed.any.map((item) => list(item, { kind: "tail" })),
    fc
      .tuple(fc.array(closed.any, { minLength: 1, maxLength: 3 }), closed.any)
      .map(([fields, item]) => struct([...fields, list(item, { kind: "tail" })])),
  )
  .filter(({ most }) => most < 2 ** 32 - 4);
