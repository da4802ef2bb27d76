/** Enums and flags: a base type, and members with numbers that are written out and unique. */
import { uniqueNames } from "../check/unique-names.js";
import { quote } from "../source/quote.js";
import type { EnumNode, FlagsNode, MemberNode, UnionNode, ValueNode } from "../syntax/ast.js";
import { buildType } from "./build-type.js";
import { buildValue } from "./build-value.js";
import { type Building, describe, sourceText } from "./building.js";
import { reportClashes } from "./clashes.js";
import type { EnumDeclaration, EnumMember, FlagsDeclaration, IntegerType } from "./model.js";

export function buildEnum(node: EnumNode, building: Building): EnumDeclaration | null {
  const { about } = describe(node, "an enum", building);
  const built = buildMembers(node, building);
  return built === null ? null : { ...about, kind: "enum", open: node.open, ...built };
}

export function buildFlags(node: FlagsNode, building: Building): FlagsDeclaration | null {
  const { about } = describe(node, "flags", building);
  const built = buildMembers(node, building);
  return built === null ? null : { ...about, kind: "flags", ...built };
}

/** The integer that an enum, flags or a union begins with on the wire; that of flags has no sign. */
export function buildBase(node: EnumNode | FlagsNode | UnionNode, building: Building): IntegerType | null {
  if (node.base === null) {
    if (!node.damaged) reportBase(node, "nothing", building);
    return null;
  }
  const base = buildType(node.base, building);
  if (base === null) return null;
  if (base.kind === "integer" && (node.kind !== "flags" || base.min === 0n)) return base;
  reportBase(node, sourceText(node.base.span, building), building);
  return null;
}

const baseTexts = {
  enum: { what: "An enum", integer: "an integer" },
  flags: { what: "Flags", integer: "an integer without sign" },
  union: { what: "A union", integer: "an integer" },
} as const;

function reportBase(node: EnumNode | FlagsNode | UnionNode, found: string, building: Building): void {
  const suggestion = quote(`${node.kind} ${node.name.text}: u8`);
  const values = { ...baseTexts[node.kind], found, suggestion };
  building.report("RPC3011", node.base?.span ?? node.name.span, values);
}

interface Members {
  readonly base: IntegerType;
  readonly members: readonly EnumMember[];
}

function buildMembers(node: EnumNode | FlagsNode, building: Building): Members | null {
  const base = buildBase(node, building);
  const nodes = uniqueNames(node.members, "Member", building.report);
  const place = node.kind === "flags" ? "a flag" : "an enum member";
  const described = nodes.map((member) => ({ member, about: describe(member, place, building).about }));
  reportClashes(
    described.map((each) => each.about),
    building.report,
  );
  if (nodes.length === 0 && !node.damaged) {
    building.report("RPC3010", node.name.span, { name: quote(node.name.text), what: "members" });
  }
  if (base === null) return null;
  const members: EnumMember[] = [];
  for (const { member, about } of described) {
    const value = memberNumber(member, { node, base, earlier: members }, building);
    if (value !== null) members.push({ ...about, value });
  }
  return members.length === 0 || members.length < node.members.length ? null : { base, members };
}

interface Owner {
  readonly node: EnumNode | FlagsNode;
  readonly base: IntegerType;
  readonly earlier: readonly EnumMember[];
}

function memberNumber(member: MemberNode, owner: Owner, building: Building): bigint | null {
  const { text, span } = member.name;
  if (member.valueMissing) {
    const suggestion = quote(`${text} = ${nextNumber(owner)}`);
    building.report("RPC3015", span, { name: quote(text), suggestion });
  }
  if (member.value === null) return null;
  const value = bitsOf(member.value, owner, building);
  const same = owner.earlier.find((each) => each.value === value);
  if (value === null || same === undefined) return value;
  building.report("RPC3012", member.value.span, {
    name: quote(text),
    other: quote(same.names.source),
    value: `${value}`,
  });
  return null;
}

/** One more than the largest so far; of flags, the next bit. */
function nextNumber({ node, earlier }: Owner): bigint {
  if (node.kind === "enum") {
    return earlier.reduce((next, each) => (each.value < next ? next : each.value + 1n), 0n);
  }
  let bit = 1n;
  while (earlier.some((each) => each.value >= bit)) bit *= 2n;
  return bit;
}

/** A number, or, of flags, members before this one: `WHITE = RED | GREEN | BLUE`. */
function bitsOf(value: ValueNode, owner: Owner, building: Building): bigint | null {
  const { node, base, earlier } = owner;
  if (node.kind === "flags" && value.kind === "set") {
    const parts = value.parts.map((part) => bitsOf(part, owner, building));
    return parts.reduce((bits, part) => (bits === null || part === null ? null : bits | part), 0n);
  }
  const wanted = node.kind === "flags" ? ownMember(value, node) : null;
  if (wanted === null) {
    const number = buildValue(value, base, building);
    return number?.kind === "integer" ? number.value : null;
  }
  const member = earlier.find((each) => each.names.source === wanted);
  if (member !== undefined) return member.value;
  building.report("RPC3002", value.span, {
    expected: "a number, or members that stand before this one",
    found: sourceText(value.span, building),
  });
  return null;
}

/** `RED` or `Led.RED` within the flags `Led`: the name of the member that is meant. */
function ownMember(value: ValueNode, node: FlagsNode): string | null {
  if (value.kind !== "name") return null;
  if (value.member !== null) return value.name.text === node.name.text ? value.member.text : null;
  const { text } = value.name;
  return node.members.some((each) => each.name.text === text) ? text : null;
}
