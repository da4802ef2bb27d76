/**
 * A source file in memory: its path as the host names it, its text, and where its lines start.
 * Every later phase speaks of places in it through spans.
 */
import type { Span } from "./span.js";

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Offset of the first character of each line; the first entry is 0. */
  readonly lineStarts: readonly number[];
}

export function createSourceFile(path: string, text: string): SourceFile {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { path, text, lineStarts };
}

/** Span of the characters from `start` up to, not including, `end`; both are clamped to the text. */
export function spanOf(source: SourceFile, start: number, end: number): Span {
  const from = Math.min(Math.max(start, 0), source.text.length);
  const to = Math.min(Math.max(end, from), source.text.length);
  const line = lineAt(source, from);
  return {
    file: source.path,
    start: from,
    end: to,
    line,
    column: from - (source.lineStarts[line - 1] ?? 0) + 1,
  };
}

/** Text of a line (from 1), without its line break. */
export function lineText(source: SourceFile, line: number): string {
  const start = source.lineStarts[line - 1];
  if (start === undefined) return "";
  const end = source.lineStarts[line] ?? source.text.length + 1;
  return source.text.slice(start, end - 1).replace(/\r$/, "");
}

function lineAt(source: SourceFile, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
