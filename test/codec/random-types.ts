/** Random types over every construct of the language, as text. Values come later, out of the compiled model. */
import fc from "fast-check";

/** Gives a declaration a name of its own: `rest` is what stands behind it, such as `: u8 { A = 1 }`. */
export type Declare = (keyword: string, rest: (name: string) => string) => string;

/** A type, and how it is written. */
export interface Written {
  /** The type as it is written. */
  text(declare: Declare): string;
  /** At most so many bytes, about: the language has a limit. */
  readonly most: number;
}

const INTEGERS = [
  "u8",
  "i8",
  ...["u16", "i16", "u32", "i32", "u64", "i64"].flatMap((name) => [name, `${name}be`]),
];
const FLOATS = ["f32", "f32be", "f64", "f64be"];

function bitsOf(name: string): bigint {
  return BigInt(name.replace(/\D/g, ""));
}

function boundsOf(name: string): { min: bigint; max: bigint } {
  const bits = bitsOf(name);
  const half = 1n << (bits - 1n);
  return name.startsWith("i") ? { min: -half, max: half - 1n } : { min: 0n, max: 2n * half - 1n };
}

export const plain = (name: string): Written => ({ text: () => name, most: 8 });
const scalars = fc.constantFrom(...INTEGERS, ...FLOATS, "bool").map(plain);

/** Different numbers that fit the base. */
function numbersOf(base: string, most: number): fc.Arbitrary<readonly bigint[]> {
  const number = fc.oneof(fc.bigInt(boundsOf(base)), fc.constantFrom(...Object.values(boundsOf(base))));
  return fc.uniqueArray(number, { minLength: 1, maxLength: most });
}

const enums: fc.Arbitrary<Written> = fc
  .constantFrom(...INTEGERS)
  .chain((base) => fc.tuple(fc.constantFrom("enum", "open enum"), fc.constant(base), numbersOf(base, 4)))
  .map(([keyword, base, numbers]) => ({
    text: (declare) => declare(keyword, () => `: ${base} { ${membersOf(numbers)} }`),
    most: 8,
  }));

const flags: fc.Arbitrary<Written> = fc
  .constantFrom(...INTEGERS.filter((name) => name.startsWith("u")))
  .chain((base) => fc.tuple(fc.constant(base), numbersOf(base, 3)))
  .map(([base, numbers]) => ({
    text: (declare) => declare("flags", () => `: ${base} { ${membersOf(numbers)} }`),
    most: 8,
  }));

function membersOf(numbers: readonly bigint[]): string {
  return numbers.map((number, index) => `M${index} = ${number}`).join(", ");
}

type Form = { readonly kind: "fixed" | "bounded" | "named"; readonly n: number; readonly count: string };

/** Bounds on both sides of the borders of the count's width; `named` has its bound in a constant. */
const forms: fc.Arbitrary<Form> = fc.oneof(
  fc.record({
    kind: fc.constant("fixed" as const),
    n: fc.integer({ min: 1, max: 4 }),
    count: fc.constant(""),
  }),
  fc.record({
    kind: fc.constantFrom("bounded" as const, "named" as const),
    n: fc.constantFrom(1, 5, 40, 255, 256, 65535, 65536),
    count: fc.constantFrom("", "", "u16 ", "u32 "),
  }),
);

function suffixOf({ kind, n, count }: Form, declare: Declare): string {
  if (kind === "fixed") return `[${n}]`;
  const width = count === "u16 " && n > 65535 ? "" : count;
  return `[${width}<=${kind === "named" ? declare("const", () => `: u32 = ${n}`) : ` ${n}`}]`;
}

function sized(word: "bytes" | "string", form: Form): Written {
  const own = word === "string" && form.kind === "fixed" ? { ...form, n: 4 * form.n } : form;
  return { text: (declare) => `${word}${suffixOf(own, declare)}`, most: own.n + 4 };
}

function listOf(item: Written, form: Form): Written {
  return {
    text: (declare) => `${item.text(declare)}${suffixOf(form, declare)}`,
    most: form.n * item.most + 4,
  };
}

/** A type that may have a default, and one, as written. */
export interface DefaultShape {
  readonly type: Written;
  readonly value: string;
  /** For the coverage. */
  readonly kind: string;
}

/** Written behind the name of the declaration, or alone. */
function defaulted(
  kind: string,
  text: Written["text"],
  values: fc.Arbitrary<string>,
): fc.Arbitrary<DefaultShape> {
  return values.map((value) => ({ kind, value, type: { text, most: 40 } }));
}

const texts = fc.constantFrom('""', '"a"', '"\\n\\u{20ac}"', '"\\u{1f600}"');

/** Values of every kind that a constant or a trailing argument may have; `$` stands for the name of the type. */
const withoutNull: fc.Arbitrary<DefaultShape> = fc.oneof(
  fc
    .constantFrom(...INTEGERS)
    .chain((name) => defaulted("number", () => name, fc.bigInt(boundsOf(name)).map(String))),
  fc
    .constantFrom(...FLOATS)
    .chain((name) => defaulted("number", () => name, fc.constantFrom("-1.5", "0.25", "3"))),
  defaulted("bool", () => "bool", fc.constantFrom("true", "false")),
  fc
    .constantFrom("[4]", "[<=8]", "[u16 <= 300]")
    .chain((suffix) => defaulted("string", () => `string${suffix}`, texts)),
  fc
    .constantFrom("enum", "open enum")
    .chain((keyword) =>
      defaulted(
        "enum",
        (declare) => declare(keyword, () => ": u16be { M0 = 7, M1 = 600 }"),
        fc.constantFrom("$.M0", "$.M1"),
      ),
    ),
  defaulted(
    "flags",
    (declare) => declare("flags", () => ": u8 { M0 = 1, M1 = 2, M2 = 0x80 }"),
    fc.constantFrom("$.M0", "M0 | M2", "0"),
  ),
);

export const constants: fc.Arbitrary<DefaultShape> = withoutNull;

export const defaults: fc.Arbitrary<DefaultShape> = fc.oneof(
  { weight: 4, arbitrary: withoutNull },
  {
    weight: 1,
    arbitrary: withoutNull.map(({ type }) => ({ kind: "null", value: "null", type: optionalOf(type) })),
  },
);

const rangeOf = (name: string): fc.Arbitrary<string> => {
  const number: fc.Arbitrary<bigint | number> = name.startsWith("f")
    ? fc.integer({ min: -4000, max: 4000 }).map((eighths) => eighths / 8)
    : fc.bigInt(boundsOf(name));
  return fc.tuple(number, number, fc.constantFrom("both", "min", "max")).map(([a, b, sides]) => {
    const [low, high] = a <= b ? [a, b] : [b, a];
    if (sides === "both") return `@range(${low}, ${high}) `;
    return `@range(${sides} = ${sides === "min" ? low : high}) `;
  });
};

const ranged = fc
  .constantFrom(...INTEGERS, ...FLOATS)
  .chain((name) => rangeOf(name).map((range) => ({ range, type: plain(name) })));

/** A field without its name: `_` is a pad. */
export interface FieldShape {
  readonly range: string;
  readonly type: Written;
  readonly isPad: boolean;
}

export function fieldOf(type: Written): FieldShape {
  return { range: "", type, isPad: false };
}

const pads: fc.Arbitrary<FieldShape> = fc
  .integer({ min: 1, max: 5 })
  .map((count) => ({ range: "", type: { text: () => `pad[${count}]`, most: count }, isPad: true }));

export const fields = (any: fc.Arbitrary<Written>): fc.Arbitrary<FieldShape> =>
  fc.oneof(
    { weight: 8, arbitrary: any.map(fieldOf) },
    { weight: 1, arbitrary: ranged.map((one) => ({ ...one, isPad: false })) },
    { weight: 1, arbitrary: pads },
  );

export function spellFields(
  list: readonly FieldShape[],
  joint: string,
  spell: (type: Written) => string,
): string {
  return list
    .map(({ range, type, isPad }, index) => `${range}${isPad ? "_" : `f${index}`}: ${spell(type)}${joint}`)
    .join(" ");
}

export function mostOf(list: readonly { readonly type: Written }[]): number {
  return list.reduce((sum, { type }) => sum + type.most, 0);
}

function structOf(list: readonly FieldShape[]): Written {
  return {
    text: (declare) =>
      declare("struct", () => ` { ${spellFields(list, ";", (type) => type.text(declare))} }`),
    most: mostOf(list),
  };
}

interface VariantShape {
  readonly tag: bigint;
  readonly type: Written | null;
}

function unionOf(base: string, variants: readonly VariantShape[]): Written {
  const spell = ({ tag, type }: VariantShape, index: number, declare: Declare) =>
    `${tag}: v${index}${type === null ? "" : `: ${type.text(declare)}`};`;
  return {
    text: (declare) =>
      declare("union", () => `: ${base} { ${variants.map((one, i) => spell(one, i, declare)).join(" ")} }`),
    most: 8 + Math.max(...variants.map(({ type }) => type?.most ?? 0)),
  };
}

/** `last`: what the last variant may be instead. */
const unions = (any: fc.Arbitrary<Written>, last: fc.Arbitrary<Written> = any): fc.Arbitrary<Written> =>
  fc
    .constantFrom(...INTEGERS)
    .chain((base) => fc.tuple(fc.constant(base), numbersOf(base, 4)))
    .chain(([base, tags]) =>
      fc
        .tuple(...tags.map((_, i) => fc.option(i === tags.length - 1 ? last : any, { freq: 4 })))
        .map((types) =>
          unionOf(
            base,
            tags.map((tag, i) => ({ tag, type: types[i] ?? null })),
          ),
        ),
    );

const aliasOf = (type: Written): Written => ({
  text: (declare) => declare("type", () => ` = ${type.text(declare)};`),
  most: type.most,
});
function optionalOf(type: Written): Written {
  return { text: (declare) => `${type.text(declare)}?`, most: type.most + 1 };
}

export const closed = fc.letrec<{ plain: Written; any: Written }>((tie) => ({
  /** Everything but an optional: `T??` is none. */
  plain: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 5, arbitrary: scalars },
    { weight: 2, arbitrary: enums },
    { weight: 1, arbitrary: flags },
    { weight: 1, arbitrary: forms.map((form) => sized("bytes", form)) },
    { weight: 2, arbitrary: forms.map((form) => sized("string", form)) },
    { weight: 2, arbitrary: fc.tuple(tie("any"), forms).map(([item, form]) => listOf(item, form)) },
    {
      weight: 2,
      arbitrary: fc
        .array(fields(tie("any")), { minLength: 1, maxLength: 5 })
        .map(withValue)
        .map(structOf),
    },
    { weight: 2, arbitrary: unions(tie("any")) },
    { weight: 1, arbitrary: tie("plain").map(aliasOf) },
  ),
  any: fc.oneof(
    { depthSize: "small" },
    { weight: 5, arbitrary: tie("plain") },
    { weight: 1, arbitrary: tie("plain").map(optionalOf) },
  ),
}));

/** A struct or result of nothing but pads is an error. */
export function withValue(list: readonly FieldShape[]): readonly FieldShape[] {
  return list.some(({ isPad }) => !isPad) ? list : [...list, fieldOf(plain("u8"))];
}

const tailWords = fc.constantFrom("bytes", "string", "json").map(plain);
const tailLists = closed.any.map(
  (item): Written => ({ text: (declare) => `${item.text(declare)}[]`, most: item.most }),
);

/** Types without a bound. */
export const open = fc.letrec<{ any: Written }>((tie) => ({
  any: fc.oneof(
    { depthSize: "xsmall" },
    { weight: 3, arbitrary: tailWords },
    { weight: 2, arbitrary: tailLists },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.array(fields(closed.any), { minLength: 1, maxLength: 2 }), tie("any"), fc.boolean())
        .map(([list, last, maybe]) =>
          structOf([...list, fieldOf(maybe && isRequired(last) ? optionalOf(last) : last)]),
        ),
    },
    { weight: 2, arbitrary: unions(closed.any, tie("any")) },
  ),
}));

/** An alias could hide an optional, but there is none around these. */
function isRequired(type: Written): boolean {
  return !type.text(() => "T").endsWith("?");
}
