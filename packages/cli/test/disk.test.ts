/** The command on disks that refuse, and interrupted while it writes. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const rpcgen = fileURLToPath(new URL("../bin/rpcgen.js", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-disk-"));
  writeFileSync(join(folder, "a.idl"), "interface A { f(): u8; }\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, ...args: string[]) {
  const { status, signal, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  return { status, signal, stdout, stderr };
}

const shell = (script: string) => run("unshare", "-rm", "sh", "-c", script, process.execPath, rpcgen);
/** A disk of its own for a test, which needs no rights where the system lets people have namespaces. */
const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

describe.skipIf(!canMount)("on a disk of its own", () => {
  beforeEach(() => mkdirSync(join(folder, "disk")));

  it("says that the disk is full, and leaves it as it was", () => {
    const { status, stdout, stderr } = shell(`
      mount -t tmpfs -o size=12k none disk && echo old > disk/a.types.ts
      "$0" "$1" a.idl --out disk; code=$?
      find disk -type f; cat disk/a.types.ts
      "$0" "$1" a.idl --out disk/new; find disk
      exit $code`);
    expect(stderr).toMatch(
      /^rpcgen: can't write .*\/disk\/a\S+: the disk is full \(ENOSPC\); no file was changed\nrpcgen: can't write .*\/disk\/new\/a\S+: the disk is full \(ENOSPC\); no file was changed\n$/,
    );
    expect(stdout).toBe("disk/a.types.ts\nold\ndisk\ndisk/a.types.ts\n");
    expect(status).toBe(1);
  });

  it("says that the disk is read-only", () => {
    const { status, stderr } = shell(`
      mount -t tmpfs -o ro none disk
      "$0" "$1" a.idl --out disk; "$0" "$1" a.idl --out disk/new`);
    expect(stderr).toMatch(
      /^rpcgen: can't write .*\/disk\/a\S+: the disk is read-only \(EROFS\); no file was changed\nrpcgen: can't make the folder .*\/disk\/new: the disk is read-only \(EROFS\); no file was changed\n$/,
    );
    expect(status).toBe(1);
  });
});

describe("interrupted", () => {
  /** Runs the command with a Ctrl-C just before its first call of a function of node:fs. */
  function interruptedAt(name: string) {
    writeFileSync(
      join(folder, "interrupt.cjs"),
      `const fs = require("node:fs");
       const original = fs.${name};
       fs.${name} = (...args) => {
         fs.${name} = original;
         process.kill(process.pid, "SIGINT");
         return original(...args);
       };`,
    );
    return run(process.execPath, "--require", "./interrupt.cjs", rpcgen, "a.idl", "--out", "out");
  }

  it.each(["writeFileSync", "renameSync"])("at %s it finishes writing first", (name) => {
    expect(interruptedAt(name)).toMatchObject({ status: 0, signal: null, stderr: "" });
    const files = readdirSync(join(folder, "out")).sort();
    expect(files).toEqual(["a.master.ts", "a.slave.ts", "a.types.ts", "a_main.py", "a_rpc.py", "a_rpc.pyi"]);
    for (const file of files) expect(readFileSync(join(folder, "out", file), "utf8")).toMatch(/\n$/);
  });

  it("before that it writes nothing", () => {
    expect(interruptedAt("statSync")).toMatchObject({ status: null, signal: "SIGINT", stdout: "" });
    expect(readdirSync(folder).sort()).toEqual(["a.idl", "interrupt.cjs"]);
  });
});

describe("printing", () => {
  it("into a pipe that nobody reads is no mistake", () => {
    const { status, stderr } = run("sh", "-c", `"$0" "$1" a.idl --out out | true`, process.execPath, rpcgen);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(readdirSync(join(folder, "out"))).toHaveLength(6);
  });

  it.skipIf(!existsSync("/dev/full"))("onto a full disk is one", () => {
    const { status, stderr } = run("sh", "-c", `"$0" "$1" --help > /dev/full`, process.execPath, rpcgen);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "rpcgen: can't print: the disk is full (ENOSPC)\n",
    });
  });
});
