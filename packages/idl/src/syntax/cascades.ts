/**
 * After a mistake the parser may fall out of a body and then find no declaration where it goes on. Such mistakes
 * follow from the first one and are not told: until the word that begins the next declaration.
 */
import type { IToken } from "chevrotain";
import * as t from "./tokens.js";

const beginnings = new Set([
  t.Module,
  t.Import,
  t.Const,
  t.Open,
  t.Enum,
  t.Flags,
  t.Type,
  t.Struct,
  t.Union,
  t.ErrorWord,
  t.Interface,
]);

export interface Cascades {
  /** The parser stumbled over the token at this offset: it is told already. */
  isMistake(offset: number): boolean;
  /** A missing declaration at this offset follows from an earlier mistake. */
  isCascade(offset: number): boolean;
}

export function createCascades(tokens: readonly IToken[], mistakes: readonly IToken[]): Cascades {
  const mistaken = new Set(mistakes.map((token) => token.startOffset));
  const follows = new Set<number>();
  let afterMistake = false;
  for (const token of tokens) {
    if (beginnings.has(token.tokenType)) afterMistake = false;
    else if (afterMistake) follows.add(token.startOffset);
    afterMistake ||= mistaken.has(token.startOffset);
  }
  return { isMistake: (offset) => mistaken.has(offset), isCascade: (offset) => follows.has(offset) };
}
