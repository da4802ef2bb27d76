/** From interface language to MicroPython files, for tests. */
import { compile, type Model } from "@rpcgen/idl";
import { microPythonTarget } from "../../src/micropython/index.js";
import type { GeneratedFile, TargetOptions } from "../../src/target.js";

export async function modelOf(fileBase: string, text: string): Promise<Model> {
  const path = `${fileBase}.idl`;
  const read = (asked: string) => (asked === path ? new TextEncoder().encode(text) : null);
  const compilation = await compile(path, { read, resolve: (_from, relative) => relative });
  if (compilation.model === null) {
    throw new Error(compilation.diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  }
  return compilation.model;
}

/** The files of one interface file, by path. */
export async function generateFrom(
  fileBase: string,
  text: string,
  options: Partial<TargetOptions> = {},
): Promise<ReadonlyMap<string, GeneratedFile>> {
  const model = await modelOf(fileBase, text);
  const files = await microPythonTarget.generate(model, {
    generatorVersion: "1.2.3",
    sourceFile: `${fileBase}.idl`,
    singleFile: false,
    embedSchema: false,
    ...options,
  });
  return new Map(files.map((file) => [file.path, file]));
}

/** The text of `<fileBase>_rpc.py`. */
export async function rpcModuleFrom(fileBase: string, text: string): Promise<string> {
  const file = (await generateFrom(fileBase, text)).get(`${fileBase}_rpc.py`);
  if (file === undefined) throw new Error("no module was generated");
  return file.text;
}
