import { expect, test } from "vitest";
import { createSourceFile, spanOf } from "../source/source-file.js";
import { renderDiagnosticsAsGithub } from "./render-as-github.js";
import { createDiagnostic } from "./report.js";

test("is a command a line, with place, code and a way out", () => {
  const source = createSourceFile("lib/a.idl", "struct A {\n  x: Rct;\n}");
  const span = spanOf(source, 16, 19);
  const text = renderDiagnosticsAsGithub([
    createDiagnostic("RPC2001", span, { name: "`Rct`", suggestion: "`Rect`" }),
    createDiagnostic("RPC9002", span, {}),
  ]);
  expect(text).toBe(
    "::error file=lib/a.idl,line=2,col=6,title=RPC2001::There is no type `Rct`.%0ADid you mean `Rect`?\n" +
      "::warning file=lib/a.idl,line=2,col=6,title=RPC9002::Nothing follows that this comment could document.\n",
  );
});

test("escapes what would end the command or forge another", () => {
  const source = createSourceFile("a,b:c%.idl", "x");
  const diagnostic = createDiagnostic("RPC1004", spanOf(source, 0, 1), {
    path: "`100%\r\n::error::forged`",
  });
  expect(renderDiagnosticsAsGithub([diagnostic])).toBe(
    "::error file=a%2Cb%3Ac%25.idl,line=1,col=1,title=RPC1004::" +
      "There is no file `100%25%0D%0A::error::forged` that can be read.\n",
  );
});

test("is nothing where there is nothing to tell", () => {
  expect(renderDiagnosticsAsGithub([])).toBe("");
});
