import { expect, test } from "vitest";
import { createSourceFile, spanOf } from "../source/source-file.js";
import { renderDiagnostic, renderDiagnostics } from "./render.js";
import { createDiagnostic } from "./report.js";

function render(text: string, start: number, end: number, colour = false): string {
  const source = createSourceFile("a.idl", text);
  const diagnostic = createDiagnostic("RPC2001", spanOf(source, start, end), {
    name: "`Rct`",
    suggestion: "`Rect`",
  });
  return renderDiagnostic(diagnostic, new Map([["a.idl", source]]), { colour });
}

test("shows what, where, the line and a way out", () => {
  expect(render("struct A {\n\tx: Rct;\n}", 15, 18)).toBe(
    [
      "error RPC2001: There is no type `Rct`.",
      "  at a.idl:2:5",
      "  2 |  x: Rct;",
      "    |     ^^^",
      "  help: Did you mean `Rect`?",
      "",
    ].join("\n"),
  );
});

test("colours only where asked", () => {
  expect(render("x", 0, 1)).not.toContain("\u001b");
  expect(render("x", 0, 1, true)).toContain("\u001b[31merror RPC2001\u001b[0m");
});

test("cuts a long line around the place", () => {
  const lines = render(`${"a".repeat(5000)}Rct${"b".repeat(5000)}`, 5000, 5003).split("\n");
  expect(lines[2]?.length).toBeLessThan(130);
  const marked = lines[3] ?? "";
  expect(lines[2]?.slice(marked.indexOf("^"), marked.lastIndexOf("^") + 1)).toBe("Rct");
});

test("marks to the end of the line where the place goes on behind it", () => {
  expect(render("ab\ncd", 1, 5).split("\n")[3]).toBe("    |  ^");
});

test("does not pass on what would steer a terminal", () => {
  expect(render("x\u001b[31m\u202ey", 0, 1).split("\n")[2]).toBe("  1 | x·[31m·y");
});

test("has no frame for a place without text", () => {
  expect(render("", 0, 0)).toBe(
    "error RPC2001: There is no type `Rct`.\n  at a.idl:1:1\n  help: Did you mean `Rect`?\n",
  );
});

test("puts a blank line between two", () => {
  const source = createSourceFile("a.idl", "");
  const one = createDiagnostic("RPC1009", spanOf(source, 0, 0), {});
  expect(renderDiagnostics([one, one], new Map())).toMatch(/^[^\n]+\n[^\n]+\n\n[^\n]+\n[^\n]+\n$/);
});
