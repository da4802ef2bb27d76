import { expect, test } from "vitest";
import { linkSupport } from "./support-code.js";

test("links what is used, directly or not, in the order of the files", () => {
  const { imports, blocks } = linkSupport("_put_optional(b, p, v, _utf8)");
  const names = blocks.map((block) => /^(?:def|class) (\w+)/.exec(block)?.[1]);
  expect(names).toEqual(["_WireError", "_shown", "_strict", "_utf8", "_not_a_string", "_put_optional"]);
  expect(imports).toEqual([]);
});

test("links imports with the code that needs them", () => {
  expect(linkSupport("_get_json").imports).toEqual(["import json as _json"]);
});

test("links nothing for code that needs nothing", () => {
  const nothing = { needsMembers: false, needsVersion: false, imports: [], aliases: [], blocks: [] };
  expect(linkSupport("x = 1")).toEqual(nothing);
});

test("builtins get a name at the top of the module where packing uses one", () => {
  expect(linkSupport("n = _len(v)").aliases).toEqual(["_len = len"]);
});
