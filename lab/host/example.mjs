// The generated TypeScript of the main example, compiled for the guests.
import { join } from "node:path";
import { root } from "../../scripts/run.mjs";
import { cache } from "./cache.mjs";
import { command } from "./command.mjs";

export async function prepareExample() {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const example = join(root, "examples/camera");
  await command(process.execPath, [tsc, "-p", example, "--outDir", join(cache, "example")]);
}
