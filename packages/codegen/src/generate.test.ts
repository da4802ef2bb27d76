import { compile } from "@rpcgen/idl";
import { describe, expect, it, vi } from "vitest";
import { generate } from "./index.js";

// A target that nobody asked for costs nothing, not even the time to load it.
vi.mock("./typescript/index.js", () => {
  throw new Error("the TypeScript target was loaded");
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
  it("writes MicroPython without loading the TypeScript target", async () => {
    const files = await generate(await tinyModel(), { ...options, targets: ["micropython"] });
    expect(files.map(({ path }) => path)).toContain("tiny_rpc.py");
    await expect(generate(await tinyModel(), { ...options, targets: ["typescript"] })).rejects.toThrow();
  });

  it("writes nothing where no target is asked for", async () => {
    expect(await generate(await tinyModel(), { ...options, targets: [] })).toEqual([]);
  });
});
