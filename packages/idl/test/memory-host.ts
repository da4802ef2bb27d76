/** Files in memory: what the tests give the compiler instead of a disk. */
import { type Compilation, type CompileOptions, compile, type Host } from "../src/index.js";

export type Files = Readonly<Record<string, string | Uint8Array>>;

export function createMemoryHost(files: Files): Host {
  return {
    read(path) {
      const content = Object.hasOwn(files, path) ? files[path] : undefined;
      if (content === undefined) return null;
      return typeof content === "string" ? new TextEncoder().encode(content) : content;
    },
    resolve: (from, relative) => new URL(relative, `memory:///${from}`).pathname.slice(1),
  };
}

/** Compiles `input.idl`, with further files where given. */
export function compileText(
  input: string | Uint8Array,
  others: Files = {},
  options: CompileOptions = {},
): Promise<Compilation> {
  return compile("input.idl", createMemoryHost({ ...others, "input.idl": input }), options);
}
