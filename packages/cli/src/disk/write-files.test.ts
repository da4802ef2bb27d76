import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compareFiles, type FileReport, writeFiles } from "./write-files.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-write-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const states = (reports: readonly FileReport[]) => reports.map((entry) => entry.state);
const file = (path: string, text: string, once = false) => ({ path, text, once, yoursFrom: null });

describe("writeFiles", () => {
  it("writes what is missing or differs, and nothing else", () => {
    const wanted = [file("a.ts", "a"), file("b.ts", "b")];
    expect(states(writeFiles(folder, wanted))).toEqual(["written", "written"]);
    const before = statSync(join(folder, "a.ts")).ino;
    writeFileSync(join(folder, "b.ts"), "old");
    expect(states(writeFiles(folder, wanted))).toEqual(["unchanged", "written"]);
    expect(statSync(join(folder, "a.ts")).ino).toBe(before);
    expect(readFileSync(join(folder, "b.ts"), "utf8")).toBe("b");
  });

  it("makes the folder", () => {
    expect(states(writeFiles(join(folder, "deep", "er"), [file("a.ts", "a")]))).toEqual(["written"]);
  });

  it("leaves a person's file alone once it is there", () => {
    writeFiles(folder, [file("main.py", "first", true)]);
    writeFileSync(join(folder, "main.py"), "mine");
    expect(states(writeFiles(folder, [file("main.py", "second", true)]))).toEqual(["kept"]);
    expect(readFileSync(join(folder, "main.py"), "utf8")).toBe("mine");
  });

  it("renews the generated part of a file and leaves the person's part", () => {
    const single = (text: string) => [{ ...file("single.py", text), yoursFrom: "# yours" }];
    writeFiles(folder, single("v1\n# yours\nfill in\n"));
    writeFileSync(join(folder, "single.py"), "v1\n# yours\nmine\n");
    expect(states(compareFiles(folder, single("v1\n# yours\nother hints\n")))).toEqual(["unchanged"]);
    expect(states(writeFiles(folder, single("v2\n# yours\nother hints\n")))).toEqual(["written"]);
    expect(readFileSync(join(folder, "single.py"), "utf8")).toBe("v2\n# yours\nmine\n");
    writeFileSync(join(folder, "single.py"), "the line is gone");
    expect(states(writeFiles(folder, single("v3\n# yours\n")))).toEqual(["unchanged"]);
  });

  it("writes none when one can't be written, and leaves no temporary file behind", () => {
    mkdirSync(join(folder, "taken.ts"));
    writeFileSync(join(folder, "a.ts"), "old");
    expect(() => writeFiles(folder, [file("a.ts", "new"), file("taken.ts/x/..bad\0", "b")])).toThrow();
    expect(readFileSync(join(folder, "a.ts"), "utf8")).toBe("old");
    expect(readdirSync(folder).sort()).toEqual(["a.ts", "taken.ts"]);
  });

  it("tells which path stands in the way", () => {
    writeFileSync(join(folder, "generated"), "a file, not a folder");
    expect(() => writeFiles(join(folder, "generated"), [file("a.ts", "a")])).toThrow(
      /^can't write .*generated\/a\.ts: a part of its path is a file, not a folder \(ENOTDIR\); no file was changed$/,
    );
    mkdirSync(join(folder, "b.ts"));
    expect(() => writeFiles(folder, [file("b.ts", "b")])).toThrow(
      /^can't read .*\/b\.ts: a folder is in its place \(EISDIR\)$/,
    );
  });

  it("does not wait for what writes into a pipe", () => {
    execFileSync("mkfifo", [join(folder, "a.ts")]);
    expect(() => writeFiles(folder, [file("a.ts", "a")])).toThrow(/a\.ts: a pipe is in its place$/);
  });
});

describe("compareFiles", () => {
  it("names what is missing and what is stale, and writes nothing", () => {
    writeFileSync(join(folder, "a.ts"), "old");
    const wanted = [file("a.ts", "new"), file("b.ts", "b"), file("main.py", "m", true)];
    expect(states(compareFiles(folder, wanted))).toEqual(["stale", "missing", "missing"]);
    expect(readdirSync(folder)).toEqual(["a.ts"]);
  });
});
