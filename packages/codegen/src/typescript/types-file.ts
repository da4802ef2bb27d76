/** `<file>.types.ts`: types, enums, constants, sizes, codecs. No behaviour. */
import type {
  Alias,
  Constant,
  Declaration,
  EnumDeclaration,
  Model,
  StructDeclaration,
} from "@rpcgen/idl/model";
import {
  type InterfaceDeclarationStructure,
  StructureKind,
  type TypeAliasDeclarationStructure,
} from "ts-morph";
import { aboutLines, type Docs, docComment, docs } from "./doc-text.js";
import { functionCodecs, sizeText } from "./function-codecs.js";
import { indented } from "./lines.js";
import type { Statement } from "./source-text.js";
import { enumFunctions, structFunctions, structMessageFunctions } from "./struct-codec.js";
import { memberLiterals, targetText, typeText, valueText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";

export function typesStatements(model: Model, types: TypesModule): Statement[] {
  const declared = model.declarations.flatMap((declaration) => declarationStatements(types, declaration));
  const results = types.resultStructs.map((struct) => interfaceOf(types, struct));
  const functions = model.interfaces.map((one) =>
    exportedConst(types.declared(one), functionCodecs(types, one).join("\n"), [
      `How the messages of ${one.names.typescript} are packed, by function.`,
    ]),
  );
  const structs = model.declarations.filter(({ kind }) => kind === "struct") as StructDeclaration[];
  const enums = model.declarations.filter(({ kind }) => kind === "enum") as EnumDeclaration[];
  const codecs = structs.flatMap((struct) => structMessageFunctions(types, struct));
  const packers = [...structs, ...types.resultStructs].flatMap((struct) => structFunctions(types, struct));
  // Last: by now it is known which enums are read.
  const tests = enums.flatMap((declaration) => enumFunctions(types, declaration));
  return [...declared, ...results, ...functions, ...codecs, ...packers, ...tests];
}

function declarationStatements(types: TypesModule, declaration: Declaration): Statement[] {
  switch (declaration.kind) {
    case "constant":
      return [constantOf(types, declaration)];
    case "enum":
      return [...enumOf(types, declaration), sizeOf(types, declaration, declaration.base.size)];
    case "alias":
      return [aliasOf(types, declaration), sizeOf(types, declaration, declaration.target.size)];
    case "struct":
      return [interfaceOf(types, declaration), sizeOf(types, declaration, declaration.size)];
  }
}

function constantOf(types: TypesModule, constant: Constant): string {
  const value = valueText(constant.value, constant.type, types);
  return exportedConst(types.declared(constant), value, aboutLines(constant));
}

function enumOf(types: TypesModule, declaration: EnumDeclaration): Statement[] {
  const name = types.declared(declaration);
  const literals = memberLiterals(declaration);
  const members = declaration.members.flatMap((member, i) => [
    ...docComment(aboutLines(member)),
    `${member.names.typescript}: ${literals[i] as string},`,
  ]);
  const about = aboutLines(declaration);
  return [
    exportedConst(name, ["{", ...indented(members), "} as const"].join("\n"), about),
    typeAlias(name, `(typeof ${name})[keyof typeof ${name}]`, docs(about)),
  ];
}

function aliasOf(types: TypesModule, alias: Alias): TypeAliasDeclarationStructure {
  // An alias of an alias is spelled with the other's name.
  const target =
    alias.target.alias === alias ? targetText(alias.target, types) : typeText(alias.target, types);
  return typeAlias(types.declared(alias), target, docs(aboutLines(alias)));
}

function interfaceOf(types: TypesModule, struct: StructDeclaration): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name: types.declared(struct),
    isExported: true,
    docs: docs(aboutLines(struct)),
    properties: struct.fields.map((field) => ({
      name: field.names.typescript,
      isReadonly: true,
      type: typeText(field.type, types),
      docs: docs(aboutLines(field)),
    })),
  };
}

function sizeOf(types: TypesModule, declaration: Declaration, size: StructDeclaration["size"]): Statement {
  const about = [`Bytes of a packed ${types.declared(declaration)}.`];
  return exportedConst(types.size(declaration), `${sizeText(size)} as const`, about);
}

/** As text: ts-morph would indent the lines of an initializer once more. */
function exportedConst(name: string, initializer: string, doc: readonly string[]): string {
  return ["", ...docComment(doc), `export const ${name} = ${initializer};`].join("\n");
}

function typeAlias(name: string, type: string, about: Docs): TypeAliasDeclarationStructure {
  return { kind: StructureKind.TypeAlias, leadingTrivia: "\n", name, type, isExported: true, docs: about };
}
