/** Writes the bodies of functions that encode and decode one whole message. */
import type { Field, Type } from "@rpcgen/idl/model";
import { block, indented } from "./lines.js";
import { MeasureWriter } from "./measure.js";
import type { NameScope } from "./module-names.js";
import { ReadWriter } from "./read.js";
import { typeText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import { WriteWriter } from "./write.js";

/** Which error it is when a message does not fit. */
export type Role = "badArgument" | "badResult";

/** Something to encode: the expression that has the value, and how it is called in an error's path. */
export interface Encodable {
  readonly type: Type;
  readonly value: string;
  readonly path: string;
}

/** From values to `to.bytes`; `start` is 1 behind a status byte. */
export function encodeBody(
  types: TypesModule,
  role: Role,
  values: readonly Encodable[],
  locals: NameScope,
  start: 0 | 1,
): string[] {
  if (values.length === 0) return [`return new Uint8Array(${start});`];
  const measure = new MeasureWriter(types, locals);
  const parts = values.map(({ type, value, path }) => measure.value(type, value, path));
  const checks = parts.flatMap(({ lines }) => lines);
  const fixed = parts.reduce<number>((sum, part) => sum + part.fixed, start);
  const writer = new WriteWriter(types, locals, "", start);
  for (const { type, value } of values) writer.value(type, value);
  const writes = writer.finish("drop");
  const varies = addsToSize(checks);
  const lines = [
    ...(varies ? summed(fixed, checks) : checks),
    `const to = new ${types.runtime("Writer")}(${varies ? "size" : fixed});`,
    ...viewOf("to", writes),
    "return to.bytes;",
  ];
  return failing(types, role, "encode", lines);
}

/** From `bytes` to the values of `fields`, as an array. */
export function decodeFieldsBody(
  types: TypesModule,
  role: Role,
  fields: readonly Field[],
  locals: NameScope,
): string[] {
  const { lines, names } = new ReadWriter(types, locals).fields(fields);
  return decodeBody(types, role, lines, `[${names.join(", ")}]`, false);
}

/** From `bytes` to one value; null: to nothing. */
export function decodeValueBody(
  types: TypesModule,
  role: Role,
  { type, path }: { readonly type: Type | null; readonly path: string },
  locals: NameScope,
  hasStatus: boolean,
): string[] {
  if (type === null) return decodeBody(types, role, [], null, hasStatus);
  const name = locals.claim("decoded");
  const sink = { kind: "const", name, type: typeText(type, types) } as const;
  return decodeBody(types, role, new ReadWriter(types, locals).value(type, path, sink), name, hasStatus);
}

function decodeBody(
  types: TypesModule,
  role: Role,
  reads: readonly string[],
  result: string | null,
  hasStatus: boolean,
): string[] {
  const start = hasStatus ? `${types.runtime("readStatus")}(bytes)` : `new ${types.runtime("Reader")}(bytes)`;
  const lines = [
    `const from = ${start};`,
    ...viewOf("from", reads),
    "from.end();",
    ...(result === null ? [] : [`return ${result};`]),
  ];
  return failing(types, role, "decode", lines);
}

/** Puts the `DataView` of `source` into a local in front of lines that want it. */
export function viewOf(source: "from" | "to", lines: readonly string[]): string[] {
  const wanted = lines.some((line) => /\bview\.[gs]et/.test(line));
  return wanted ? [`const view = ${source}.view;`, ...lines] : [...lines];
}

/** Checks that add to a `size`, which begins at `fixed`. */
export function summed(fixed: number, checks: readonly string[]): string[] {
  const first = /^size \+= (.*)$/.exec(checks[0] ?? "")?.[1];
  if (first === undefined) return [`let size = ${fixed};`, ...checks];
  return [`let size = ${fixed === 0 ? "" : `${fixed} + `}${first}`, ...checks.slice(1)];
}

export function addsToSize(lines: readonly string[]): boolean {
  return lines.some((line) => /^\s*size \+= /.test(line));
}

function failing(
  types: TypesModule,
  role: Role,
  phase: "encode" | "decode",
  lines: readonly string[],
): string[] {
  const handler = indented([`throw ${types.runtime(role)}(error, "${phase}");`]);
  return [...block("try", lines, "} catch (error) {"), ...handler, "}"];
}
