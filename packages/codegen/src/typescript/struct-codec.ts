/** Writes the functions that pack one struct, and those that encode and decode it on its own. */
import type { EnumDeclaration, StructDeclaration } from "@rpcgen/idl/model";
import { type FunctionDeclarationStructure, StructureKind } from "ts-morph";
import { docs } from "./doc-text.js";
import { block, withArticle } from "./lines.js";
import { MeasureWriter } from "./measure.js";
import { addsToSize, decodeValueBody, encodeBody, summed, viewOf } from "./message-codec.js";
import { ReadWriter } from "./read.js";
import { isBigint, memberLiterals, stringText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import { WriteWriter } from "./write.js";

/** Check or measure, write, read. */
export function structFunctions(
  types: TypesModule,
  struct: StructDeclaration,
): FunctionDeclarationStructure[] {
  const names = types.struct(struct);
  const type = types.declared(struct);
  const isFixed = struct.size.min === struct.size.max;
  const to = { name: "to", type: types.runtime("Writer") };
  const at = { name: "at", type: "number" };
  const value = { name: "value", type };
  const from = { name: "from", type: types.runtime("Reader") };
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
  const members = struct.fields.map(({ names: { typescript } }, i) => {
    return names[i] === typescript ? typescript : `${typescript}: ${names[i] as string}`;
  });
  return [...viewOf("from", lines), `return { ${members.join(", ")} };`];
}

/** The exported `encode…` and `decode…`: a struct as a whole message. */
export function structMessageFunctions(
  types: TypesModule,
  struct: StructDeclaration,
): FunctionDeclarationStructure[] {
  const { encode, decode } = types.codec(struct);
  const type = { kind: "struct", declaration: struct, size: struct.size, alias: null } as const;
  const name = types.declared(struct);
  const encodable = [{ type, value: "value", path: "" }];
  return [
    {
      ...functionOf(
        encode,
        [{ name: "value", type: name }],
        "Uint8Array",
        encodeBody(types, "badArgument", encodable, types.locals(), 0),
      ),
      isExported: true,
      docs: docs([
        `Packs ${withArticle(name)}. Throws an RpcError of code \`bad-argument\` where it does not fit.`,
      ]),
    },
    {
      ...functionOf(
        decode,
        [{ name: "bytes", type: "Uint8Array" }],
        name,
        decodeValueBody(types, "badResult", { type, path: "" }, types.locals(), false),
      ),
      isExported: true,
      docs: docs([
        `Unpacks ${withArticle(name)} and nothing else. Throws an RpcError of code \`bad-result\`.`,
      ]),
    },
  ];
}

/** The exported test, and the check of a number from the wire where any code asks for it. */
export function enumFunctions(
  types: TypesModule,
  declaration: EnumDeclaration,
): FunctionDeclarationStructure[] {
  const type = types.declared(declaration);
  const cases = memberLiterals(declaration).map((literal) => `case ${literal}:`);
  const test = types.enumTest(declaration);
  const body = block("switch (value)", [...cases, "  return true;", "default:", "  return false;"]);
  const is: FunctionDeclarationStructure = {
    ...functionOf(test, [{ name: "value", type: "unknown" }], `value is ${type}`, body),
    isExported: true,
    docs: docs([`Is it one of the members of ${type}?`]),
  };
  if (!types.isRead(declaration)) return [is];
  const wanted = stringText(withArticle(declaration.names.typescript));
  const number = isBigint(declaration.base.name) ? "bigint" : "number";
  const read = functionOf(
    types.enumReader(declaration),
    [
      { name: "value", type: number },
      { name: "path", type: "string" },
    ],
    type,
    [`if (${test}(value)) return value;`, `throw ${types.runtime("misfit")}(path, value, ${wanted});`],
  );
  return [is, read];
}

function functionOf(
  name: string,
  parameters: { readonly name: string; readonly type: string }[],
  returnType: string,
  lines: readonly string[],
): FunctionDeclarationStructure {
  // One text: between items of an array ts-morph would put empty lines.
  return { kind: StructureKind.Function, name, parameters, returnType, statements: lines.join("\n") };
}
