import { describe, expect, test } from "vitest";
import { docstringLines, pythonFloat, pythonString, pythonTuple, textLines } from "./python-text.js";

describe("pythonString", () => {
  test.each([
    ["plain", '"plain"'],
    ['a "quote" and a \\', String.raw`"a \"quote\" and a \\"`],
    ["line\nbreak\r\ttab", String.raw`"line\nbreak\r\ttab"`],
    ["\0\u007f", String.raw`"\u0000\u007f"`],
    ["é😀", '"é😀"'],
    ["\ud800", String.raw`"\ud800"`],
  ])("%j", (text, literal) => {
    expect(pythonString(text)).toBe(literal);
  });
});

describe("pythonFloat", () => {
  test.each([
    [2, "2.0"],
    [-0, "-0.0"],
    [1.5, "1.5"],
    [1e21, "1e+21"],
    [1e-7, "1e-7"],
    [Number.POSITIVE_INFINITY, 'float("inf")'],
    [Number.NEGATIVE_INFINITY, 'float("-inf")'],
    [Number.NaN, 'float("nan")'],
  ])("%d", (value, literal) => {
    expect(pythonFloat(value)).toBe(literal);
  });
});

test("a tuple of one has its comma", () => {
  expect(pythonTuple(["1"])).toBe("(1,)");
  expect(pythonTuple(["1", "2"])).toBe("(1, 2)");
});

test("text in a comment ends a line only where a line ends", () => {
  expect(textLines("a\r\nb\rc\u2028d\u0000e \n")).toEqual(["a", "b", "c", "d e", ""]);
  expect(textLines("")).toEqual([]);
});

describe("docstringLines", () => {
  test.each([
    [[], []],
    [["one"], ['"""one"""']],
    [
      ["one", "two"],
      ['"""one', "two", '"""'],
    ],
    [['ends in "'], [String.raw`"""ends in \""""`]],
    [['"""'], [String.raw`"""\"\"\""""`]],
    [['a """ b "c" d'], [String.raw`"""a \"\"" b "c" d"""`]],
    [["C:\\"], [String.raw`"""C:\\"""`]],
  ])("%j", (lines, docstring) => {
    expect(docstringLines(lines)).toEqual(docstring);
  });
});
