/** Diagnostics as text for a terminal: what, where, the line itself with the place marked, and a way out. */
import { lineText, type SourceFile } from "../source/source-file.js";
import type { Diagnostic } from "./report.js";

export interface RenderOptions {
  /** ANSI colours; none unless told. */
  readonly colour?: boolean;
}

/** Longer lines are cut around the place. */
const maxLineLength = 110;

export function renderDiagnostic(
  diagnostic: Diagnostic,
  sources: ReadonlyMap<string, SourceFile>,
  options: RenderOptions = {},
): string {
  const paint = options.colour === true ? colours : plain;
  const { severity, code, message, span, help } = diagnostic;
  const accent = severity === "error" ? paint.red : paint.yellow;
  const lines = [
    `${accent(`${severity} ${code}`)}: ${paint.bold(visible(message))}`,
    `  ${paint.dim("at")} ${visible(span.file)}:${span.line}:${span.column}`,
    ...codeFrame(diagnostic, sources, paint.dim, accent),
  ];
  if (help !== null) lines.push(`  ${paint.dim("help:")} ${visible(help)}`);
  return `${lines.join("\n")}\n`;
}

/** All of them, with a blank line between two. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceFile>,
  options: RenderOptions = {},
): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, sources, options)).join("\n");
}

type Paint = (text: string) => string;

function codeFrame(
  { span }: Diagnostic,
  sources: ReadonlyMap<string, SourceFile>,
  dim: Paint,
  accent: Paint,
): readonly string[] {
  const source = sources.get(span.file);
  const full = source === undefined ? "" : lineText(source, span.line);
  if (full.trim() === "") return [];
  const column = span.column - 1;
  const from = full.length <= maxLineLength ? 0 : Math.max(0, column - Math.floor(maxLineLength / 2));
  const shown = full.slice(from, from + maxLineLength);
  const marked = Math.max(1, Math.min(span.end - span.start, shown.length - (column - from)));
  const number = `${span.line}`;
  const gutter = " ".repeat(number.length);
  return [
    `  ${dim(`${number} |`)} ${visible(shown)}`,
    `  ${dim(`${gutter} |`)} ${" ".repeat(column - from)}${accent("^".repeat(marked))}`,
  ];
}

/** One column a character: tabs are one blank, and what would steer a terminal is shown as a sign. */
function visible(text: string): string {
  return text.replace(/\t/g, " ").replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\u00b7");
}

const ansi = (open: number) => (text: string) => `\u001b[${open}m${text}\u001b[0m`;
const colours = { red: ansi(31), yellow: ansi(33), bold: ansi(1), dim: ansi(2) };
const same: Paint = (text) => text;
const plain = { red: same, yellow: same, bold: same, dim: same };
