/** `<file>.types.ts`: types, enums, constants, sizes, codecs. No behaviour. */
import type {
  Alias,
  Constant,
  Declaration,
  EnumDeclaration,
  ErrorDeclaration,
  FlagsDeclaration,
  InterfaceDeclaration,
  Model,
  StructDeclaration,
  UnionDeclaration,
} from "@rpcgen/idl/model";
import type { TargetOptions } from "../target.js";
import { aboutLines, docComment } from "./doc-text.js";
import { enumFunctions } from "./enum-codec.js";
import { errorClass, errorCodec } from "./error-class.js";
import { functionCodecs, sizeText } from "./function-codecs.js";
import { indented } from "./lines.js";
import { messageFunctions } from "./message-functions.js";
import type { InterfaceStatement, Statement, TypeAliasStatement } from "./statement.js";
import { structFunctions } from "./struct-codec.js";
import {
  isBigint,
  memberLiterals,
  stringText,
  targetText,
  typeText,
  valuedFields,
  valueText,
} from "./type-text.js";
import type { PackedDeclaration, TypesModule } from "./types-module.js";
import { unionFunctions, unionText } from "./union-codec.js";

export function typesStatements(
  model: Model,
  types: TypesModule,
  { generatorVersion }: TargetOptions,
): Statement[] {
  const inOrder = [
    ...model.declarations.filter((one) => !refersToMember(one)),
    ...model.declarations.filter(refersToMember),
  ];
  const declared = inOrder.flatMap((declaration) => declarationStatements(types, declaration));
  const results = types.resultStructs.map((struct) => interfaceOf(types, struct));
  const errors = ofKind(model, "error").map((error) => errorCodec(types, error as ErrorDeclaration));
  const functions = model.interfaces.flatMap((one) => [
    exportedConst(types.declared(one), functionCodecs(types, one).join("\n"), [
      `How the messages of ${one.names.typescript} are packed, by function.`,
    ]),
    schemaOf(types, one, generatorVersion),
  ]);
  const packed = model.declarations.filter(isPacked);
  const codecs = packed.flatMap((declaration) => messageFunctions(types, declaration));
  const packers = [...packed, ...types.resultStructs].flatMap((declaration) =>
    declaration.kind === "struct" ? structFunctions(types, declaration) : unionFunctions(types, declaration),
  );
  // Last: by now it is known which enums are read.
  const enums = ofKind(model, "enum").flatMap((one) => enumFunctions(types, one as EnumDeclaration));
  return [...declared, ...results, ...errors, ...functions, ...codecs, ...packers, ...enums];
}

/** A constant made of members, which may stand in front of them in the file, but not in TypeScript. */
function refersToMember(declaration: Declaration): boolean {
  if (declaration.kind !== "constant") return false;
  return declaration.value.kind === "member" || declaration.value.kind === "flags";
}

function ofKind(model: Model, kind: Declaration["kind"]): readonly Declaration[] {
  return model.declarations.filter((declaration) => declaration.kind === kind);
}

function isPacked(declaration: Declaration): declaration is PackedDeclaration {
  return declaration.kind === "struct" || declaration.kind === "union";
}

function declarationStatements(types: TypesModule, declaration: Declaration): Statement[] {
  switch (declaration.kind) {
    case "constant":
      return [constantOf(types, declaration)];
    case "enum":
    case "flags":
      return [...enumOf(types, declaration), sizeOf(types, declaration, declaration.base.size)];
    case "alias":
      return [aliasOf(types, declaration), sizeOf(types, declaration, declaration.target.size)];
    case "struct":
      return [interfaceOf(types, declaration), sizeOf(types, declaration, declaration.size)];
    case "union":
      return [unionOf(types, declaration), sizeOf(types, declaration, declaration.size)];
    case "error":
      return [errorClass(types, declaration), sizeOf(types, declaration, declaration.size)];
  }
}

/** What the handshake compares. The canonical text is in the files that have use for it. */
function schemaOf(types: TypesModule, declared: InterfaceDeclaration, generatorVersion: string): Statement {
  const members = [
    `name: ${stringText(declared.names.source)},`,
    `nameHash: 0x${declared.nameHash.toString(16).padStart(8, "0")},`,
    `fingerprint: "${declared.fingerprint}",`,
    `generatorVersion: ${stringText(generatorVersion)},`,
  ];
  const value = ["{", ...indented(members), `} satisfies ${types.runtime("InterfaceSchema")}`].join("\n");
  return exportedConst(types.schema(declared), value, [
    `How ${declared.names.typescript} is told from versions that pack differently.`,
  ]);
}

function constantOf(types: TypesModule, constant: Constant): string {
  const value = valueText(constant.value, constant.type, types);
  return exportedConst(types.declared(constant), value, aboutLines(constant));
}

function enumOf(types: TypesModule, declaration: EnumDeclaration | FlagsDeclaration): Statement[] {
  const name = types.declared(declaration);
  const literals = memberLiterals(declaration);
  const members = declaration.members.flatMap((member, i) => [
    ...docComment(aboutLines(member)),
    `${member.names.typescript}: ${literals[i] as string},`,
  ]);
  const about = aboutLines(declaration);
  return [
    exportedConst(name, ["{", ...indented(members), "} as const"].join("\n"), about),
    typeAlias(name, memberType(name, declaration), [...about, ...openness(declaration)]),
  ];
}

/** `number & {}` keeps the members' names in an editor's suggestions, which a plain `number` swallows. */
function memberType(name: string, declaration: EnumDeclaration | FlagsDeclaration): string {
  const number = isBigint(declaration.base.name) ? "bigint" : "number";
  if (declaration.kind === "flags") return number;
  const members = `(typeof ${name})[keyof typeof ${name}]`;
  return declaration.open ? `${members} | (${number} & {})` : members;
}

function openness(declaration: EnumDeclaration | FlagsDeclaration): string[] {
  const { kind, doc, base } = declaration;
  const gap = doc === "" ? [] : [""];
  if (kind === "flags")
    return [...gap, `A set of bits, joined with \`|\`. Any ${base.name} will do: unknown bits are kept.`];
  return declaration.open ? [...gap, `Any ${base.name} will do: an unknown number is kept.`] : [];
}

function unionOf(types: TypesModule, union: UnionDeclaration): TypeAliasStatement {
  const variants = union.variants.flatMap((variant) => {
    const [first, ...rest] = aboutLines(variant);
    return first === undefined
      ? []
      : [`- \`${variant.names.typescript}\`: ${first}`, ...rest.map((line) => `  ${line}`)];
  });
  const about = aboutLines(union);
  const gap = about.length > 0 && variants.length > 0 ? [""] : [];
  return typeAlias(types.declared(union), unionText(types, union), [...about, ...gap, ...variants]);
}

function aliasOf(types: TypesModule, alias: Alias): TypeAliasStatement {
  // An alias of an alias is spelled with the other's name.
  const target =
    alias.target.alias === alias ? targetText(alias.target, types) : typeText(alias.target, types);
  return typeAlias(types.declared(alias), target, aboutLines(alias));
}

function interfaceOf(types: TypesModule, struct: StructDeclaration): InterfaceStatement {
  return {
    kind: "interface",
    name: types.declared(struct),
    extends: null,
    doc: aboutLines(struct),
    members: valuedFields(struct.fields).map((field) => ({
      kind: "property",
      name: field.names.typescript,
      type: typeText(field.type, types),
      doc: aboutLines(field),
    })),
  };
}

function sizeOf(types: TypesModule, declaration: Declaration, size: StructDeclaration["size"]): Statement {
  const about = [`Bytes of a packed ${types.declared(declaration)}.`];
  return exportedConst(types.size(declaration), `${sizeText(size)} as const`, about);
}

function exportedConst(name: string, initializer: string, doc: readonly string[]): string {
  return [...docComment(doc), `export const ${name} = ${initializer};`].join("\n");
}

function typeAlias(name: string, type: string, doc: readonly string[]): TypeAliasStatement {
  return { kind: "type", name, type, doc };
}
