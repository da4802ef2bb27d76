/**
 * Text of `cst.ts`: the types of the concrete syntax tree, worked out of the grammar. Every child may be
 * missing, because a recovered tree has holes.
 */
import { generateCstDts } from "chevrotain";
import type { Grammar } from "./grammar.js";

const header = `/**
 * Types of the concrete syntax tree, written from the grammar by its test (\`UPDATE_SCENARIOS=1\`): do not edit.
 * Every child may be missing: a tree with mistakes in it has holes.
 */
`;

export function cstSource(grammar: Grammar): string {
  const types = generateCstDts(grammar.getGAstProductions(), { includeVisitorInterface: false })
    .replace(", ICstVisitor", "")
    .replace(/\((\w+)\)\[\]/g, "$1[]")
    .replace(/^( {2}\w+): (\w+\[\];)$/gm, "$1?: $2");
  return `${header}${types.trim()}\n`;
}
