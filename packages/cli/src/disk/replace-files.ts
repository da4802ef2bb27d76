/**
 * Replaces several files, all of them or none. New contents go to temporary files beside their places and are
 * renamed only when every one of them was written; what was there before is kept until the last one is in place.
 * All of it in one go, without giving way to anything: a signal waits until it is over.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { DiskError, isSystemError, onDisk } from "./disk-error.js";

export interface Replacement {
  /** Absolute. Folders on the way are made. */
  readonly path: string;
  readonly text: string;
}

/** @throws DiskError when one can't be written; then everything is as it was, folders too, unless it says otherwise. */
export function replaceFiles(replacements: readonly Replacement[]): void {
  const undo: (() => void)[] = [];
  const signals = holdSignals();
  try {
    const places = replacements.map(({ path, text }) => prepare(path, text, undo));
    for (const place of places) putInPlace(place, undo);
    for (const { backup } of places) removeQuietly(backup);
  } catch (error) {
    const isUndone = undo.reverse().map(quietly).every(Boolean);
    const state = isUndone ? "no file was changed" : "not everything could be put back";
    throw error instanceof DiskError ? error.adding(state) : error;
  } finally {
    signals.release();
  }
}

/** A file that waits beside the place where it is to be. */
interface Place {
  readonly path: string;
  readonly temporary: string;
  readonly backup: string;
}

function prepare(path: string, text: string, undo: (() => void)[]): Place {
  onDisk(`make the folder ${dirname(path)}`, () => makeFolder(dirname(path), undo));
  return onDisk(`write ${path}`, () => {
    const isThere = existsSync(path);
    // A symbolic link stays one: it is its file that changes.
    const real = isThere ? realpathSync(path) : path;
    const place = {
      path: real,
      temporary: `${real}.${process.pid}.tmp`,
      backup: `${real}.${process.pid}.old`,
    };
    undo.push(() => removeQuietly(place.temporary));
    writeFileSync(place.temporary, text);
    if (isThere) chmodSync(place.temporary, statSync(real).mode);
    return place;
  });
}

function putInPlace({ path, temporary, backup }: Place, undo: (() => void)[]): void {
  onDisk(`write ${path}`, () => {
    const isThere = existsSync(path);
    if (isThere) {
      undo.push(() => removeQuietly(backup));
      linkOrCopy(path, backup);
    }
    renameSync(temporary, path);
    undo.push(() => (isThere ? renameSync(backup, path) : rmSync(path)));
  });
}

/** A second name costs no space, but cameras' disks are FAT, which has none. */
function linkOrCopy(path: string, copy: string): void {
  try {
    linkSync(path, copy);
  } catch {
    copyFileSync(path, copy);
  }
}

/** Node's own `recursive` never ends in folders where the system makes none, such as /proc. */
function makeFolder(folder: string, undo: (() => void)[]): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), undo);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (isSystemError(error) && error.code === "EEXIST" && existsSync(folder)) return;
    throw error;
  }
  undo.push(() => rmdirSync(folder));
}

/** Ctrl-C in the middle would leave temporary files behind. */
function holdSignals(): { release(): void } {
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const wait = () => {};
  for (const name of names) process.on(name, wait);
  return {
    release() {
      for (const name of names) process.off(name, wait);
    },
  };
}

function removeQuietly(path: string): void {
  quietly(() => rmSync(path, { force: true }));
}

/** Gives whether it went well: of failures the first is the one to tell. */
function quietly(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
