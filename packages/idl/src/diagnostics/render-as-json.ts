/** Diagnostics as JSON for other programs: one array, one diagnostic a line. */
import type { Code } from "./catalogue/catalogue.js";
import type { Severity } from "./entry.js";
import type { Diagnostic } from "./report.js";

/** One entry of the array. Keys are only ever added. */
export interface JsonDiagnostic {
  readonly severity: Severity;
  readonly code: Code;
  readonly message: string;
  /** A way out, or null. */
  readonly help: string | null;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** Offsets in the text of the file, in UTF-16 units; `end` is behind the last. */
  readonly start: number;
  readonly end: number;
}

/** Ends with a line break; `[]` where there is nothing to tell. */
export function renderDiagnosticsAsJson(diagnostics: readonly Diagnostic[]): string {
  const lines = diagnostics.map((diagnostic) => `  ${JSON.stringify(jsonOf(diagnostic))}`);
  return lines.length === 0 ? "[]\n" : `[\n${lines.join(",\n")}\n]\n`;
}

function jsonOf({ severity, code, message, help, span }: Diagnostic): JsonDiagnostic {
  const { file, line, column, start, end } = span;
  return { severity, code, message, help, file, line, column, start, end };
}
