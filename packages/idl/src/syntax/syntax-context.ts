/** What building the tree needs to know of the file: its tokens by place, its doc comments, and where mistakes go. */
import type { IToken } from "chevrotain";
import type { Report } from "../diagnostics/report.js";
import { type SourceFile, spanOf } from "../source/source-file.js";
import type { Span } from "../source/span.js";
import type { Cascades } from "./cascades.js";

export interface SyntaxContext {
  readonly source: SourceFile;
  readonly report: Report;
  span(start: number, end: number): Span;
  tokenSpan(token: IToken): Span;
  /** The first token that starts at or behind an offset, or undefined at the end of the file. */
  tokenFrom(offset: number): IToken | undefined;
  /** Text of the doc comments between the token before `start` and `end`; they count as used. */
  takeDoc(start: number, end: number): string;
  readonly cascades: Cascades;
  /** Doc comments that nothing has taken. */
  unusedDocs(): readonly IToken[];
}

export function createSyntaxContext(
  source: SourceFile,
  tokens: readonly IToken[],
  docs: readonly IToken[],
  report: Report,
  cascades: Cascades,
): SyntaxContext {
  const used = new Set<IToken>();
  const span = (start: number, end: number) => spanOf(source, start, end);
  return {
    source,
    report,
    cascades,
    span,
    tokenSpan: (token) => span(token.startOffset, endOf(token)),
    tokenFrom: (offset) => tokens[firstFrom(tokens, offset)],
    takeDoc(start, end) {
      const before = tokens[firstFrom(tokens, start) - 1];
      const lines: string[] = [];
      for (let at = firstFrom(docs, before === undefined ? 0 : endOf(before)); at < docs.length; at++) {
        const doc = docs[at];
        if (doc === undefined || doc.startOffset >= end) break;
        used.add(doc);
        lines.push(doc.image.slice("///".length).replace(/^ /, "").trimEnd());
      }
      return lines.join("\n");
    },
    unusedDocs: () => docs.filter((doc) => !used.has(doc)),
  };
}

/** Offset behind the last character of a token. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** Index of the first token that starts at or behind `offset`. */
function firstFrom(tokens: readonly IToken[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.startOffset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
