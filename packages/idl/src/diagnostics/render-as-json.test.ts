import { expect, test } from "vitest";
import { createSourceFile, spanOf } from "../source/source-file.js";
import { renderDiagnosticsAsJson } from "./render-as-json.js";
import { createDiagnostic } from "./report.js";

const source = createSourceFile("a.idl", 'struct A {\n  x: Rct;\n  "\n}');

test("is one array with a place for each, ready to be parsed", () => {
  const text = renderDiagnosticsAsJson([
    createDiagnostic("RPC2001", spanOf(source, 16, 19), { name: "`Rct`", suggestion: "`Rect`" }),
    createDiagnostic("RPC1008", spanOf(source, 23, 24), {}),
  ]);
  expect(JSON.parse(text)).toEqual([
    {
      severity: "error",
      code: "RPC2001",
      message: "There is no type `Rct`.",
      help: "Did you mean `Rect`?",
      file: "a.idl",
      line: 2,
      column: 6,
      start: 16,
      end: 19,
    },
    {
      severity: "error",
      code: "RPC1008",
      message: "This string has no closing quote on its line.",
      help: null,
      file: "a.idl",
      line: 3,
      column: 3,
      start: 23,
      end: 24,
    },
  ]);
  expect(text.split("\n")).toHaveLength(5);
});

test("is an empty array where there is nothing to tell", () => {
  expect(renderDiagnosticsAsJson([])).toBe("[]\n");
});
