/** Constants, enums, aliases and structs. What they are made of has been built before them. */
import { integerNames } from "../check/builtin-types.js";
import { uniqueNames } from "../check/unique-names.js";
import { quote } from "../source/quote.js";
import type {
  AliasNode,
  ConstantNode,
  DeclarationNode,
  EnumNode,
  MemberNode,
  StructNode,
} from "../syntax/ast.js";
import { buildSequence, refuseDefaults } from "./build-fields.js";
import { buildType, checkLimits, depthOf } from "./build-type.js";
import { buildValue } from "./build-value.js";
import { type Building, describe, sourceText } from "./building.js";
import { reportClashes } from "./clashes.js";
import type {
  Alias,
  Constant,
  Declaration,
  EnumDeclaration,
  EnumMember,
  IntegerType,
  StructDeclaration,
} from "./model.js";

/** Null for what had a mistake, and for what is no declaration of a model. */
export function buildDeclaration(node: DeclarationNode, building: Building): Declaration | null {
  switch (node.kind) {
    case "constant":
      return buildConstant(node, building);
    case "enum":
      return buildEnum(node, building);
    case "alias":
      return buildAlias(node, building);
    case "struct":
      return buildStruct(node, building);
    case "interface":
    case "later":
      return null;
  }
}

const constantKinds: ReadonlySet<string> = new Set(["integer", "float", "bool", "string", "enum"]);

function buildConstant(node: ConstantNode, building: Building): Constant | null {
  const { about } = describe(node, "a constant", building);
  const type = node.type === null ? null : buildType(node.type, building);
  if (node.type === null || type === null) return null;
  if (!constantKinds.has(type.kind)) {
    building.report("RPC3013", node.type.span, { type: sourceText(node.type.span, building) });
    return null;
  }
  const value = node.value === null ? null : buildValue(node.value, type, building);
  return value === null ? null : { ...about, kind: "constant", type, value };
}

function buildEnum(node: EnumNode, building: Building): EnumDeclaration | null {
  const { about } = describe(node, "an enum", building);
  const base = buildBase(node, building);
  const nodes = uniqueNames(node.members, "Member", building.report);
  const abouts = nodes.map((member) => describe(member, "an enum member", building).about);
  reportClashes(abouts, building.report);
  if (nodes.length === 0 && !node.damaged) {
    building.report("RPC3010", node.name.span, { name: quote(node.name.text), what: "members" });
  }
  if (base === null) return null;
  const members: EnumMember[] = [];
  for (const [index, member] of nodes.entries()) {
    const value = memberNumber(member, base, members, building);
    const described = abouts[index];
    if (value !== null && described !== undefined) members.push({ ...described, value });
  }
  if (members.length === 0 || members.length < node.members.length) return null;
  return { ...about, kind: "enum", base, members };
}

function buildBase(node: EnumNode, building: Building): IntegerType | null {
  if (node.base === null) {
    if (!node.damaged) reportBase(node, "nothing", building);
    return null;
  }
  const base = buildType(node.base, building);
  if (base === null || base.kind === "integer") return base;
  reportBase(node, sourceText(node.base.span, building), building);
  return null;
}

function reportBase(node: EnumNode, found: string, building: Building): void {
  const suggestion = `\`enum ${node.name.text}: ${integerNames[0]}\``;
  building.report("RPC3011", node.base?.span ?? node.name.span, { found, suggestion });
}

function memberNumber(
  node: MemberNode,
  base: IntegerType,
  earlier: readonly EnumMember[],
  building: Building,
): bigint | null {
  const { text, span } = node.name;
  if (node.valueMissing) {
    const free = earlier.reduce((next, each) => (each.value < next ? next : each.value + 1n), 0n);
    const suggestion = quote(`${text} = ${free}`);
    building.report("RPC3015", span, { name: quote(text), suggestion });
  }
  const value = node.value === null ? null : buildValue(node.value, base, building);
  if (value?.kind !== "integer") return null;
  const same = earlier.find((each) => each.value === value.value);
  if (same === undefined) return value.value;
  building.report("RPC3012", node.value?.span ?? span, {
    name: quote(text),
    other: quote(same.names.source),
    value: `${value.value}`,
  });
  return null;
}

function buildAlias(node: AliasNode, building: Building): Alias | null {
  const { about } = describe(node, "a type", building);
  const target = node.target === null ? null : buildType(node.target, building);
  return target === null ? null : { ...about, kind: "alias", target };
}

function buildStruct(node: StructNode, building: Building): StructDeclaration | null {
  const { about } = describe(node, "a struct", building);
  refuseDefaults(node.fields, "field of a struct", building);
  const { text, span } = node.name;
  const what = `The struct ${quote(text)}`;
  const built = buildSequence(node.fields, { isMessage: false, place: "a field", what, span }, building);
  if (node.fields.length === 0 && !node.damaged) {
    building.report("RPC3010", span, { name: quote(text), what: "fields" });
  }
  if (built === null || node.damaged || built.fields.length === 0) return null;
  const { fields, size } = built;
  const declaration: StructDeclaration = { ...about, kind: "struct", fields, size };
  building.structDepths.set(
    declaration,
    1 + Math.max(...fields.map((field) => depthOf(field.type, building))),
  );
  return checkLimits({ kind: "struct", declaration, size, alias: null }, span, building)?.declaration ?? null;
}
