import ts from "typescript";
import { describe, expect, it } from "vitest";
import { type Statement, statementText } from "./statement.js";

const cases: readonly [string, Statement, string][] = [
  ["a text as it is", "export const A = 1;", "export const A = 1;"],
  [
    "a function",
    {
      kind: "function",
      name: "add",
      parameters: [
        { name: "a", type: "number" },
        { name: "b", type: "number | null", isOptional: true },
      ],
      returnType: "number",
      body: ["if (b === undefined) {", "  return a;", "}", "", "return a + (b ?? 0);"],
      isExported: true,
      doc: ["Adds.", "", "Or not."],
    },
    `/**
 * Adds.
 *
 * Or not.
 */
export function add(a: number, b?: number | null): number {
  if (b === undefined) {
    return a;
  }

  return a + (b ?? 0);
}`,
  ],
  [
    "a function without a body, which nobody sees outside",
    { kind: "function", name: "f", parameters: [], returnType: "void", body: [], isExported: false, doc: [] },
    "function f(): void {\n}",
  ],
  [
    "an interface",
    {
      kind: "interface",
      name: "A",
      extends: "AsyncDisposable",
      doc: ["An A."],
      members: [
        { kind: "property", name: "x", type: "number", doc: ["In mm."] },
        { kind: "method", name: "f", parameters: [{ name: "y", type: "A" }], returnType: "void", doc: [] },
        { kind: "method", name: "$g", parameters: [], returnType: "A", doc: ["Two", "lines."] },
      ],
    },
    `/** An A. */
export interface A extends AsyncDisposable {
  /** In mm. */
  readonly x: number;
  f(y: A): void;
  /**
   * Two
   * lines.
   */
  $g(): A;
}`,
  ],
  ["a type", { kind: "type", name: "A", type: "B | null", doc: [] }, "export type A = B | null;"],
];

describe("statementText", () => {
  it.each(cases)("prints %s", (_, statement, text) => {
    expect(statementText(statement)).toBe(text);
  });

  it.each(["*/ evil(); /*", "ends in *", "ends in /", "`x` \\", "@param {*/}", " "])(
    "keeps the comment %j a comment",
    (doc) => {
      for (const lines of [[doc], [doc, doc]]) {
        const text = statementText({ kind: "type", name: "A", type: "1", doc: lines });
        const { statements } = ts.createSourceFile("a.ts", text, ts.ScriptTarget.ES2022);
        expect(statements.map(({ kind }) => kind)).toEqual([ts.SyntaxKind.TypeAliasDeclaration]);
      }
    },
  );
});
