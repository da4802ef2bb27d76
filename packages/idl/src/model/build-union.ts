/** Unions: a tag, then the variant that it names; a variant may have no payload. */
import { uniqueNames } from "../check/unique-names.js";
import { quote } from "../source/quote.js";
import type { UnionNode, VariantNode } from "../syntax/ast.js";
import { buildBase } from "./build-members.js";
import { buildType, checkLimits, depthOf } from "./build-type.js";
import { buildValue } from "./build-value.js";
import { type Building, describe } from "./building.js";
import { reportClashes } from "./clashes.js";
import { sizeOfChoice } from "./layout.js";
import type { About, IntegerType, UnionDeclaration, UnionVariant } from "./model.js";

export function buildUnion(node: UnionNode, building: Building): UnionDeclaration | null {
  const { about } = describe(node, "a union", building);
  const { text, span } = node.name;
  const base = buildBase(node, building);
  const nodes = uniqueNames(node.variants, "Variant", building.report);
  const described = nodes.map((each) => ({ each, about: describe(each, "a variant", building).about }));
  reportClashes(
    described.map((one) => one.about),
    building.report,
  );
  if (nodes.length === 0 && !node.damaged) {
    building.report("RPC3010", span, { name: quote(text), what: "variants" });
  }
  const variants: UnionVariant[] = [];
  for (const one of described) {
    const variant = buildVariant(one.each, one.about, base, building);
    if (variant === null) continue;
    const same = variants.find((earlier) => earlier.tag === variant.tag);
    if (same === undefined) variants.push(variant);
    else reportTag(one.each, variant, same, building);
  }
  if (base === null || variants.length === 0 || variants.length < node.variants.length) return null;
  const size = sizeOfChoice(
    base.size,
    variants.map((each) => each.type?.size ?? null),
  );
  const declaration: UnionDeclaration = { ...about, kind: "union", base, variants, size };
  const depths = variants.map((each) => (each.type === null ? 0 : depthOf(each.type, building)));
  building.depths.set(declaration, 1 + Math.max(...depths));
  return checkLimits({ kind: "union", declaration, size, alias: null }, span, building)?.declaration ?? null;
}

/** Null where it had a mistake; its type is looked at even where there is no base to fit the tag to. */
function buildVariant(
  node: VariantNode,
  about: About,
  base: IntegerType | null,
  building: Building,
): UnionVariant | null {
  const type = node.type === null ? null : buildType(node.type, building);
  if (base === null || node.tag === null) return null;
  const tag = buildValue(node.tag, base, building);
  if (tag?.kind !== "integer" || (type === null && !node.bare)) return null;
  return { ...about, tag: tag.value, type };
}

function reportTag(node: VariantNode, one: UnionVariant, other: UnionVariant, building: Building): void {
  building.report("RPC3012", node.tag?.span ?? node.name.span, {
    name: quote(one.names.source),
    other: quote(other.names.source),
    value: `${one.tag}`,
  });
}
