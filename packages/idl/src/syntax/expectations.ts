/**
 * What the grammar expected, as a phrase. The parser's own messages are never shown: the phrase becomes
 * a value of a diagnostic, whose text is in the catalogue.
 */
import { EOF, type IParserErrorMessageProvider, type TokenType, tokenLabel } from "chevrotain";
import { Const, Name, RCurly, RParen } from "./tokens.js";

export const aDeclaration = "a declaration";

/** More alternatives than this say less than the name of what is being read. */
const maxListed = 6;

export const expectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, ruleName }) => insteadOfEnd(expected, ruleName),
  buildNotAllInputParsedMessage: () => aDeclaration,
  buildNoViableAltMessage: ({ expectedPathsPerAlt }) => oneOf(expectedPathsPerAlt.flat()),
  buildEarlyExitMessage: ({ expectedIterationPaths }) => oneOf(expectedIterationPaths),
};

/** Where a body could end, it could also go on: saying only the closing bracket would mislead. */
const bodies: ReadonlyMap<string, string> = new Map([
  ["members", "a member"],
  ["struct", "a field"],
  ["union", "a variant"],
  ["error", "a field"],
  ["interface", "a function"],
  ["fields", "a name"],
  ["annotation", "an argument"],
]);

function insteadOfEnd(expected: TokenType, ruleName: string): string {
  if (expected === EOF) return aDeclaration;
  const item = expected === RCurly || expected === RParen ? bodies.get(ruleName) : undefined;
  return item === undefined ? tokenLabel(expected) : `${item} or ${tokenLabel(expected)}`;
}

function oneOf(paths: readonly (readonly TokenType[])[]): string {
  const first = paths.flatMap((path) => path.slice(0, 1));
  if (first.includes(Const)) return aDeclaration;
  const labels = [...new Set(first.map(tokenLabel))];
  if (labels.length > maxListed) return first.includes(Name) ? tokenLabel(Name) : "something else";
  return labels.length < 2
    ? (labels[0] ?? "something else")
    : `${labels.slice(0, -1).join(", ")} or ${labels.at(-1)}`;
}
