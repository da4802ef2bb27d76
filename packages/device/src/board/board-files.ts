/** Gathers the files of the board's memory disk: the library's in `/lib`, the person's in `/flash`. */
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BoardFile } from "./board-messages.js";

const LIBRARY = fileURLToPath(new URL("../../python/", import.meta.url));
const SCRIPT_NAME = "main.py";

export interface FileSources {
  /** A script on disk; the Python files beside it come along. */
  readonly mainPath?: string;
  /** Or the script's text. */
  readonly script?: string;
  /** More files by their path within `/flash`; they win over those on disk. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** All files, and which of `/flash` is to run. */
export async function collectBoardFiles(
  sources: FileSources,
): Promise<{ readonly files: readonly BoardFile[]; readonly main: string }> {
  const { mainPath, script } = sources;
  if ((mainPath === undefined) === (script === undefined)) {
    throw new TypeError("a virtual camera runs either `mainPath` or `script`");
  }
  const files = [...(await pythonFiles(LIBRARY, "/lib"))];
  if (mainPath !== undefined) files.push(...(await pythonFiles(dirname(mainPath), "/flash")));
  const given = { ...sources.files, ...(script === undefined ? {} : { [SCRIPT_NAME]: script }) };
  for (const [name, content] of Object.entries(given)) {
    const data = typeof content === "string" ? new TextEncoder().encode(content) : content;
    files.push({ path: `/flash/${name}`, data });
  }
  const main = mainPath === undefined ? SCRIPT_NAME : basename(mainPath);
  // Asked for by name, so that a mistyped path is an error here and not a riddle on the board.
  if (mainPath !== undefined) files.push({ path: `/flash/${main}`, data: await readFile(mainPath) });
  return { files, main };
}

async function pythonFiles(folder: string, target: string): Promise<BoardFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith(".py"));
  return Promise.all(
    names.map(async ({ name }) => ({ path: `${target}/${name}`, data: await readFile(join(folder, name)) })),
  );
}
