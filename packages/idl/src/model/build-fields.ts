/** Fields packed one after another: of a struct, or of a message, whose last item needs no length of its own. */
import type { Place } from "../check/annotations.js";
import { uniqueNames } from "../check/unique-names.js";
import type { FieldNode } from "../syntax/ast.js";
import { buildType, reportOpenEnded } from "./build-type.js";
import { type Building, describe, sourceText } from "./building.js";
import { reportClashes } from "./clashes.js";
import { atMessageEnd, isOpenEnded, maxMessageBytes, offsetsOf, sizeOfSequence } from "./layout.js";
import type { About, Field, SizeRange, Span, Type } from "./model.js";

export interface Sequence {
  /** A struct's optionals always have their presence byte; the last one of a message has none. */
  readonly isMessage: boolean;
  readonly place: Place;
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
  const nodes = uniqueNames(written, capitalised(sequence.place), building.report);
  const abouts = nodes.map((node) => describe(node, sequence.place, building).about);
  reportClashes(abouts, building.report);
  const types: Type[] = [];
  for (const [index, node] of nodes.entries()) {
    const type = buildItem(node, index === nodes.length - 1, sequence, building);
    if (type !== null) types.push(type);
  }
  if (types.length < written.length) return null;
  const size = sizeOfSequence(types.map((type) => type.size));
  if (size.max !== null && size.max > maxMessageBytes) {
    building.report("RPC3007", sequence.span, { what: sequence.what, bytes: size.max });
    return null;
  }
  return { fields: placed(abouts, types), size, nodes };
}

function placed(abouts: readonly About[], types: readonly Type[]): readonly Field[] {
  const offsets = offsetsOf(types.map((type) => type.size));
  return abouts.flatMap((about, index) => {
    const type = types[index];
    return type === undefined ? [] : [{ ...about, type, offset: offsets[index] ?? null, defaultValue: null }];
  });
}

function buildItem(node: FieldNode, last: boolean, sequence: Sequence, building: Building): Type | null {
  if (node.type === null) return null;
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
