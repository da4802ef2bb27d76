import { expect, test } from "vitest";
import { createDiagnosticBag, type Report } from "./report.js";

const at = (file: string, start: number) => ({ file, start, end: start + 1, line: 1, column: start + 1 });

test("sorts by file, then by place, and tells one mistake once", () => {
  const bag = createDiagnosticBag();
  bag.report("RPC1005", at("b", 1), { found: "#" });
  bag.report("RPC1005", at("a", 9), { found: "#" });
  bag.report("RPC1005", at("a", 2), { found: "#" });
  bag.report("RPC1005", at("a", 2), { found: "#" });
  const places = bag.sorted(["a", "b"]).map(({ span }) => `${span.file}:${span.start}`);
  expect(places).toEqual(["a:2", "a:9", "b:1"]);
});

test("a hint is left out where its value is not known", () => {
  const bag = createDiagnosticBag();
  bag.report("RPC2001", at("a", 0), { name: "`Rct`", suggestion: "`Rect`" });
  bag.report("RPC2001", at("a", 5), { name: "`x`", suggestion: null });
  expect(bag.sorted([]).map(({ message, help }) => [message, help])).toEqual([
    ["There is no type `Rct`.", "Did you mean `Rect`?"],
    ["There is no type `x`.", null],
  ]);
});

test("the values of a code are checked by the compiler", () => {
  const report: Report = () => {};
  // @ts-expect-error a value is missing
  report("RPC2001", at("a", 0), { suggestion: null });
  // @ts-expect-error what a message needs is never null
  report("RPC1005", at("a", 0), { found: null });
  // @ts-expect-error no such code
  report("RPC0000", at("a", 0), {});
  expect(report).toBeTypeOf("function");
});
