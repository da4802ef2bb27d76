import { compile } from "@rpcgen/idl";
import { expect, test } from "vitest";
import { generate } from "./index.js";

const count = (length: number, text: (index: number) => string) => Array.from({ length }, (_, i) => text(i));

// Steps that look at all before them at each of them would take minutes here: the test's time limit says so.
test.each([
  ["many fields", `struct S { ${count(20_000, (i) => `f${i}: u16;`).join(" ")} } interface I { f(): S; }`],
  ["many structs", count(4_000, (i) => `struct S${i} { x: u8; }`).join("\n")],
])("%s", async (_, source) => {
  const text = new TextEncoder().encode(source);
  const { model } = await compile("large.idl", { read: () => text, resolve: (_, relative) => relative });
  if (model === null) throw new Error("the test's own file does not compile");
  const options = {
    generatorVersion: "1.2.3",
    sourceFile: "large.idl",
    singleFile: false,
    embedSchema: false,
  };
  const files = await generate(model, { ...options, targets: ["typescript", "micropython"] });
  expect(files.map(({ path }) => path)).toContain("large.types.ts");
});
