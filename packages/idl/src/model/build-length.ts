/** Lengths of lists, bytes and strings: literals or constants, and the width of their count. */
import type { LengthNode, NameNode, ValueNode } from "../syntax/ast.js";
import { buildInteger } from "./build-value.js";
import { type Building, sourceText } from "./building.js";
import { countFor, integerBounds, maxMessageBytes } from "./layout.js";
import type { Length } from "./model.js";

export function buildLength(node: LengthNode, building: Building): Length | null {
  if (node.kind === "tail") return { kind: "tail" };
  if (node.kind === "fixed") {
    const count = buildBound(node.count, building);
    return count === null ? null : { kind: "fixed", count };
  }
  const max = buildBound(node.max, building);
  const count =
    node.count === null ? (max === null ? null : countFor(max)) : writtenCount(node.count, building);
  if (max === null || count === null) return null;
  const holds = integerBounds(count).max;
  if (BigInt(max) > holds && node.count !== null) {
    const suggestion = `\`${countFor(max)} <= ${max}\``;
    building.report("RPC3008", node.count.span, {
      count: `\`${count}\``,
      max: `${holds}`,
      bound: max,
      suggestion,
    });
    return null;
  }
  return { kind: "bounded", max, count };
}

function buildBound(node: ValueNode, building: Building): number | null {
  const value = buildInteger(node, building);
  if (value === null) return null;
  if (value >= 1n && value <= BigInt(maxMessageBytes)) return Number(value);
  const found = node.kind === "name" ? `${sourceText(node.span, building)}, ${value}` : `${value}`;
  building.report("RPC3003", node.span, { limit: maxMessageBytes, found });
  return null;
}

function writtenCount(name: NameNode, building: Building): "u8" | "u16" | "u32" | null {
  const { text } = name;
  if (text === "u8" || text === "u16" || text === "u32") return text;
  building.report("RPC3009", name.span, { found: sourceText(name.span, building) });
  return null;
}
