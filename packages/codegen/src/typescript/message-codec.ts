/** Writes the bodies of functions that encode and decode one whole message. */
import type { ErrorDeclaration, Field, Type } from "@rpcgen/idl/model";
import { block, indented } from "./lines.js";
import type { NameScope } from "./module-names.js";
import { ReadWriter } from "./read.js";
import { typeText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import { type Encodable, WriteWriter } from "./write.js";
import { usesView } from "./write-fixed.js";

/** Which error it is when a message does not fit. */
export type Role = "badArgument" | "badItem" | "badResult";

/** What stands in front of the values: nothing, a status byte, or a call number (`@once`). */
export type Prefix = "none" | "status" | "callNumber";

const PREFIX_BYTES = { none: 0, status: 1, callNumber: 4 } as const;

/** Of a message that may be larger, this much is looked for at once. */
const ROOM_BYTES = 1024;

/** One that is never larger is written without asking for more. */
const LARGEST_AT_ONCE = 4096;

/** From values to a message's bytes, behind the prefix. */
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
  const sizes = values.map(({ type }) => type.size);
  const min = sizes.reduce((sum, size) => sum + size.min, start);
  const max = sizes.reduce<number | null>(
    (sum, { max }) => (sum === null || max === null ? null : sum + max),
    start,
  );
  const hasRoom = max !== null && (max <= LARGEST_AT_ONCE || max === min);
  const writer = new WriteWriter(types, locals, start, hasRoom);
  writer.values(values);
  const first = start === 0 ? [] : [`view.setUint${8 * start}(at, ${status}${start === 1 ? "" : ", true"});`];
  const lines = [...first, ...writer.finish((at) => `return to.finish(${at});`)];
  return [
    `const to = ${types.runtime("startMessage")}(${hasRoom ? max : Math.max(min, ROOM_BYTES)});`,
    `${lines.some((line) => /^\s*at \+?= /.test(line)) ? "let" : "const"} at = to.start;`,
    ...viewOf("to", lines),
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

/** Puts the `DataView` of `source` into a local for lines that want it; where more room is made, it may change. */
export function viewOf(source: "from" | "to", lines: readonly string[]): string[] {
  if (!usesView(lines)) return [...lines];
  const changes = lines.filter((line) => /^\s*view = /.test(line)).length;
  const first = lines.findIndex((line) => /(?<!to\.)\bview\b/.test(line));
  const start = lines[first] as string;
  if (!start.startsWith("view = "))
    return [`${changes === 0 ? "const" : "let"} view = ${source}.view;`, ...lines];
  return [...lines.slice(0, first), `${changes === 1 ? "const" : "let"} ${start}`, ...lines.slice(first + 1)];
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
