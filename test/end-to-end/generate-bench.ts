/** Generates bench.idl as the command does, into a folder of this checkout, for the tests beside it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "@rpcgen/codegen";
import { compile } from "@rpcgen/idl";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Writes the files into `generated/<name>` and returns that folder. */
export async function generateBench(name: string): Promise<string> {
  const { model, diagnostics } = await compile("bench.idl", {
    read: (path) => readFileSync(join(here, path)),
    resolve: (_, relative) => relative,
  });
  if (model === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const files = await generate(model, {
    targets: ["typescript", "micropython"],
    generatorVersion: "test",
    sourceFile: "bench.idl",
    singleFile: false,
    embedSchema: false,
  });
  const folder = join(here, "generated", name);
  mkdirSync(folder, { recursive: true });
  for (const { path, text, once } of files) if (!once) writeFileSync(join(folder, path), text);
  return folder;
}

export const benchMain = (): string => readFileSync(join(here, "bench_main.py"), "utf8");
