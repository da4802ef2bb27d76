/**
 * `rpcgen check camera.idl --against old.idl`: what has changed on the wire between two models, function by
 * function. Errors are what keeps a peer generated from the older file from working with one from the newer;
 * warnings are values that one of them may send and the other refuses. What was added does no harm.
 */
import { nearest } from "../check/nearest.js";
import type { Diagnostic } from "../diagnostics/report.js";
import type { FunctionDeclaration, InterfaceDeclaration, Model } from "../model/model.js";
import { quote } from "../source/quote.js";
import type { Span } from "../source/span.js";
import { compareFunctions } from "./compare-functions.js";
import { createDiffer, type Differences, tell } from "./differ.js";

/** A model, and the path of its file as messages name it. */
export interface Compared {
  readonly model: Model;
  readonly path: string;
}

/** What has changed, in the order of places in the newer file. */
export function compareModels(old: Compared, now: Compared): readonly Diagnostic[] {
  const found = old.model.interfaces.flatMap((before): Differences => {
    const after = now.model.interfaces.find(({ names }) => names.source === before.names.source) ?? null;
    const heir = after ?? heirOf(before, old, now);
    const lost = after === null ? interfaceGone(before, heir, old, now) : [];
    return [...lost, ...before.functions.flatMap((each) => compareOne(each, heir, old, now))];
  });
  return found.sort((a, b) => a.span.start - b.span.start);
}

function functionsOf({ interfaces }: Model): readonly FunctionDeclaration[] {
  return interfaces.flatMap(({ functions }) => functions);
}

function startOf(path: string): Span {
  return { file: path, start: 0, end: 0, line: 1, column: 1 };
}

/** A new interface that has functions of one that is gone. */
function heirOf(before: InterfaceDeclaration, old: Compared, now: Compared): InterfaceDeclaration | null {
  const ids = new Set(before.functions.map(({ id }) => id));
  const known = new Set(old.model.interfaces.map(({ names }) => names.source));
  const heir = now.model.interfaces.find(
    ({ names, functions }) => !known.has(names.source) && functions.some(({ id }) => ids.has(id)),
  );
  return heir ?? null;
}

function interfaceGone(
  { names }: InterfaceDeclaration,
  heir: InterfaceDeclaration | null,
  old: Compared,
  now: Compared,
): Differences {
  return tell("RPC5001", heir?.span ?? startOf(now.path), {
    ...{ name: quote(names.source), old: quote(old.path) },
    suggestion: heir === null ? null : quote(heir.names.source),
  });
}

/** `within`: the interface of the same name, or its heir, where a missing function would stand; null if it is gone. */
function compareOne(
  before: FunctionDeclaration,
  within: InterfaceDeclaration | null,
  old: Compared,
  now: Compared,
): Differences {
  const oldFile = quote(old.path);
  const same = counterpart(before, functionsOf(now.model));
  if (same !== null) return compareFunctions(before, createDiffer(oldFile, same));
  // It went with its interface.
  if (within === null) return [];
  const name = before.names.source;
  const wire = quote(`@wire(${JSON.stringify(before.wireName)})`);
  const renamed = within.functions.find(({ names }) => names.source === name);
  if (renamed !== undefined) {
    const names = { old: quote(before.wireName), now: quote(renamed.wireName) };
    return [
      ...tell("RPC5003", renamed.span, { name: quote(name), ...names, wire }),
      ...compareFunctions(before, createDiffer(oldFile, renamed)),
    ];
  }
  const known = new Set(functionsOf(old.model).map((each) => each.names.source));
  const added = within.functions.map(({ names }) => names.source).filter((each) => !known.has(each));
  const values = { name: quote(name), old: oldFile, suggestion: nearest(name, added), wire };
  return tell("RPC5002", within.span, values);
}

/** The function of the same id; of several, which sizes tell apart, the one of the same name or size. */
function counterpart(
  before: FunctionDeclaration,
  all: readonly FunctionDeclaration[],
): FunctionDeclaration | null {
  const candidates = all.filter(({ id }) => id === before.id);
  const named = candidates.find(({ names }) => names.source === before.names.source);
  const sized = candidates.find(({ accepts }) => accepts.min === before.accepts.min);
  return named ?? sized ?? candidates[0] ?? null;
}
