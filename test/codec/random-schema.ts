/** Random interface files: a few types of each kind, in every place where a type may stand. */
import fc from "fast-check";
import {
  closed,
  type Declare,
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
}

export const schemaShapes: fc.Arbitrary<SchemaShape> = fc
  .record({
    message: messages,
    single: fc.oneof(closed.any, open.any),
    item: fc.oneof(closed.plain, open.any).filter((type) => !mayBeEmpty(type)),
    part: closedMessages,
    failure: fc.oneof(messages, fc.constant([])),
    once: closedMessages,
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

/** The text of one schema; `index` keeps its names apart from those of others in the same file. */
export function spellSchema(shape: SchemaShape, index: number): string {
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
  const functions = [
    `echo${index}(${items(shape.message)}): (${results(shape.message)}) throws E${index};`,
    `only${index}(v: ${spell(shape.single)}): ${spell(shape.single)};`,
    `items${index}(): stream<${spell(shape.item)}> with (${results(shape.part)});`,
    `take${index}(): accept<${spell(shape.item)}> throws none;`,
    `load${index}(): bulk<bytes> with (${results(shape.part)}, size: u16);`,
    `@once once${index}(${items(shape.once)}): (${results(shape.once)}) throws E${index};`,
  ];
  const failure = `error E${index} = ${(index % 127) + 1} { ${spellFields(shape.failure, ";", spell)} }`;
  return [...declarations, failure, `interface S${index} {`, ...functions, "}"].join("\n");
}
