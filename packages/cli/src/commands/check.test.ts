import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseCommand } from "../arguments.js";
import { ExitCode } from "../exit-code.js";
import { createRecordingTerminal, type RecordingTerminal } from "../terminal/recording-terminal.js";
import { check } from "./check.js";
import { explain } from "./explain.js";

let folder: string;
let terminal: RecordingTerminal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-check-"));
  terminal = createRecordingTerminal();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const write = (path: string, text: string) => writeFileSync(join(folder, path), text);

function rpcgen(line: string): Promise<ExitCode> {
  const command = parseCommand(line.split(" "));
  if (command.kind !== "check") throw new Error(`not a check command: ${line}`);
  return check(command, terminal, folder);
}

describe("rpcgen check", () => {
  it("passes good files and writes nothing", async () => {
    write("a.idl", "interface A { f(): u8; }\n");
    write("b.idl", "interface B { g(): u8; }\n");
    expect(await rpcgen("check a.idl b.idl")).toBe(ExitCode.ok);
    expect(terminal.out).toBe("2 files without errors\n");
    expect(readdirSync(folder).sort()).toEqual(["a.idl", "b.idl"]);
  });

  it("tells the mistakes of all files", async () => {
    write("a.idl", "interface A { f(): u9; }\n");
    write("b.idl", "interface B { g(x: Nope); }\n");
    expect(await rpcgen("check a.idl b.idl")).toBe(ExitCode.failed);
    expect(terminal.err).toContain("a.idl:1:20");
    expect(terminal.err).toContain("b.idl:1:20");
    expect(terminal.err).toMatch(/\n2 errors\n$/);
  });

  it("tells them to programs: one JSON array, nothing else on standard output", async () => {
    write("a.idl", "interface A { f(): u9; }\n");
    expect(await rpcgen("check a.idl --format json")).toBe(ExitCode.failed);
    expect(JSON.parse(terminal.out)).toMatchObject([
      { severity: "error", file: "a.idl", line: 1, column: 20 },
    ]);
    expect(terminal.err).toBe("");
  });

  it("tells an empty JSON array where there is nothing to tell", async () => {
    write("a.idl", "interface A { f(): u8; }\n");
    expect(await rpcgen("check a.idl --format json")).toBe(ExitCode.ok);
    expect(JSON.parse(terminal.out)).toEqual([]);
  });

  it("warns of what a board can't hold, where it is told of the board", async () => {
    write("a.idl", "interface A { f(): f64; }\n");
    expect(await rpcgen("check a.idl --board rp2040")).toBe(ExitCode.ok);
    expect(terminal.err).toContain("warning RPC9003");
    terminal.clear();
    await rpcgen("check a.idl");
    expect(terminal.err).toBe("");
  });

  it("annotates a workflow", async () => {
    write("a.idl", "interface A { f(): u9; }\n");
    expect(await rpcgen("check a.idl --format github")).toBe(ExitCode.failed);
    expect(terminal.out).toMatch(/^::error file=a\.idl,line=1,col(umn)?=20/);
  });
});

describe("rpcgen explain", () => {
  it("says what a code means and how to mend it, with both examples", () => {
    expect(explain("rpc2001", terminal)).toBe(ExitCode.ok);
    expect(terminal.out).toMatch(/^RPC2001, an error: /);
    expect(terminal.out).toMatch(/\nTo mend: [^\n]+\n\nWrong:\n {2}[\s\S]+\n\nRight:\n {2}/);
  });

  it("knows when there is no such code", () => {
    expect(explain("RPC0000", terminal)).toBe(ExitCode.usage);
    expect(terminal.err).toContain("there is no code RPC0000; codes go from RPC1001 to RPC9");
  });
});
