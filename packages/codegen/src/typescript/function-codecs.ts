/** Writes the object that says how each function of an interface is packed. */
import type {
  ErrorDeclaration,
  FunctionDeclaration,
  InterfaceDeclaration,
  SizeRange,
  Type,
} from "@rpcgen/idl/model";
import { block, indented } from "./lines.js";
import { decodeFieldsBody, decodeValueBody, encodeBody, type Role, statusLines } from "./message-codec.js";
import { NameScope } from "./module-names.js";
import { stringText, typeText, valuedFields } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import type { Encodable } from "./write.js";

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
    `errors: [${fn.errors.map((error) => types.error(error).codec).join(", ")}],`,
    `idempotent: ${fn.idempotent},`,
    `once: ${fn.once},`,
    `emptyAnswer: "${fn.emptyAnswer}",`,
    `timeouts: ${timeoutsText(fn)},`,
    ...transferLines(types, fn),
    ...argumentMethods(types, fn),
    ...resultMethods(types, fn),
  ];
  return ["{", ...indented(lines), `} satisfies ${codecType(types, fn)},`];
}

function codecType(types: TypesModule, fn: FunctionDeclaration): string {
  const items = valuedFields(fn.parameters.fields).map(
    (field) => `${field.names.typescript}: ${typeText(field.type, types)}`,
  );
  const argument = `[${items.join(", ")}]`;
  const result = types.result(fn);
  const header = result === null ? "" : `, ${typeText(result, types)}`;
  const { transfer } = fn;
  switch (transfer.kind) {
    case "call":
      return `${types.runtime("FunctionCodec")}<${argument}${header === "" ? ", void" : header}>`;
    case "stream":
    case "accept":
      return `${types.runtime("StreamCodec")}<${argument}, ${typeText(transfer.item, types)}${header}>`;
    case "bulk": {
      if (result === null) return `${types.runtime("BulkCodec")}<${argument}>`;
      const field = dataField(fn);
      const data = field === "data" ? "" : `, ${stringText(field)}`;
      return `${types.runtime("BulkWithCodec")}<${argument}${header}${data}>`;
    }
  }
}

/** Where a bulk's data stands beside the fields of its `with` part. */
export function dataField({ result }: FunctionDeclaration): string {
  const fields = result.kind === "several" ? valuedFields(result.fields) : [];
  return new NameScope(fields.map(({ names }) => names.typescript)).claim("data");
}

function transferLines(types: TypesModule, fn: FunctionDeclaration): string[] {
  const { transfer } = fn;
  if (transfer.kind === "call") return [];
  if (transfer.kind !== "bulk") {
    const { item } = transfer;
    const role = transfer.kind === "stream" ? "badResult" : "badItem";
    const size = `itemSize: ${sizeText(item.size)},`;
    return [size, ...valueMethods(types, { name: "item", type: item, path: "item", role })];
  }
  const length = `byteLength: ${transfer.byteLength},`;
  if (fn.result.kind !== "several") return [length];
  const sizeField = transfer.sizeField === null ? null : fn.result.fields[transfer.sizeField];
  const field = sizeField == null ? "null" : stringText(sizeField.names.typescript);
  return [length, `dataField: ${stringText(dataField(fn))},`, `sizeField: ${field},`];
}

function argumentMethods(types: TypesModule, fn: FunctionDeclaration): string[] {
  const { fields } = fn.parameters;
  const locals = types.locals();
  const values = fields.map((field): Encodable => {
    const path = field.names.typescript;
    return { ...field, value: field.type.kind === "pad" ? "" : locals.claim(path), path };
  });
  const given = values.filter(({ type }) => type.kind !== "pad").map(({ value }) => value);
  const parameter = given.length === 0 ? "" : `[${given.join(", ")}]`;
  const prefix = fn.once ? "callNumber" : "none";
  return [
    ...method(`encodeArgument(${parameter})`, encodeBody(types, "badArgument", values, locals, prefix)),
    ...method(
      "decodeArgument(bytes)",
      decodeFieldsBody(types, "badArgument", fields, types.locals(), prefix),
    ),
  ];
}

/** Several named results have no name of their own in an error's path. */
function resultMethods(types: TypesModule, fn: FunctionDeclaration): string[] {
  const type = types.result(fn);
  const path = type !== null && isNamedResults(types, type) ? "" : "result";
  return valueMethods(types, {
    name: "result",
    type,
    path,
    role: "badResult",
    ...(fn.throws ? { errors: fn.errors } : {}),
  });
}

interface MessageValue {
  readonly name: "result" | "item";
  readonly type: Type | null;
  readonly path: string;
  readonly role: Role;
  /** With `throws`: a status byte comes first. */
  readonly errors?: readonly ErrorDeclaration[];
}

function valueMethods(types: TypesModule, { name, type, path, role, errors }: MessageValue): string[] {
  const locals = types.locals();
  const values: Encodable[] = type === null ? [] : [{ type, value: locals.claim(name), path, range: null }];
  const what = name.charAt(0).toUpperCase() + name.slice(1);
  const start = errors === undefined ? undefined : statusLines(types, errors);
  const prefix = errors === undefined ? "none" : "status";
  return [
    ...method(`encode${what}(${values[0]?.value ?? ""})`, encodeBody(types, role, values, locals, prefix)),
    ...method(`decode${what}(bytes)`, decodeValueBody(types, role, { type, path }, types.locals(), start)),
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
