/** Constants, aliases and structs; the other declarations have files of their own. What they are made of was built before. */
import { quote } from "../source/quote.js";
import type { AliasNode, ConstantNode, DeclarationNode, StructNode } from "../syntax/ast.js";
import { buildError } from "./build-error.js";
import { buildSequence, isPadding, refuseDefaults } from "./build-fields.js";
import { buildEnum, buildFlags } from "./build-members.js";
import { buildType, checkLimits, depthOf } from "./build-type.js";
import { buildUnion } from "./build-union.js";
import { buildValue } from "./build-value.js";
import { type Building, describe, sourceText } from "./building.js";
import type { Alias, Constant, Declaration, StructDeclaration } from "./model.js";

/** Null for what had a mistake, and for what is no declaration of a model. */
export function buildDeclaration(node: DeclarationNode, building: Building): Declaration | null {
  switch (node.kind) {
    case "constant":
      return buildConstant(node, building);
    case "enum":
      return buildEnum(node, building);
    case "flags":
      return buildFlags(node, building);
    case "alias":
      return buildAlias(node, building);
    case "struct":
      return buildStruct(node, building);
    case "union":
      return buildUnion(node, building);
    case "error":
      return buildError(node, building);
    case "interface":
      return null;
  }
}

const constantKinds: ReadonlySet<string> = new Set(["integer", "float", "bool", "string", "enum", "flags"]);

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
  const sequence = { isMessage: false, place: "a field", role: "field", what, span } as const;
  const built = buildSequence(node.fields, sequence, building);
  // Padding alone has no value.
  if (node.fields.every(isPadding) && !node.damaged) {
    building.report("RPC3010", span, { name: quote(text), what: "fields" });
    return null;
  }
  if (built === null || node.damaged) return null;
  const { fields, size } = built;
  const declaration: StructDeclaration = { ...about, kind: "struct", fields, size };
  building.depths.set(declaration, 1 + Math.max(...fields.map((field) => depthOf(field.type, building))));
  return checkLimits({ kind: "struct", declaration, size, alias: null }, span, building)?.declaration ?? null;
}
