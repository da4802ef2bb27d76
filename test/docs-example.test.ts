/** The program in docs/testing.md runs as it stands there, and prints what a program on a good line would. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

it("runs the example of docs/testing.md", () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, "docs/testing.md"), "utf8")) ?? [];
  mkdirSync(join(root, ".cache"), { recursive: true });
  const path = join(root, ".cache", "docs-example.mjs");
  writeFileSync(path, transformSync(String(code), { loader: "ts", format: "esm", target: "node20" }).code);
  const output = execFileSync(process.execPath, [path], { encoding: "utf8" });
  expect(output).toMatch(/^1,2,3 after \d+ ms; it ran 1 time\(s\)\n$/);
});
