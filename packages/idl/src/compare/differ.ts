/** What the comparison of two models shares: how a difference is told, and how types are written in one. */
import type { Code, ValuesOf } from "../diagnostics/catalogue/catalogue.js";
import { createDiagnostic, type Diagnostic } from "../diagnostics/report.js";
import { createTypeText } from "../model/canonical-text.js";
import type { FunctionDeclaration, Type } from "../model/model.js";
import { quote } from "../source/quote.js";
import type { Span } from "../source/span.js";

export type Differences = readonly Diagnostic[];

/** Where two models are compared: a value of one function. */
export interface Place {
  /** "the result", "error `Busy`"; empty for the arguments, which have names. */
  readonly whole: string;
  /** From there on: "tags[].label"; empty for the whole. */
  readonly path: string;
  /** In the newer file. */
  readonly span: Span;
}

export interface Differ {
  /** Path of the older file, quoted. */
  readonly oldFile: string;
  /** The function that is looked at, in its newer form, and its name, quoted. */
  readonly now: FunctionDeclaration;
  readonly name: string;
  /** A type as the canonical text has it, quoted. */
  typeText(type: Type): string;
  /** The same bytes, but not the same values: what one side may send, the other refuses. */
  limit(place: Place, change: string): Differences;
  /** Other bytes. */
  other(place: Place, old: string, now: string): Differences;
  /** True the first time that a pair of declarations is met: one that is used twice is told about once. */
  isNew(old: object, now: object): boolean;
}

export function tell<C extends Code>(code: C, span: Span, values: ValuesOf<C>): Differences {
  return [createDiagnostic(code, span, values)];
}

export function createDiffer(oldFile: string, now: FunctionDeclaration): Differ {
  const texts = createTypeText();
  const met = new Map<object, Set<object>>();
  const name = quote(now.names.source);
  const whereOf = (place: Place) => ({ place: textOf(place), name });
  return {
    oldFile,
    now,
    name,
    typeText: (type) => quote(texts(type) ?? type.kind, 60),
    limit: (place, change) => tell("RPC9005", place.span, { ...whereOf(place), change }),
    other: (place, old, other) => tell("RPC5005", place.span, { ...whereOf(place), old, now: other }),
    isNew(old, other) {
      const others = met.get(old) ?? new Set();
      met.set(old, others);
      if (others.has(other)) return false;
      others.add(other);
      return true;
    },
  };
}

/** The place of a part of what is at `place`: ".x" or "[]". */
export function inside({ whole, path, span }: Place, step: string): Place {
  return { whole, path: path === "" ? step.replace(/^\./, "") : path + step, span };
}

/** At the start of a message. */
export function textOf({ whole, path }: Place): string {
  if (path === "") return whole.charAt(0).toUpperCase() + whole.slice(1);
  return whole === "" ? quote(path) : `${quote(path)} in ${whole}`;
}
