import { compile } from "@rpcgen/idl";
import { describe, expect, it, vi } from "vitest";
import { generate } from "./index.js";

// ts-morph takes a third of a second to load: only the target that prints with it may do so.
vi.mock("ts-morph", () => {
  throw new Error("ts-morph was loaded");
});

const options = {
  generatorVersion: "1.2.3",
  sourceFile: "tiny.idl",
  singleFile: false,
  embedSchema: false,
} as const;

async function tinyModel() {
  const text = new TextEncoder().encode("interface Tiny { ping(); }");
  const { model } = await compile("tiny.idl", { read: () => text, resolve: (_, relative) => relative });
  if (model === null) throw new Error("the test's own file does not compile");
  return model;
}

describe("generate", () => {
  it("writes MicroPython without loading what TypeScript needs", async () => {
    const files = await generate(await tinyModel(), { ...options, targets: ["micropython"] });
    expect(files.map(({ path }) => path)).toContain("tiny_rpc.py");
    await expect(generate(await tinyModel(), { ...options, targets: ["typescript"] })).rejects.toThrow();
  });

  it("writes nothing where no target is asked for", async () => {
    expect(await generate(await tinyModel(), { ...options, targets: [] })).toEqual([]);
  });
});
