/** Writes the bodies of functions that encode and decode one whole message. */
import type { ErrorDeclaration, Field, Type } from "@rpcgen/idl/model";
import { block, indented } from "./lines.js";
import { MeasureWriter, sumOf } from "./measure.js";
import type { NameScope } from "./module-names.js";
import { ReadWriter } from "./read.js";
import { typeText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import { WriteWriter } from "./write.js";

/** Which error it is when a message does not fit. */
export type Role = "badArgument" | "badItem" | "badResult";

/** Something to encode: the expression that has the value, and how it is called in an error's path. */
export interface Encodable {
  readonly type: Type;
  readonly value: string;
  readonly path: string;
  /** From `@range`. */
  readonly range: Field["range"];
}

/** What stands in front of the values: nothing, a status byte, or a call number (`@once`). */
export type Prefix = "none" | "status" | "callNumber";

const PREFIX_BYTES = { none: 0, status: 1, callNumber: 4 } as const;

/** From values to `to.bytes`, behind zeros for the prefix. */
export function encodeBody(
  types: TypesModule,
  role: Role,
  values: readonly Encodable[],
  locals: NameScope,
  prefix: Prefix,
): string[] {
  const start = PREFIX_BYTES[prefix];
  if (values.length === 0) return [`return new Uint8Array(${start});`];
  return failing(types, role, "encode", encodeLines(types, values, locals, { start, status: 0 }));
}

/** As `encodeBody`, but what does not fit is thrown as it is found, and there may be a status. */
export function encodeLines(
  types: TypesModule,
  values: readonly Encodable[],
  locals: NameScope,
  { start, status }: { readonly start: number; readonly status: number },
): string[] {
  const measure = new MeasureWriter(types, locals);
  const parts = values.map((one) => measure.field(one, one.value, one.path));
  const { fixed: own, lines: checks } = sumOf(parts);
  const fixed = start + own;
  const writer = new WriteWriter(types, locals, "", start);
  for (const { type, value } of values) writer.value(type, value);
  const writes = writer.finish("drop");
  const varies = addsToSize(checks);
  return [
    ...(varies ? summed(fixed, checks) : checks),
    `const to = new ${types.runtime("Writer")}(${varies ? "size" : fixed});`,
    ...(status === 0 ? [] : [`to.bytes[0] = ${status};`]),
    ...viewOf("to", writes),
    "return to.bytes;",
  ];
}

/** From `bytes` to the values of `fields`, as an array. */
export function decodeFieldsBody(
  types: TypesModule,
  role: Role,
  fields: readonly Field[],
  locals: NameScope,
  prefix: "none" | "callNumber",
): string[] {
  const { lines, names } = new ReadWriter(types, locals).fields(fields);
  return decodeBody(types, role, lines, `[${names.join(", ")}]`, readerLines(types, prefix));
}

/** From `bytes` to one value; null: to nothing. */
export function decodeValueBody(
  types: TypesModule,
  role: Role,
  { type, path }: { readonly type: Type | null; readonly path: string },
  locals: NameScope,
  start: readonly string[] = readerLines(types, "none"),
): string[] {
  if (type === null) return decodeBody(types, role, [], null, start);
  const name = locals.claim("decoded");
  const sink = { kind: "const", name, type: typeText(type, types) } as const;
  return decodeBody(types, role, new ReadWriter(types, locals).value(type, path, sink), name, start);
}

function decodeBody(
  types: TypesModule,
  role: Role,
  reads: readonly string[],
  result: string | null,
  start: readonly string[],
): string[] {
  const lines = [
    ...start,
    ...viewOf("from", reads),
    "from.end();",
    ...(result === null ? [] : [`return ${result};`]),
  ];
  return failing(types, role, "decode", lines);
}

function readerLines(types: TypesModule, prefix: "none" | "callNumber"): string[] {
  const start = prefix === "none" ? "" : `, ${types.runtime("afterCallNumber")}(bytes)`;
  return [`const from = new ${types.runtime("Reader")}(bytes${start});`];
}

/** A reader behind status 0; what else the answer may be is thrown. */
export function statusLines(types: TypesModule, errors: readonly ErrorDeclaration[]): string[] {
  const codecs = errors.map((error) => types.error(error).codec).join(", ");
  return [
    `if (bytes[0] !== 0) throw ${types.runtime("remoteFailure")}(bytes, [${codecs}]);`,
    `const from = new ${types.runtime("Reader")}(bytes, 1);`,
  ];
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

export function failing(
  types: TypesModule,
  role: Role,
  phase: "encode" | "decode",
  lines: readonly string[],
): string[] {
  const handler = indented([`throw ${types.runtime(role)}(error, "${phase}");`]);
  return [...block("try", lines, "} catch (error) {"), ...handler, "}"];
}
