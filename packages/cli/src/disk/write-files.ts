/**
 * Brings files on disk up to date, all of them or none: new contents go to temporary files beside
 * their places and are renamed only when every one of them was written.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface WantedFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly text: string;
  /** Write it only where it is not there yet: it belongs to the person afterwards. */
  readonly once: boolean;
  /** The line from which on a file that is there already is the person's; null where all of it is generated. */
  readonly yoursFrom: string | null;
}

/** `kept`: a `once` file that was there already. `stale`: differs, but nothing was to be written. */
export type FileState = "written" | "unchanged" | "kept" | "missing" | "stale";

export interface FileReport {
  readonly path: string;
  readonly state: FileState;
  readonly byteLength: number;
  /** As in `WantedFile`. */
  readonly once: boolean;
}

/** What `writeFiles` would do, with nothing written: `missing` and `stale` name the differences. */
export function compareFiles(folder: string, wanted: readonly WantedFile[]): readonly FileReport[] {
  return wanted.map((file) => report(file, stateOf(folder, file)));
}

/** @throws RefusedError when a file can't be written; then none was, unless the message says otherwise. */
export function writeFiles(folder: string, wanted: readonly WantedFile[]): readonly FileReport[] {
  const reports = compareFiles(folder, wanted);
  const changed = wanted
    .filter((_, index) => needsWriting(reports[index]))
    .map((file) => ({ ...file, text: textFor(file, readIfThere(join(folder, file.path))) }));
  const temporary = changed.map((file) => join(folder, `${file.path}.${process.pid}.tmp`));
  let current = folder;
  let renewed = 0;
  const begun: string[] = [];
  try {
    changed.forEach((file, index) => {
      current = join(folder, file.path);
      const path = temporary[index] ?? file.path;
      mkdirSync(dirname(path), { recursive: true });
      begun.push(path);
      writeFileSync(path, file.text);
    });
    changed.forEach((file, index) => {
      current = join(folder, file.path);
      renameSync(temporary[index] ?? file.path, current);
      renewed += 1;
    });
  } catch (error) {
    for (const path of begun) rmSync(path, { force: true });
    const state =
      renewed === 0 ? "no file was changed" : `${renewed} of ${changed.length} files were renewed`;
    throw refused(error, current, state);
  }
  return reports.map((entry) => (needsWriting(entry) ? { ...entry, state: "written" } : entry));
}

/** What the system refused, in words; `code` is its own. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly code: string;
  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "no more space is allowed on this disk",
  EROFS: "the disk is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOTDIR: "a file is where a folder should be",
  EEXIST: "a file is where a folder should be",
  EISDIR: "a folder is in its place",
};

function refused(error: unknown, path: string, state: string): unknown {
  if (!(error instanceof Error && "code" in error && "syscall" in error)) return error;
  const code = String(error.code);
  return new RefusedError(
    `cannot write ${path}: ${REASONS[code] ?? error.message} (${code}); ${state}`,
    code,
    error,
  );
}

function needsWriting(entry: FileReport | undefined): boolean {
  return entry?.state === "missing" || entry?.state === "stale";
}

function stateOf(folder: string, file: WantedFile): FileState {
  const present = readIfThere(join(folder, file.path));
  if (present === null) return "missing";
  if (file.once) return "kept";
  return present === textFor(file, present) ? "unchanged" : "stale";
}

/** What the file is to hold: of one that is there already, the person's part stays. */
function textFor(file: WantedFile, present: string | null): string {
  if (file.yoursFrom === null || present === null) return file.text;
  const theirs = present.indexOf(`\n${file.yoursFrom}\n`);
  const ours = file.text.indexOf(`\n${file.yoursFrom}\n`);
  // Without the line nobody can tell whose is what: then all of it is the person's.
  return theirs === -1 || ours === -1 ? present : file.text.slice(0, ours) + present.slice(theirs);
}

function report(file: WantedFile, state: FileState): FileReport {
  return { path: file.path, state, byteLength: Buffer.byteLength(file.text), once: file.once };
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    // Where a file is in the place of a folder, writing says so.
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw refused(error, path, "no file was changed");
  }
}
