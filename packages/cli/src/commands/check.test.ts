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

describe("rpcgen check --against", () => {
  beforeEach(() => {
    write("old.idl", "interface A { f(a: u8[<=200]); g(); }\n");
  });

  it("passes where peers of the older file go on working", async () => {
    write("new.idl", "interface A { f(a: u8[<=200]); g(b: u8 = 1); h(); }\n");
    expect(await rpcgen("check new.idl --against old.idl")).toBe(ExitCode.ok);
    expect(terminal.out).toBe("1 file without errors\nnew.idl: peers generated from old.idl go on working\n");
  });

  it("tells what changed on the wire, with its place", async () => {
    write("new.idl", "interface A { f(a: u8[<=300]); }\n");
    expect(await rpcgen("check new.idl --against old.idl")).toBe(ExitCode.failed);
    expect(terminal.err).toContain("its count moves from u8 to u16");
    expect(terminal.err).toContain("new.idl:1:17");
    expect(terminal.err).toContain("The function `g` of `old.idl` is no longer there");
    expect(terminal.err).toMatch(/\n2 errors\n$/);
    expect(terminal.out).toBe("");
  });

  it("passes where only limits changed", async () => {
    write("new.idl", "interface A { f(a: u8[<=100]); g(); }\n");
    expect(await rpcgen("check new.idl --against old.idl")).toBe(ExitCode.ok);
    expect(terminal.err).toContain("warning RPC9005");
    expect(terminal.out).toContain("only limits changed since old.idl; every byte is where it was\n");
  });

  it("tells it to programs and workflows", async () => {
    write("new.idl", "interface A { f(a: u8[<=300]); g(); }\n");
    expect(await rpcgen("check new.idl --against old.idl --format json")).toBe(ExitCode.failed);
    expect(JSON.parse(terminal.out)).toMatchObject([{ code: "RPC5004", file: "new.idl", line: 1 }]);
    terminal = createRecordingTerminal();
    expect(await rpcgen("check new.idl --against old.idl --format github")).toBe(ExitCode.failed);
    expect(terminal.out).toMatch(/^::error file=new\.idl,line=1,col=17,title=RPC5004::/);
  });

  it("tells the errors of either file, and compares nothing then", async () => {
    write("new.idl", "interface A { f(a: u9); }\n");
    expect(await rpcgen("check new.idl --against old.idl")).toBe(ExitCode.failed);
    expect(terminal.err).toMatch(/\n1 error\n$/);
    expect(await rpcgen("check old.idl --against missing.idl")).toBe(ExitCode.failed);
    expect(terminal.err).toContain("There is no file `missing.idl`");
  });

  it("takes one file", () => {
    expect(() => parseCommand(["check", "a.idl", "b.idl", "--against", "old.idl"])).toThrow("name one");
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
