/** The scenario folders: each holds `<name>.idl` and, under `expected/`, what TypeScript is made of it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "@rpcgen/idl";
import type { Model } from "@rpcgen/idl/model";
import { type GeneratedFile, generate } from "../../src/index.js";

export const scenariosFolder = fileURLToPath(new URL("../scenarios/", import.meta.url));

export const scenarioNames: readonly string[] = readdirSync(scenariosFolder).sort();

export function expectedFolder(name: string): string {
  return join(scenariosFolder, name, "expected");
}

/** Makes `files` the expected ones. */
export function recordScenario(name: string, files: readonly GeneratedFile[]): void {
  rmSync(expectedFolder(name), { recursive: true, force: true });
  mkdirSync(expectedFolder(name));
  for (const { path, text } of files) writeFileSync(join(expectedFolder(name), path), text);
}

export async function generateScenario(name: string, embedSchema = false): Promise<readonly GeneratedFile[]> {
  const model = await compileFile(join(scenariosFolder, name, `${name}.idl`));
  return generateTypeScript(model, `${name}.idl`, embedSchema);
}

export function generateTypeScript(
  model: Model,
  sourceFile: string,
  embedSchema = false,
): Promise<readonly GeneratedFile[]> {
  // A version that is no release: expected files do not change with each one.
  const options = { generatorVersion: "0.0.0", sourceFile, singleFile: false, embedSchema };
  return generate(model, { ...options, targets: ["typescript"] });
}

async function compileFile(path: string): Promise<Model> {
  const { model, diagnostics } = await compile(path, {
    read: (file) => (existsSync(file) ? readFileSync(file) : null),
    resolve: (from, relative) => join(dirname(from), relative),
  });
  if (model === null)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return model;
}
