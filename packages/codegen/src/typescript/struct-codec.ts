/** Writes the functions that pack one struct. */
import type { StructDeclaration } from "@rpcgen/idl/model";
import { refusalOfNoObject } from "./check.js";
import { functionOf, packerParameters } from "./function-text.js";
import { viewOf } from "./message-codec.js";
import { ReadWriter } from "./read.js";
import type { FunctionStatement } from "./statement.js";
import { valuedFields } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import { type Encodable, WriteWriter } from "./write.js";

/** Write (checking) and read. */
export function structFunctions(types: TypesModule, struct: StructDeclaration): FunctionStatement[] {
  const names = types.packer(struct);
  const type = types.declared(struct);
  const isFixed = struct.size.min === struct.size.max;
  const { to, at, value, from } = packerParameters(types, type);
  return [
    functionOf(names.write, [to, at, value], isFixed ? "void" : "number", writeLines(types, struct)),
    functionOf(names.read, isFixed ? [from, at] : [from], type, readLines(types, struct)),
  ];
}

/** Every field is asked for once: what was checked is what is written. */
function writeLines(types: TypesModule, struct: StructDeclaration): string[] {
  const locals = types.locals();
  const values = struct.fields.map((field): Encodable => {
    const path = field.names.typescript;
    return { ...field, value: field.type.kind === "pad" ? "" : locals.claim(path), path };
  });
  const members = values
    .filter(({ type }) => type.kind !== "pad")
    .map(({ value, path }) => (value === path ? value : `${path}: ${value}`));
  const isFixed = struct.size.min === struct.size.max;
  const writer = new WriteWriter(types, locals, 0, isFixed);
  writer.values(values);
  return [
    refusalOfNoObject(types, struct.names.typescript, "value", ""),
    ...(members.length === 0 ? [] : [`const { ${members.join(", ")} } = value;`]),
    ...viewOf("to", writer.finish(isFixed ? null : (end) => `return ${end};`)),
  ];
}

function readLines(types: TypesModule, struct: StructDeclaration): string[] {
  const reader = new ReadWriter(types, types.locals());
  const isFixed = struct.size.min === struct.size.max;
  const { lines, names } = isFixed
    ? reader.fixedFields(struct.fields, { base: "at", offset: 0 })
    : reader.fields(struct.fields);
  const members = valuedFields(struct.fields).map(({ names: { typescript } }, i) => {
    return names[i] === typescript ? typescript : `${typescript}: ${names[i] as string}`;
  });
  return [...viewOf("from", lines), `return { ${members.join(", ")} };`];
}
