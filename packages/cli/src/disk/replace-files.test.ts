import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiskError } from "./disk-error.js";
import { replaceFiles } from "./replace-files.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-replace-"));
  writeFileSync(join(folder, "a.ts"), "old");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (path: string) => join(folder, path);
const read = (path: string) => readFileSync(at(path), "utf8");
const replace = (...paths: string[]) => replaceFiles(paths.map((path) => ({ path: at(path), text: "new" })));
/** As the temporary and kept files are called. */
const beside = (path: string, ending: "tmp" | "old") => at(`${path}.${process.pid}.${ending}`);

describe("replaceFiles", () => {
  it("replaces and makes files and folders, and leaves nothing else", () => {
    replace("a.ts", "b.ts", "deep/er/c.ts");
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      "a.ts",
      "b.ts",
      "deep",
      "deep/er",
      "deep/er/c.ts",
    ]);
    expect(["a.ts", "b.ts", "deep/er/c.ts"].map(read)).toEqual(["new", "new", "new"]);
  });

  it("leaves a symbolic link a link, and permissions as they were", () => {
    chmodSync(at("a.ts"), 0o750);
    symlinkSync("a.ts", at("link.ts"));
    replace("link.ts");
    expect(lstatSync(at("link.ts")).isSymbolicLink()).toBe(true);
    expect(read("a.ts")).toBe("new");
    expect(statSync(at("a.ts")).mode & 0o777).toBe(0o750);
  });

  it.skipIf(!existsSync("/dev/full"))("undoes everything, folders too, when the disk is full", () => {
    mkdirSync(at("x"));
    writeFileSync(at("x/z.ts"), "old");
    symlinkSync("/dev/full", beside("x/z.ts", "tmp"));
    const failing = () => replace("a.ts", "new/folder/b.ts", "x/z.ts");
    expect(failing).toThrow(DiskError);
    symlinkSync("/dev/full", beside("x/z.ts", "tmp"));
    expect(failing).toThrow(`can't write ${at("x/z.ts")}: the disk is full (ENOSPC); no file was changed`);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["a.ts", "x", "x/z.ts"]);
    expect(read("a.ts")).toBe("old");
    expect(read("x/z.ts")).toBe("old");
  });

  it("puts back what was replaced when a later one can't be put in its place", () => {
    writeFileSync(at("z.ts"), "old");
    // What was there can't be kept: a folder has that name.
    mkdirSync(beside("z.ts", "old"));
    expect(() => replace("a.ts", "new.ts", "z.ts")).toThrow(`can't write ${at("z.ts")}: `);
    rmSync(beside("z.ts", "old"), { recursive: true });
    expect(readdirSync(folder).sort()).toEqual(["a.ts", "z.ts"]);
    expect(read("a.ts")).toBe("old");
    expect(read("z.ts")).toBe("old");
  });

  it.skipIf(!existsSync("/proc/self"))("ends where the system makes no folders", () => {
    for (const path of ["/proc/x/a.ts", "/proc/x/y/a.ts"]) {
      expect(() => replaceFiles([{ path, text: "" }])).toThrow(
        /^can't make the folder \/proc\/x(\/y)?: the system makes nothing there \(ENOENT\); no file was changed$/,
      );
    }
  });

  it("takes its hands off signals afterwards", () => {
    const before = process.listenerCount("SIGINT");
    replace("a.ts");
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});
