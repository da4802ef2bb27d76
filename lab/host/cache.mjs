// What the laboratory keeps between runs, all under `.cache/lab`: downloaded and unpacked kernels, modules
// and native packages. A folder is made under another name and renamed when it is whole, so a run that was
// broken off leaves nothing half done behind.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../scripts/run.mjs";

export const cache = join(root, ".cache", "lab");

/** The folder `.cache/lab/<name>`, made by `fill(folder)` unless it is there. */
export async function cachedFolder(name, fill) {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}.partial`;
  mkdirSync(partial, { recursive: true });
  try {
    await fill(partial);
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}
