/** Diagnostics are data: phases report them and go on; texts come from the catalogue. */
import type { Span } from "../source/span.js";
import { type Code, catalogue, type ValuesOf } from "./catalogue/catalogue.js";
import type { Severity } from "./entry.js";
import { fill, type TemplateValues } from "./template.js";

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly span: Span;
  readonly values: TemplateValues;
  readonly message: string;
  /** A way out, or null. */
  readonly help: string | null;
}

/** How every phase reports a mistake: the code decides which values it takes. */
export type Report = <C extends Code>(code: C, span: Span, values: ValuesOf<C>) => void;

export function createDiagnostic<C extends Code>(code: C, span: Span, values: ValuesOf<C>): Diagnostic {
  const entry = catalogue[code];
  const message = fill(entry.message, values) ?? entry.title;
  const help = entry.help === null ? null : fill(entry.help, values);
  return Object.freeze({ code, severity: entry.severity, span, values, message, help });
}

export interface DiagnosticBag {
  readonly report: Report;
  /** Everything reported so far, by file in the given order, then by place. One place is told once a code. */
  sorted(fileOrder: readonly string[]): readonly Diagnostic[];
}

export function createDiagnosticBag(): DiagnosticBag {
  const found = new Map<string, Diagnostic>();
  return {
    report(code, span, values) {
      const key = `${span.file}\n${span.start}\n${code}\n${JSON.stringify(values)}`;
      if (!found.has(key)) found.set(key, createDiagnostic(code, span, values));
    },
    sorted(fileOrder) {
      const rank = new Map(fileOrder.map((path, index) => [path, index]));
      const rankOf = (diagnostic: Diagnostic) => rank.get(diagnostic.span.file) ?? fileOrder.length;
      return [...found.values()].sort((a, b) => rankOf(a) - rankOf(b) || a.span.start - b.span.start);
    },
  };
}
