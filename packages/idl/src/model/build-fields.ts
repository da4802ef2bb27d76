/** Fields packed one after another: of a struct, or of a message, whose last item needs no length of its own. */
import type { Place } from "../check/annotations.js";
import { uniqueNames } from "../check/unique-names.js";
import type { FieldNode } from "../syntax/ast.js";
import { buildRange } from "./build-range.js";
import { buildPad, buildType, isPad, reportOpenEnded, reportPad } from "./build-type.js";
import { type Building, describe, sourceText } from "./building.js";
import { reportClashes } from "./clashes.js";
import { atMessageEnd, isOpenEnded, maxMessageBytes, offsetsOf, sizeOfSequence } from "./layout.js";
import type { About, Field, SizeRange, Span, Type } from "./model.js";
import type { NameRole } from "./spelling.js";

export interface Sequence {
  /** A struct's optionals always have their presence byte; the last one of a message has none. */
  readonly isMessage: boolean;
  readonly place: Place;
  readonly role: NameRole;
  /** For messages: "the struct `Rect`". */
  readonly what: string;
  readonly span: Span;
}

export interface BuiltSequence {
  readonly fields: readonly Field[];
  readonly size: SizeRange;
  /** Node of each field. */
  readonly nodes: readonly FieldNode[];
}

/** Defaults are left to the caller of this. Null where a field had a mistake; all of them are reported. */
export function buildSequence(
  written: readonly FieldNode[],
  sequence: Sequence,
  building: Building,
): BuiltSequence | null {
  const named = written.filter((node) => !isPadding(node));
  const unique = new Set(uniqueNames(named, capitalised(sequence.place), building.report));
  const nodes = written.filter((node) => isPadding(node) || unique.has(node));
  const described = nodes.map((node) => ({
    node,
    ...describe(node, sequence.place, building, sequence.role),
  }));
  reportClashes(
    described.map((each) => each.about),
    building.report,
  );
  const items: Item[] = [];
  for (const [index, { node, about, notes }] of described.entries()) {
    const type = buildItem(node, index === nodes.length - 1, sequence, building);
    const range = type === null ? null : buildRange(notes.range, type, building);
    if (type !== null && range !== "faulty") items.push({ about, type, range });
  }
  if (items.length < written.length) return null;
  const size = sizeOfSequence(items.map((item) => item.type.size));
  if (size.max !== null && size.max > maxMessageBytes) {
    building.report("RPC3007", sequence.span, { what: sequence.what, bytes: size.max });
    return null;
  }
  return { fields: placed(items), size, nodes };
}

interface Item {
  readonly about: About;
  readonly type: Type;
  readonly range: Field["range"];
}

function placed(items: readonly Item[]): readonly Field[] {
  const offsets = offsetsOf(items.map((item) => item.type.size));
  return items.map(({ about, type, range }, index) => {
    return { ...about, type, offset: offsets[index] ?? null, defaultValue: null, range };
  });
}

/** A field named `_`; there may be several. */
export function isPadding(node: FieldNode): boolean {
  return node.name.text === "_";
}

function buildItem(node: FieldNode, last: boolean, sequence: Sequence, building: Building): Type | null {
  if (node.type === null) return null;
  const whole = { ...node.name.span, end: node.type.span.end };
  if (isPadding(node)) return buildPad(node.type, whole, building);
  if (isPad(node.type)) {
    reportPad(sourceText(whole, building), whole, building);
    return null;
  }
  const type = buildType(node.type, building);
  if (type === null) return null;
  if (!last && isOpenEnded(type)) {
    const where = sequence.isMessage
      ? "before the last item of a message"
      : "before the last field of a struct";
    reportOpenEnded(node.type, where, building);
    return null;
  }
  return last && sequence.isMessage ? buildMessageEnd(type, node.type.span, building) : type;
}

/** The last item of a message: an optional is nothing, or its value, so the value cannot be nothing too. */
export function buildMessageEnd(type: Type, span: Span, building: Building): Type | null {
  if (type.kind === "optional" && type.value.size.min === 0) {
    building.report("RPC3006", span, { type: sourceText(span, building) });
    return null;
  }
  return atMessageEnd(type);
}

/** Fields of a struct and results have no defaults. */
export function refuseDefaults(nodes: readonly FieldNode[], what: string, building: Building): void {
  for (const { defaultValue } of nodes) {
    if (defaultValue !== null) building.report("RPC4014", defaultValue.span, { what });
  }
}

/** "a field" → "Field". */
function capitalised(place: Place): string {
  const word = place.replace(/^an? /, "");
  return word.charAt(0).toUpperCase() + word.slice(1);
}
