/** Writes the functions that pack one struct. */
import type { StructDeclaration } from "@rpcgen/idl/model";
import { functionOf, packerParameters } from "./function-text.js";
import { withArticle } from "./lines.js";
import { MeasureWriter } from "./measure.js";
import { addsToSize, summed, viewOf } from "./message-codec.js";
import { ReadWriter } from "./read.js";
import type { FunctionStatement } from "./statement.js";
import { stringText, valuedFields } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import { WriteWriter } from "./write.js";

/** Check or measure, write, read. */
export function structFunctions(types: TypesModule, struct: StructDeclaration): FunctionStatement[] {
  const names = types.packer(struct);
  const type = types.declared(struct);
  const isFixed = struct.size.min === struct.size.max;
  const { to, at, value, from } = packerParameters(types, type);
  return [
    functionOf(names.measure, [value], isFixed ? "void" : "number", measureLines(types, struct)),
    functionOf(names.write, [to, at, value], isFixed ? "void" : "number", writeLines(types, struct)),
    functionOf(names.read, isFixed ? [from, at] : [from], type, readLines(types, struct)),
  ];
}

function measureLines(types: TypesModule, struct: StructDeclaration): string[] {
  const wanted = stringText(withArticle(struct.names.typescript));
  const test = `if (typeof value !== "object" || value === null) throw ${types.runtime("misfit")}("", value, ${wanted});`;
  const writer = new MeasureWriter(types, types.locals());
  const { fixed, lines } = writer.fields(struct.fields, (field) => `value.${field.names.typescript}`);
  if (struct.size.min === struct.size.max) return [test, ...lines];
  if (!addsToSize(lines)) return [test, ...lines, `return ${fixed};`];
  return [test, ...summed(fixed, lines), "return size;"];
}

function writeLines(types: TypesModule, struct: StructDeclaration): string[] {
  const writer = new WriteWriter(types, types.locals(), "at", 0);
  writer.fields(struct.fields, (field) => `value.${field.names.typescript}`);
  const isFixed = struct.size.min === struct.size.max;
  return viewOf("to", writer.finish(isFixed ? "drop" : "return"));
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
