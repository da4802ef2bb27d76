/** Types as written to types with their size. Null where something in them was reported. */
import { maxNesting } from "../source/limits.js";
import type { TypeNode } from "../syntax/ast.js";
import { buildLength } from "./build-length.js";
import { type Building, sourceText } from "./building.js";
import {
  fixedSize,
  floatBytes,
  integerBounds,
  integerBytes,
  isOpenEnded,
  maxMessageBytes,
  sizeOfItems,
} from "./layout.js";
import type { FloatName, IntegerName, Span, Type } from "./model.js";

const oneByte = fixedSize(1);

export function buildType(node: TypeNode, building: Building): Type | null {
  // Suffixes are as deep as the text is long: a stack of its own instead of the machine's.
  const outer: TypeNode[] = [];
  let inner = node;
  while ((inner.kind === "sized" && !isText(inner.item)) || inner.kind === "optional") {
    outer.push(inner);
    inner = inner.kind === "sized" ? inner.item : inner.value;
  }
  let type = buildInnermost(inner, building);
  for (let wrap = outer.pop(); wrap !== undefined && type !== null; wrap = outer.pop()) {
    type =
      wrap.kind === "optional" ? buildOptional(type, wrap.span, building) : buildList(type, wrap, building);
    if (type !== null) type = checkLimits(type, wrap.span, building);
  }
  return type;
}

/** Nesting of a type: 1 for a number, one more for each list, optional, struct, union around it. */
export function depthOf(type: Type, building: Building): number {
  switch (type.kind) {
    case "list":
      return depthOf(type.item, building) + 1;
    case "optional":
      return depthOf(type.value, building) + 1;
    case "struct":
    case "union":
      return building.depths.get(type.declaration) ?? 1;
    default:
      return 1;
  }
}

/** Reports what is too large or nested too deep; null then. */
export function checkLimits<T extends Type>(type: T, span: Span, building: Building): T | null {
  const name = sourceText(span, building);
  if (depthOf(type, building) > maxNesting) {
    building.report("RPC3014", span, { name, limit: maxNesting });
    return null;
  }
  if (type.size.max !== null && type.size.max > maxMessageBytes) {
    building.report("RPC3007", span, { what: name, bytes: type.size.max });
    return null;
  }
  return type;
}

/** `bytes` and `string` take a length of their own; behind any other name it makes a list. */
function isText(node: TypeNode): node is TypeNode & { kind: "name" } {
  return node.kind === "name" && (node.name.text === "bytes" || node.name.text === "string");
}

function buildInnermost(node: TypeNode, building: Building): Type | null {
  switch (node.kind) {
    case "name":
      return buildNamed(node, building);
    case "generic":
      building.report("RPC4001", node.span, { type: sourceText(node.span, building) });
      return null;
    case "sized": {
      const length = buildLength(node.length, building);
      if (length === null || node.item.kind !== "name") return null;
      const kind = node.item.name.text === "bytes" ? "bytes" : "string";
      const type: Type = { kind, length, size: sizeOfItems(oneByte, length), alias: null };
      return checkLimits(type, node.span, building);
    }
    case "optional":
      return null;
  }
}

function buildNamed(node: TypeNode & { kind: "name" }, building: Building): Type | null {
  const { text } = node.name;
  if (text === "pad") {
    reportPad(sourceText(node.span, building), node.span, building);
    return null;
  }
  const builtin = buildBuiltin(text);
  if (builtin !== null) return builtin;
  const declared = building.scope.findType(node.name);
  const declaration = declared === null ? undefined : building.built.get(declared);
  switch (declaration?.kind) {
    case "enum":
      return { kind: "enum", declaration, size: declaration.base.size, alias: null };
    case "flags":
      return { kind: "flags", declaration, size: declaration.base.size, alias: null };
    case "struct":
      return { kind: "struct", declaration, size: declaration.size, alias: null };
    case "union":
      return { kind: "union", declaration, size: declaration.size, alias: null };
    case "alias":
      return { ...declaration.target, alias: declaration };
    default:
      return null;
  }
}

function buildBuiltin(text: string): Type | null {
  const bigEndian = text.endsWith("be");
  const name = bigEndian ? text.slice(0, -"be".length) : text;
  if (isInteger(name) && !(bigEndian && integerBytes[name] === 1)) {
    const size = fixedSize(integerBytes[name]);
    return { kind: "integer", name, bigEndian, ...integerBounds(name), size, alias: null };
  }
  if (isFloat(name)) {
    return { kind: "float", name, bigEndian, size: fixedSize(floatBytes[name]), alias: null };
  }
  switch (text) {
    case "bool":
      return { kind: "bool", size: oneByte, alias: null };
    case "json":
      // The shortest text of JSON is one digit.
      return { kind: "json", size: { min: 1, max: null }, alias: null };
    case "bytes":
    case "string":
      return { kind: text, length: { kind: "tail" }, size: { min: 0, max: null }, alias: null };
    default:
      return null;
  }
}

/** Type of a field named `_`: padding; null, reported, for anything else. */
export function buildPad(node: TypeNode, span: Span, building: Building): Type | null {
  if (isPad(node) && node.length.kind === "fixed") {
    const length = buildLength(node.length, building);
    if (length?.kind !== "fixed") return null;
    return { kind: "pad", count: length.count, size: fixedSize(length.count), alias: null };
  }
  reportPad(sourceText(span, building), span, building);
  return null;
}

/** `pad` with any length. */
export function isPad(node: TypeNode): node is TypeNode & { kind: "sized" } {
  return node.kind === "sized" && node.item.kind === "name" && node.item.name.text === "pad";
}

export function reportPad(found: string, span: Span, building: Building): void {
  building.report("RPC3018", span, { found });
}

function buildOptional(value: Type, span: Span, building: Building): Type | null {
  if (value.kind === "optional") {
    const inner = value.alias === null ? { ...span, end: span.end - 1 } : span;
    building.report("RPC3005", span, { type: sourceText(inner, building) });
    return null;
  }
  const max = value.size.max === null ? null : value.size.max + 1;
  return { kind: "optional", form: "presence", value, size: { min: 1, max }, alias: null };
}

function buildList(item: Type, node: TypeNode, building: Building): Type | null {
  if (node.kind !== "sized") return null;
  const length = buildLength(node.length, building);
  if (isOpenEnded(item)) reportOpenEnded(node.item, "in a list", building);
  if (length === null || isOpenEnded(item)) return null;
  return { kind: "list", item, length, size: sizeOfItems(item.size, length), alias: null };
}

/** `where` completes "has no bound and stands …". */
export function reportOpenEnded(node: TypeNode, where: string, building: Building): void {
  const type = sourceText(node.span, building);
  const bounded = isText(node) ? `\`${node.name.text}[<=64]\`` : null;
  const list =
    node.kind === "sized" && node.length.kind === "tail" ? type.replace(/\[\s*\]`$/, "[<=16]`") : null;
  building.report("RPC3004", node.span, { type, where, bounded: bounded ?? list });
}

function isInteger(text: string): text is IntegerName {
  return Object.hasOwn(integerBytes, text);
}

function isFloat(text: string): text is FloatName {
  return Object.hasOwn(floatBytes, text);
}
