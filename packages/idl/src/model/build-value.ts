/** Values as written to values of a type: constants, numbers of enums, sets of flags, defaults. Nothing is cut. */
import { nearest } from "../check/nearest.js";
import { quote } from "../source/quote.js";
import type { NameNode, ValueNode } from "../syntax/ast.js";
import { type Building, sourceText } from "./building.js";
import { scalarText } from "./layout.js";
import type {
  EnumMember,
  FlagsDeclaration,
  FloatType,
  IntegerType,
  Span,
  StringType,
  Type,
  Value,
} from "./model.js";
import { utf8Length } from "./utf8-length.js";

/** The value for a type, or null where it was reported. Types that have no values in the source are not asked. */
export function buildValue(node: ValueNode, type: Type, building: Building): Value | null {
  const value = resolve(node, flagsOf(type), building);
  return value === null ? null : fitValue(value, type, node.span, building);
}

/** An integer of any size: a length or bound. */
export function buildInteger(node: ValueNode, building: Building): bigint | null {
  const value = resolve(node, null, building);
  if (value === null) return null;
  if (value.kind === "integer") return value.value;
  refuse("a whole number", node.span, building);
  return null;
}

/** The flags whose members may be written without their name: `RED` for `Led.RED`. */
function flagsOf(type: Type): FlagsDeclaration | null {
  if (type.kind === "optional") return flagsOf(type.value);
  return type.kind === "flags" ? type.declaration : null;
}

/** What the text says by itself; constants are followed. */
function resolve(node: ValueNode, flags: FlagsDeclaration | null, building: Building): Value | null {
  switch (node.kind) {
    case "integer":
      return { kind: "integer", value: node.value };
    case "float":
      return { kind: "float", value: node.value };
    case "string":
      return { kind: "string", value: node.value };
    case "bool":
      return { kind: "bool", value: node.value };
    case "null":
      return { kind: "null" };
    case "duration":
      refuse("a value", node.span, building);
      return null;
    case "name": {
      if (node.member !== null) return memberValue(node.name, node.member, building);
      const member = flags?.members.find((each) => each.names.source === node.name.text);
      return flags === null || member === undefined
        ? constantValue(node.name, building)
        : flagsValue(flags, [member]);
    }
    case "set":
      return setValue(node.parts, flags, building);
  }
}

function flagsValue(
  declaration: FlagsDeclaration,
  members: readonly EnumMember[],
): Value & { kind: "flags" } {
  const value = members.reduce((bits, member) => bits | member.value, 0n);
  return { kind: "flags", declaration, members, value };
}

/** `RED | GREEN`: all of one declaration. */
function setValue(
  parts: readonly ValueNode[],
  flags: FlagsDeclaration | null,
  building: Building,
): Value | null {
  let declaration = flags;
  const members = new Set<EnumMember>();
  let faulty = false;
  for (const part of parts) {
    const value = resolve(part, flags, building);
    if (value?.kind === "flags" && value.declaration === (declaration ?? value.declaration)) {
      declaration = value.declaration;
      for (const member of value.members) members.add(member);
      continue;
    }
    faulty = true;
    if (value === null) continue;
    const owner = declaration === null ? "flags" : quote(declaration.names.source);
    refuse(`a member of ${owner}`, part.span, building);
  }
  return faulty || declaration === null ? null : flagsValue(declaration, [...members]);
}

function constantValue(name: NameNode, building: Building): Value | null {
  const node = building.scope.findConstant(name);
  const constant = node === null ? undefined : building.built.get(node);
  return constant?.kind === "constant" ? constant.value : null;
}

function memberValue(name: NameNode, wanted: NameNode, building: Building): Value | null {
  const node = building.scope.findMembers(name);
  const declaration = node === null ? undefined : building.built.get(node);
  if (declaration?.kind !== "enum" && declaration?.kind !== "flags") return null;
  const member = declaration.members.find((each) => each.names.source === wanted.text);
  if (member !== undefined) {
    return declaration.kind === "flags"
      ? flagsValue(declaration, [member])
      : { kind: "member", declaration, member };
  }
  const known = declaration.members.map((each) => each.names.source);
  const near = nearest(wanted.text, known);
  building.report("RPC2008", wanted.span, {
    enum: quote(name.text),
    name: quote(wanted.text),
    suggestion: near === null ? null : near.replace("`", `\`${name.text}.`),
  });
  return null;
}

function fitValue(value: Value, type: Type, span: Span, building: Building): Value | null {
  switch (type.kind) {
    case "integer":
      if (value.kind === "integer") return fitInteger(value.value, type, span, building);
      return refuse("a whole number", span, building);
    case "float":
      if (value.kind === "integer" || value.kind === "float")
        return fitFloat(Number(value.value), type, span, building);
      return refuse("a number", span, building);
    case "bool":
      return value.kind === "bool" ? value : refuse("`true` or `false`", span, building);
    case "string":
      return value.kind === "string"
        ? fitString(value.value, type, span, building)
        : refuse("a string", span, building);
    case "enum": {
      if (value.kind === "member" && value.declaration === type.declaration) return value;
      return refuse(`a member of ${quote(type.declaration.names.source)}`, span, building);
    }
    case "flags":
      // No bit at all needs no member; other numbers would hide which bits they are.
      if (value.kind === "integer" && value.value === 0n) return flagsValue(type.declaration, []);
      if (value.kind === "flags" && value.declaration === type.declaration) return value;
      return refuse(`members of ${quote(type.declaration.names.source)}, or 0`, span, building);
    case "optional":
      return value.kind === "null" ? value : fitValue(value, type.value, span, building);
    case "bytes":
    case "list":
    case "json":
    case "struct":
    case "union":
    case "pad":
      return null;
  }
}

function refuse(expected: string, span: Span, building: Building): null {
  building.report("RPC3002", span, { expected, found: sourceText(span, building) });
  return null;
}

function fitInteger(value: bigint, type: IntegerType, span: Span, building: Building): Value | null {
  if (value >= type.min && value <= type.max) return { kind: "integer", value };
  building.report("RPC3001", span, {
    value: quote(`${value}`),
    type: quote(scalarText(type)),
    min: `${type.min}`,
    max: `${type.max}`,
  });
  return null;
}

/** The largest finite number of each. */
export const largestFloat = { f32: 3.4028234663852886e38, f64: Number.MAX_VALUE } as const;

function fitFloat(value: number, type: FloatType, span: Span, building: Building): Value | null {
  if (Number.isFinite(type.name === "f32" ? Math.fround(value) : value)) return { kind: "float", value };
  const max = largestFloat[type.name];
  building.report("RPC3001", span, {
    value: sourceText(span, building),
    type: quote(scalarText(type)),
    min: `${-max}`,
    max: `${max}`,
  });
  return null;
}

function fitString(value: string, type: StringType, span: Span, building: Building): Value | null {
  const { length } = type;
  if (length.kind === "tail") return { kind: "string", value };
  const max = length.kind === "fixed" ? length.count : length.max;
  const described = quote(length.kind === "fixed" ? `string[${max}]` : `string[<=${max}]`);
  const bytes = utf8Length(value);
  if (bytes > max) {
    building.report("RPC3016", span, { bytes, type: described, max });
    return null;
  }
  if (length.kind === "fixed" && value.includes("\u0000")) {
    building.report("RPC3017", span, { found: "U+0000", type: described });
    return null;
  }
  return { kind: "string", value };
}
