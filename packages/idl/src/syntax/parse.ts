/**
 * Text of one file to its syntax tree: tokens, concrete tree with recovery, tree. Mistakes are reported and
 * reading goes on; null only for a file whose brackets nest too deep to be read at all.
 */
import type { IRecognitionException, IToken, Lexer } from "chevrotain";
import type { Report } from "../diagnostics/report.js";
import { maxNesting, maxSyntaxMistakes } from "../source/limits.js";
import { quote } from "../source/quote.js";
import { type SourceFile, spanOf } from "../source/source-file.js";
import type { FileNode } from "./ast.js";
import { buildFile } from "./build-file.js";
import { createCascades } from "./cascades.js";
import type { FileCstNode } from "./cst.js";
import { aDeclaration } from "./expectations.js";
import { Grammar } from "./grammar.js";
import { createSyntaxContext, endOf } from "./syntax-context.js";
import * as t from "./tokens.js";

/** Recovery searches the tokens behind each mistake: mistakes times tokens, worth about two seconds. */
const recoveryWork = 2_000_000;

export function parse(source: SourceFile, report: Report): FileNode | null {
  const { lexer, grammar } = machinery();
  const { tokens, groups, errors } = lexer.tokenize(source.text);
  const { report: syntaxReport, giveUp } = limited(source, report);
  for (const { offset, length } of errors) {
    const found = quote(source.text.slice(offset, offset + length));
    syntaxReport("RPC1005", spanOf(source, offset, offset + length), { found });
  }
  for (const token of groups.unclosed ?? []) {
    syntaxReport("RPC1009", spanOf(source, token.startOffset, token.startOffset + 2), {});
  }
  reportBadTokens(source, tokens, syntaxReport);
  if (nestsTooDeep(source, tokens, report)) return null;

  grammar.input = tokens;
  grammar.maxMistakes = Math.max(1, Math.min(maxSyntaxMistakes, Math.floor(recoveryWork / tokens.length)));
  // The rule is `file`, and `cst.ts` is written from the same grammar: its test holds the two together.
  const cst = grammar.file() as FileCstNode;
  const cascades = createCascades(
    tokens,
    grammar.errors.map((mistake) => mistake.token),
  );
  for (const mistake of grammar.errors) {
    if (mistake.message === aDeclaration && cascades.isCascade(mistake.token.startOffset)) continue;
    reportMismatch(source, mistake, syntaxReport);
  }
  if (grammar.errors.length > grammar.maxMistakes) giveUp(source.text.length, grammar.maxMistakes);
  const context = createSyntaxContext(source, tokens, groups.docs ?? [], syntaxReport, cascades);
  return buildFile(cst, context);
}

let shared: { readonly lexer: Lexer; readonly grammar: Grammar } | undefined;

/** Building the tables of the grammar takes a while: once, and only when something is parsed. */
function machinery(): { readonly lexer: Lexer; readonly grammar: Grammar } {
  shared ??= { lexer: t.createLexer({ validate: false }), grammar: new Grammar({ validate: false }) };
  return shared;
}

function reportBadTokens(source: SourceFile, tokens: readonly IToken[], report: Report): void {
  for (const token of tokens) {
    const span = spanOf(source, token.startOffset, endOf(token));
    if (token.tokenType === t.ForeignName) report("RPC1006", span, { name: quote(token.image) });
    else if (token.tokenType === t.UnclosedString) report("RPC1008", span, {});
  }
}

const opening = new Set([t.LCurly, t.LParen, t.LSquare, t.Less]);
const closing = new Set([t.RCurly, t.RParen, t.RSquare, t.Greater]);

function nestsTooDeep(source: SourceFile, tokens: readonly IToken[], report: Report): boolean {
  let depth = 0;
  for (const token of tokens) {
    if (opening.has(token.tokenType)) depth += 1;
    else if (closing.has(token.tokenType)) depth = Math.max(0, depth - 1);
    if (depth <= maxNesting) continue;
    report("RPC1013", spanOf(source, token.startOffset, endOf(token)), { limit: maxNesting });
    return true;
  }
  return false;
}

/** The message of the exception is the phrase of `expectations`. */
function reportMismatch(source: SourceFile, mistake: IRecognitionException, report: Report): void {
  const { token, previousToken } = mistake as IRecognitionException & { previousToken?: IToken };
  const atEnd = Number.isNaN(token.startOffset);
  const end = previousToken === undefined ? source.text.length : endOf(previousToken);
  const span = atEnd ? spanOf(source, end, end) : spanOf(source, token.startOffset, endOf(token));
  const found = atEnd ? "the end of the file" : quote(token.image);
  report("RPC1011", span, { expected: mistake.message, found });
}

interface Limited {
  readonly report: Report;
  /** Says, once, that there are more mistakes than are told. */
  giveUp(offset: number, limit: number): void;
}

/** A file of megabytes that is no interface at all would be millions of mistakes. */
function limited(source: SourceFile, report: Report): Limited {
  let left = maxSyntaxMistakes;
  let told = false;
  const giveUp = (offset: number, limit: number) => {
    if (!told) report("RPC1015", spanOf(source, offset, offset), { limit });
    told = true;
  };
  return {
    report(code, span, values) {
      left -= 1;
      if (left >= 0) report(code, span, values);
      else giveUp(span.start, maxSyntaxMistakes);
    },
    giveUp,
  };
}
