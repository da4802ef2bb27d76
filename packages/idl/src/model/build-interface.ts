/** Interfaces: their functions, and which of these share an id on the wire. */
import { uniqueNames } from "../check/unique-names.js";
import { quote } from "../source/quote.js";
import type { InterfaceNode } from "../syntax/ast.js";
import { type BuiltFunction, buildFunction } from "./build-function.js";
import { buildInterfaceThrows } from "./build-throws.js";
import { type Building, describe } from "./building.js";
import { canonicalTextOf, maxCanonicalLength } from "./canonical-text.js";
import { reportClashes } from "./clashes.js";
import { fingerprintOf } from "./fingerprint.js";
import { hashName } from "./hash-name.js";
import type { Dispatch, FunctionDeclaration, InterfaceDeclaration, SizeRange } from "./model.js";

export function buildInterface(node: InterfaceNode, building: Building): InterfaceDeclaration {
  const { about, notes } = describe(node, "an interface", building);
  const hint = "Functions with one wire name have two names of their own, and both say `@wire`.";
  const nodes = uniqueNames(node.functions, "Function", building.report, hint);
  const throws = buildInterfaceThrows(node.throws, building);
  const inherited = { throws, timeout: notes.timeout };
  const built = nodes.flatMap((each) => buildFunction(each, inherited, building) ?? []);
  const functions = built.map((each) => each.declaration);
  reportClashes(functions, building.report);
  const dispatches = buildDispatches(built, building);
  warnOfEmptyAnswers(node, functions, building);
  return { ...about, functions, dispatches, ...schemaOf(node, functions, building) };
}

/** What the handshake tells of an interface. */
function schemaOf(node: InterfaceNode, functions: readonly FunctionDeclaration[], building: Building) {
  const canonicalText = canonicalTextOf(functions);
  if (canonicalText === null) {
    building.report("RPC4025", node.name.span, {
      name: quote(node.name.text),
      limit: maxCanonicalLength,
    });
  }
  const text = canonicalText ?? "";
  return { nameHash: hashName(node.name.text), fingerprint: fingerprintOf(text), canonicalText: text };
}

function buildDispatches(built: readonly BuiltFunction[], building: Building): readonly Dispatch[] {
  const byId = new Map<number, BuiltFunction[]>();
  for (const each of built) {
    const same = byId.get(each.declaration.id) ?? [];
    for (const other of same) checkPair(each, other, building);
    byId.set(each.declaration.id, [...same, each]);
  }
  return [...byId.values()].flatMap((same) => {
    const functions = same.map((each) => each.declaration);
    const first = functions[0];
    return first === undefined ? [] : [{ wireName: first.wireName, id: first.id, functions }];
  });
}

/** Two functions of one id: told apart by the size of their arguments, if both say the same wire name. */
function checkPair(one: BuiltFunction, other: BuiltFunction, building: Building): void {
  const { names, span, wireName, id, accepts } = one.declaration;
  const earlier = other.declaration;
  const sameName = wireName === earlier.wireName;
  if (!sameName || !one.wireStated || !other.wireStated) {
    building.report("RPC4004", span, {
      name: quote(names.source),
      other: quote(earlier.names.source),
      id: `0x${id.toString(16).padStart(8, "0")}`,
      hint: sameName ? `Write ${quote(`@wire("${wireName}")`)} on both, if that is meant.` : null,
    });
  } else if (overlap(accepts, earlier.accepts)) {
    building.report("RPC4005", span, {
      name: quote(names.source),
      size: describeSize(accepts),
      other: quote(earlier.names.source),
      otherSize: describeSize(earlier.accepts),
    });
  }
}

function overlap(a: SizeRange, b: SizeRange): boolean {
  return (b.max === null || a.min <= b.max) && (a.max === null || b.min <= a.max);
}

function describeSize({ min, max }: SizeRange): string {
  if (max === null) return `${min} or more`;
  return min === max ? `${min}` : `${min} to ${max}`;
}

/** One warning an interface: in one that speaks to an existing device it would else come with every function. */
function warnOfEmptyAnswers(
  node: InterfaceNode,
  functions: readonly FunctionDeclaration[],
  building: Building,
): void {
  const unclear = functions.filter((each) => each.emptyAnswer === "value" && each.result.kind !== "nothing");
  if (unclear.length === 0) return;
  const names = unclear.map((each) => quote(each.names.source)).join(", ");
  building.report("RPC9001", node.name.span, { functions: names, suggestion: "`throws`" });
}
