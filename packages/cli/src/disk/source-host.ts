/** Reads `.idl` files for the compiler. Paths in diagnostics are as a person would type them. */
import { readFileSync } from "node:fs";
import { dirname, join, normalize, relative, resolve } from "node:path";
import type { Host } from "@rpcgen/idl";

export function createSourceHost(workingFolder: string): Host {
  return {
    // Of Node's ways to read a file the one that is loaded already.
    read(path) {
      try {
        return readFileSync(resolve(workingFolder, path));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
        throw error;
      }
    },
    resolve(from, imported) {
      const path = resolve(workingFolder, dirname(from), imported);
      return displayPath(workingFolder, path);
    },
  };
}

/** The shorter of the path from here and the absolute one; the same file always gets the same. */
export function displayPath(workingFolder: string, path: string): string {
  const fromHere = relative(workingFolder, resolve(workingFolder, path));
  return fromHere.startsWith(join("..", "..")) ? normalize(resolve(workingFolder, path)) : fromHere;
}
