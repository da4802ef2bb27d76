/** The core runs in a browser: bundled for one, nothing of Node is left in it. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

const bundle = async (entry: string) => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(`../src/${entry}`, import.meta.url))],
    bundle: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const imported = Object.values(metafile.inputs).flatMap((input) => input.imports.map(({ path }) => path));
  return { text: outputFiles[0]?.text ?? "", imported };
};

describe.each(["index.ts", "codec/v1.ts", "memory.ts", "transports/web-serial.ts"])(
  "%s, bundled for a browser",
  (entry) => {
    it("imports nothing but the runtime itself and uses no global of Node", async () => {
      const { text, imported } = await bundle(entry);
      expect(text.length).toBeGreaterThan(500);
      expect(imported.filter((path) => !path.startsWith("packages/runtime/src/"))).toEqual([]);
      expect(text).not.toMatch(/\bnode:|\bBuffer\b|\bprocess\.|\brequire\(|\bsetImmediate\b|__dirname/);
    });
  },
);

describe("the check itself", () => {
  it("refuses the UART transport, which is Node's", async () => {
    await expect(bundle("transports/uart.ts")).rejects.toThrow(/Could not resolve|No matching export/);
  });
});
