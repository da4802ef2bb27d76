/** Brings files on disk up to date, all of them or none: what is to be written, and what a person's part is. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DiskError, isSystemError, onDisk } from "./disk-error.js";
import { replaceFiles } from "./replace-files.js";

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

/** @throws DiskError when a file can't be read or written; then none was changed, unless it says otherwise. */
export function writeFiles(folder: string, wanted: readonly WantedFile[]): readonly FileReport[] {
  const reports = compareFiles(folder, wanted);
  const changed = wanted
    .filter((_, index) => needsWriting(reports[index]))
    .map((file) => {
      const path = join(folder, file.path);
      return { path, text: textFor(file, readIfThere(path)) };
    });
  replaceFiles(changed);
  return reports.map((entry) => (needsWriting(entry) ? { ...entry, state: "written" } : entry));
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
  return onDisk(`read ${path}`, () => {
    try {
      // Reading a pipe would wait for whoever writes into it.
      if (statSync(path).isFIFO()) throw new DiskError(`read ${path}`, "a pipe is in its place");
      return readFileSync(path, "utf8");
    } catch (error) {
      // Where a file is in the place of a folder, writing says so.
      if (isSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
      throw error;
    }
  });
}
