/** Random interface files: a few types of each kind, in every place where a type may stand. */
import fc from "fast-check";
import {
  closed,
  constants,
  type Declare,
  type DefaultShape,
  defaults,
  type FieldShape,
  fieldOf,
  fields,
  mostOf,
  open,
  spellFields,
  type Written,
  withValue,
} from "./random-types.js";

/** The items of a message: closed ones, and at the end perhaps one without a bound. */
const messages: fc.Arbitrary<readonly FieldShape[]> = fc
  .tuple(fc.array(fields(closed.any), { minLength: 1, maxLength: 4 }), fc.option(open.any, { freq: 2 }))
  .map(([list, last]) => (last === null ? withValue(list) : [...list, fieldOf(last)]));

const closedMessages = fc.array(fields(closed.any), { minLength: 1, maxLength: 3 }).map(withValue);

export interface SchemaShape {
  readonly message: readonly FieldShape[];
  readonly single: Written;
  readonly item: Written;
  readonly part: readonly FieldShape[];
  readonly failure: readonly FieldShape[];
  readonly once: readonly FieldShape[];
  /** Arguments that an older caller did not know, and constants. */
  readonly late: readonly DefaultShape[];
  readonly constants: readonly DefaultShape[];
  /** What the interface throws, what a function adds to it, and whether another takes all of it away. */
  readonly face: "" | " throws" | " throws F#";
  readonly adds: " throws" | " throws E#" | " throws E#, F#";
  readonly lone: "" | " throws none" | " throws";
  readonly bulk: "<bytes>" | "<bytes[7]>";
  readonly wire: boolean;
}

export const schemaShapes: fc.Arbitrary<SchemaShape> = fc
  .record({
    message: messages,
    single: fc.oneof(closed.any, open.any),
    item: fc.oneof(closed.plain, open.any).filter((type) => !mayBeEmpty(type)),
    part: closedMessages,
    failure: fc.oneof(messages, fc.constant([])),
    once: closedMessages,
    late: fc.array(defaults, { minLength: 1, maxLength: 3 }),
    constants: fc.array(constants, { minLength: 1, maxLength: 2 }),
    face: fc.constantFrom("" as const, " throws" as const, " throws F#" as const),
    adds: fc.constantFrom(" throws" as const, " throws E#" as const, " throws E#, F#" as const),
    lone: fc.constantFrom("" as const, " throws none" as const, " throws" as const),
    bulk: fc.constantFrom("<bytes>" as const, "<bytes[7]>" as const),
    wire: fc.boolean(),
  })
  .filter((shape) =>
    [
      shape.message,
      shape.part,
      shape.failure,
      shape.once,
      [{ type: shape.single }],
      [{ type: shape.item }],
    ].every((list) => mostOf(list) < 2 ** 31),
  );

/** An item of a stream is at least one byte long. */
function mayBeEmpty(type: Written): boolean {
  return /^(bytes|string)$|\[\]$/.test(type.text(() => "T"));
}

/** A schema as text: its types, for a file to import, and its interface. */
export interface SchemaText {
  readonly types: string;
  readonly face: string;
}

/** `index` keeps the names of a schema apart from those of others in the same file. */
export function spellSchema(shape: SchemaShape, index: number): SchemaText {
  const declarations: string[] = [];
  const declare: Declare = (keyword, rest) => {
    const name = `T${index}x${declarations.length}`;
    const place = declarations.push("") - 1;
    declarations[place] = `${keyword} ${name}${rest(name)}${keyword === "const" ? ";" : ""}`;
    return name;
  };
  const spelled = new Map<Written, string>();
  const spell = (type: Written) => {
    const text = spelled.get(type) ?? type.text(declare);
    spelled.set(type, text);
    return text;
  };
  const items = (shapes: readonly FieldShape[]) => spellFields(shapes, ",", spell).replace(/,$/, "");
  // A result has no range of its own.
  const results = (shapes: readonly FieldShape[]) => items(shapes.map((field) => ({ ...field, range: "" })));
  const written = ({ value, type }: DefaultShape) => value.replace("$", spell(type));
  const late = shape.late.map((one, i) => `d${i}: ${spell(one.type)} = ${written(one)}`);
  for (const [i, one] of shape.constants.entries()) {
    declarations.push(`const C${index}x${i}: ${spell(one.type)} = ${written(one)};`);
  }
  const numbered = (text: string) => text.replaceAll("#", String(index));
  // `none` takes away what there is.
  const lone = shape.lone === " throws none" && shape.face === "" ? "" : shape.lone;
  const wire = shape.wire ? `@wire("only-${index}") ` : "";
  const functions = [
    `echo${index}(${items(shape.message)}): (${results(shape.message)})${numbered(shape.adds)};`,
    `${wire}only${index}(v: ${spell(shape.single)}): ${spell(shape.single)}${lone};`,
    `items${index}(): stream<${spell(shape.item)}> with (${results(shape.part)});`,
    `take${index}(): accept<${spell(shape.item)}>;`,
    shape.bulk === "<bytes>"
      ? `load${index}(): bulk<bytes> with (${results(shape.part)}, size: u16);`
      : `load${index}(): bulk<bytes[7]> with (${results(shape.part)});`,
    `@once once${index}(${items(shape.once)}): (${results(shape.once)}) throws E${index};`,
  ];
  functions.push(`late${index}(a: u8, ${late.join(", ")}): bool throws;`);
  const failure = `error E${index} = ${(index % 126) + 1} { ${spellFields(shape.failure, ";", spell)} }`;
  const other = `error F${index} = 127 {}`;
  const face = `interface S${index}${numbered(shape.face)} {`;
  return {
    types: [...declarations, failure, other].join("\n"),
    face: [face, ...functions, "}"].join("\n"),
  };
}
