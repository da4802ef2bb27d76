/** Writes the class of a declared error, and the object that says how it is packed. */
import type { ErrorDeclaration, Field } from "@rpcgen/idl/model";
import { aboutLines, docComment } from "./doc-text.js";
import { block, indented } from "./lines.js";
import { encodeLines, failing, viewOf } from "./message-codec.js";
import { ReadWriter } from "./read.js";
import { stringText, typeText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";

export function errorClass(types: TypesModule, error: ErrorDeclaration): string {
  const name = types.declared(error);
  const fields = fieldsOf(types, error);
  const properties = fields.flatMap(([field, property]) => [
    ...docComment(aboutLines(field)),
    `readonly ${property}: ${typeText(field.type, types)};`,
  ]);
  const given = fields.map(([field, property]) => `readonly ${property}: ${typeText(field.type, types)}`);
  const parameter = fields.length === 0 ? "" : `fields: { ${given.join("; ")} }`;
  const body = [
    `super(${stringText(error.names.typescript)}, ${fields.length === 0 ? "{}" : "fields"});`,
    ...fields.map(([, property]) => `this.${property} = fields.${property};`),
  ];
  const members = [
    ...properties,
    ...(fields.length === 0 ? [] : [""]),
    ...block(`constructor(${parameter})`, body),
  ];
  const head = `export class ${name} extends ${types.runtime("RemoteError")}`;
  return [...docComment(aboutLines(error)), ...block(head, members)].join("\n");
}

export function errorCodec(types: TypesModule, error: ErrorDeclaration): string {
  const name = types.declared(error);
  const members = [
    `number: ${error.number},`,
    `isOwn: (error) => error instanceof ${name},`,
    ...block(encodeHead(error), encodeBodyOf(types, error), "},"),
    ...block(error.fields.length === 0 ? "decode()" : "decode(from)", decodeBodyOf(types, error), "},"),
  ];
  const { codec } = types.error(error);
  const about = docComment([`How ${name} is packed as an answer.`]);
  const lines = ["{", ...indented(members), `} satisfies ${types.runtime("ErrorCodec")}<${name}>`];
  return [...about, `export const ${codec} = ${lines.join("\n")};`].join("\n");
}

function encodeHead({ fields }: ErrorDeclaration): string {
  return fields.length === 0 ? "encode()" : "encode(value)";
}

function encodeBodyOf(types: TypesModule, error: ErrorDeclaration): string[] {
  if (error.fields.length === 0) return [`return Uint8Array.of(${error.number});`];
  const properties = types.error(error).fields;
  const values = error.fields.map((field) => {
    return { ...field, value: `value.${properties.get(field)}`, path: field.names.typescript };
  });
  const lines = encodeLines(types, values, types.locals(), { start: 1, status: error.number });
  return failing(types, "badResult", "encode", lines);
}

function decodeBodyOf(types: TypesModule, error: ErrorDeclaration): string[] {
  const { lines, names } = new ReadWriter(types, types.locals()).fields(error.fields);
  const given = fieldsOf(types, error).map(([, property], i) => {
    return names[i] === property ? property : `${property}: ${names[i]}`;
  });
  const argument = given.length === 0 ? "" : `{ ${given.join(", ")} }`;
  return [...viewOf("from", lines), `return new ${types.declared(error)}(${argument});`];
}

/** Those that have a value, with the names that they have as properties. */
function fieldsOf(types: TypesModule, error: ErrorDeclaration): [Field, string][] {
  return [...types.error(error).fields];
}
