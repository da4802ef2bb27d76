/** Runs the chosen targets over a model. Each is loaded when it is asked for. */
import type { Model } from "@rpcgen/idl/model";
import type { GeneratedFile, Target, TargetName, TargetOptions } from "./target.js";

export interface GenerateOptions extends TargetOptions {
  /** In the order in which their files are wanted. */
  readonly targets: readonly TargetName[];
}

const TARGETS: Readonly<Record<TargetName, () => Promise<Target>>> = {
  typescript: async () => (await import("./typescript/index.js")).typescriptTarget,
  micropython: async () => (await import("./micropython/index.js")).microPythonTarget,
};

/** The files of every target asked for, in that order. */
export async function generate(model: Model, options: GenerateOptions): Promise<readonly GeneratedFile[]> {
  const files: GeneratedFile[] = [];
  for (const name of options.targets) {
    const target = await TARGETS[name]();
    files.push(...(await target.generate(model, options)));
  }
  return files;
}
