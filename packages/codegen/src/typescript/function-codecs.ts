/** Writes the object that says how each function of an interface is packed. */
import type { FunctionDeclaration, InterfaceDeclaration, SizeRange, Type } from "@rpcgen/idl/model";
import { block, indented } from "./lines.js";
import { decodeFieldsBody, decodeValueBody, type Encodable, encodeBody } from "./message-codec.js";
import { stringText, typeText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";

/** The object literal, a line each. */
export function functionCodecs(types: TypesModule, declared: InterfaceDeclaration): string[] {
  const members = declared.functions.flatMap((fn) => {
    const [first = "", ...rest] = codecOf(types, fn);
    return [`${fn.names.typescript}: ${first}`, ...rest];
  });
  return ["{", ...indented(members), "} as const"];
}

function codecOf(types: TypesModule, fn: FunctionDeclaration): string[] {
  const lines = [
    `wireName: ${stringText(fn.wireName)},`,
    `argumentSize: ${sizeText(fn.accepts)},`,
    `resultSize: ${sizeText(fn.result.size)},`,
    `throws: ${fn.throws},`,
    `emptyAnswer: "${fn.emptyAnswer}",`,
    `timeouts: ${timeoutsText(fn)},`,
    ...transferLines(types, fn),
    ...argumentMethods(types, fn),
    ...valueMethods(types, "Result", types.result(fn), fn.throws),
  ];
  return ["{", ...indented(lines), `} satisfies ${codecType(types, fn)},`];
}

function codecType(types: TypesModule, fn: FunctionDeclaration): string {
  const items = fn.parameters.fields.map(
    (field) => `${field.names.typescript}: ${typeText(field.type, types)}`,
  );
  const argument = `[${items.join(", ")}]`;
  if (fn.transfer.kind === "stream") {
    return `${types.runtime("StreamCodec")}<${argument}, ${typeText(fn.transfer.item, types)}>`;
  }
  if (fn.transfer.kind === "bulk") return `${types.runtime("BulkCodec")}<${argument}>`;
  const result = types.result(fn);
  return `${types.runtime("FunctionCodec")}<${argument}, ${result === null ? "void" : typeText(result, types)}>`;
}

function transferLines(types: TypesModule, { transfer }: FunctionDeclaration): string[] {
  if (transfer.kind === "call") return [];
  if (transfer.kind === "bulk") return [`byteLength: ${transfer.byteLength},`];
  const { item } = transfer;
  return [`itemSize: ${sizeText(item.size)},`, ...valueMethods(types, "Item", item, false)];
}

function argumentMethods(types: TypesModule, { parameters: { fields } }: FunctionDeclaration): string[] {
  const locals = types.locals();
  const values = fields.map(({ type, names: { typescript: path } }) => {
    return { type, value: locals.claim(path), path };
  });
  const parameter = values.length === 0 ? "" : `[${values.map(({ value }) => value).join(", ")}]`;
  return [
    ...method(`encodeArgument(${parameter})`, encodeBody(types, "badArgument", values, locals, 0)),
    ...method("decodeArgument(bytes)", decodeFieldsBody(types, "badArgument", fields, types.locals())),
  ];
}

/** Of a result or an item. Several named results have no name of their own in an error's path. */
function valueMethods(
  types: TypesModule,
  what: "Result" | "Item",
  type: Type | null,
  hasStatus: boolean,
): string[] {
  const locals = types.locals();
  const name = what.toLowerCase();
  const path = type !== null && isNamedResults(types, type) ? "" : name;
  const values: Encodable[] = type === null ? [] : [{ type, value: locals.claim(name), path }];
  const parameter = values[0]?.value ?? "";
  return [
    ...method(
      `encode${what}(${parameter})`,
      encodeBody(types, "badResult", values, locals, hasStatus ? 1 : 0),
    ),
    ...method(
      `decode${what}(bytes)`,
      decodeValueBody(types, "badResult", { type, path }, types.locals(), hasStatus),
    ),
  ];
}

function isNamedResults(types: TypesModule, type: Type): boolean {
  const value = type.kind === "optional" ? type.value : type;
  return value.kind === "struct" && types.resultStructs.includes(value.declaration);
}

function method(head: string, lines: readonly string[]): string[] {
  return block(head, lines, "},");
}

export function sizeText({ min, max }: SizeRange): string {
  return `{ min: ${min}, max: ${max} }`;
}

function timeoutsText({ timeout: { sendMs, recvMs } }: FunctionDeclaration): string {
  const parts = [
    ...(sendMs === null ? [] : [`sendTimeoutMs: ${sendMs}`]),
    ...(recvMs === null ? [] : [`recvTimeoutMs: ${recvMs}`]),
  ];
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}
