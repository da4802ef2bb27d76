/** Random interface files over every construct of the language, as text. */
import fc from "fast-check";

/** Writes a type; what it needs declared in front of it is added to `declarations`. */
type TypeText = (file: FileText) => string;

class FileText {
  readonly declarations: string[] = [];
  #count = 0;

  /** Adds a declaration and gives its name. */
  declare(make: (name: string) => string): string {
    this.#count += 1;
    const name = `T${this.#count}`;
    // First, so that the number is taken before those of what it is made of.
    const text = make(name);
    this.declarations.push(text);
    return name;
  }
}

const INTEGERS = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64"];
const WIDE = ["u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64"];
const numbers = fc.constantFrom(...INTEGERS, "f32", "f64", ...WIDE.map((name) => `${name}be`));
const UNSIGNED = ["u8", "u16", "u32", "u64", "u16be", "u32be", "u64be"] as const;
const unsigned = fc.constantFrom(...UNSIGNED);

const length = fc.oneof(
  fc.integer({ min: 1, max: 5 }).map((count) => `[${count}]`),
  fc.constantFrom(3, 255, 256).map((max) => `[<=${max}]`),
  fc
    .tuple(fc.constantFrom("u8", "u16", "u32"), fc.integer({ min: 1, max: 9 }))
    .map(([width, max]) => `[${width} <= ${max}]`),
);

const members = fc
  .uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 4 })
  .map((values) => `{ ${values.map((value, i) => `M${i} = ${value}`).join(", ")} }`);

const named: fc.Arbitrary<TypeText> = fc
  .tuple(fc.constantFrom("enum", "open enum", "flags"), unsigned, members)
  .map(
    ([kind, base, body]) =>
      (file) =>
        file.declare((name) => `${kind} ${name}: ${base} ${body}`),
  );

const leaf: fc.Arbitrary<TypeText> = fc.oneof(
  {
    weight: 4,
    arbitrary: numbers.map(
      (name): TypeText =>
        () =>
          name,
    ),
  },
  fc.constant<TypeText>(() => "bool"),
  { weight: 2, arbitrary: named },
  fc.tuple(fc.constantFrom("bytes", "string"), length).map(
    ([name, suffix]): TypeText =>
      () =>
        name + suffix,
  ),
);

interface FieldText {
  readonly type: TypeText;
  /** Padding comes before it. */
  readonly pad: number | null;
}

function fieldsOf(types: fc.Arbitrary<TypeText>): fc.Arbitrary<FieldText> {
  return fc.record({ type: types, pad: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 6 }) });
}

const ranged: fc.Arbitrary<FieldText> = fc
  .constantFrom(
    "@range(3, 9) u8",
    "@range(-7, 700) i16",
    "@range(max = 5) u64",
    "@range(-0.1, 1e3) f32",
    "@range(min = 0.5) f64be",
  )
  .map((type) => ({ type: () => type, pad: null }));

/** `@range` belongs in front of the name. */
function fieldText(file: FileText, { type, pad }: FieldText, name: string, end: string): string {
  const [, annotation = "", text] = /^(@\S+\([^)]*\) )?(.*)$/s.exec(type(file)) ?? [];
  return `${pad === null ? "" : `_: pad[${pad}]${end} `}${annotation}${name}: ${text}`;
}

function structOf(fields: fc.Arbitrary<readonly FieldText[]>): fc.Arbitrary<TypeText> {
  return fields.map((all) => (file) => {
    const texts = all.map((field, i) => `${fieldText(file, field, `f${i}`, ";")};`);
    return file.declare((name) => `struct ${name} { ${texts.join(" ")} }`);
  });
}

function unionOf(variants: fc.Arbitrary<readonly (TypeText | null)[]>): fc.Arbitrary<TypeText> {
  return fc.tuple(unsigned, variants).map(([base, all]) => (file) => {
    const texts = all.map((type, i) => `${3 * i}: v${i}${type === null ? "" : `: ${type(file)}`};`);
    return file.declare((name) => `union ${name}: ${base} { ${texts.join(" ")} }`);
  });
}

/** A type that may stand anywhere; `depth` levels of others within it. */
function inner(depth: number): fc.Arbitrary<TypeText> {
  if (depth === 0) return leaf;
  const below = inner(depth - 1);
  const field = fc.oneof({ weight: 5, arbitrary: fieldsOf(below) }, ranged);
  return fc.oneof(
    leaf,
    fc.tuple(below, length).map(
      ([item, suffix]): TypeText =>
        (file) =>
          item(file) + suffix,
    ),
    optionalOf(below),
    structOf(fc.array(field, { minLength: 1, maxLength: 4 })),
    unionOf(fc.array(fc.option(below, { freq: 3 }), { minLength: 1, maxLength: 4 })),
  );
}

/** `T??` is no type. */
function optionalOf(below: fc.Arbitrary<TypeText>): fc.Arbitrary<TypeText> {
  return below.map((type) => (file) => {
    const text = type(file);
    return text.endsWith("?") ? text : `${text}?`;
  });
}

/** A type for the end of a message. */
function tail(depth: number): fc.Arbitrary<TypeText> {
  const below = inner(depth);
  const ends = fc.oneof(
    fc.constantFrom("bytes", "string", "json", "bytes[<=70000]", "u16[<=70000]").map(
      (text): TypeText =>
        () =>
          text,
    ),
    below.map(
      (item): TypeText =>
        (file) =>
          `${item(file)}[]`,
    ),
  );
  return fc.oneof(
    below,
    ends,
    structOf(fc.tuple(fieldsOf(below), fieldsOf(fc.oneof(ends, optionalOf(ends))))),
    unionOf(fc.array(fc.option(ends, { freq: 4 }), { minLength: 1, maxLength: 3 })),
  );
}

const DEPTH = 2;

/** The fields of a message, the last of which may be open-ended or an optional of the short form. */
const message = fc
  .tuple(
    fc.array(fieldsOf(inner(DEPTH)), { maxLength: 2 }),
    fieldsOf(fc.oneof(tail(DEPTH), optionalOf(inner(DEPTH)))),
  )
  .map(([first, last]) => [...first, last]);

/** A file with `count` functions `f0`, `f1` …, each of which takes a message and throws an error made of one. */
export function idlFiles(count: number): fc.Arbitrary<string> {
  const both = fc.record({ argument: message, error: message, once: fc.boolean() });
  return fc.array(both, { minLength: count, maxLength: count }).map((all) => {
    const file = new FileText();
    const functions = all.map(({ argument, error, once }, i) => {
      const fields = error.map((field, k) => `${fieldText(file, field, `e${k}`, ";")};`);
      file.declarations.push(`error E${i} = ${i + 1} { ${fields.join(" ")} }`);
      const parameters = argument.map((field, k) => fieldText(file, field, `p${k}`, ","));
      return `  ${once ? "@once " : ""}f${i}(${parameters.join(", ")}): u8 throws E${i};`;
    });
    return [...file.declarations, "interface Random {", ...functions, "}"].join("\n");
  });
}
