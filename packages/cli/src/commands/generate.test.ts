import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GenerateCommand, parseCommand } from "../arguments.js";
import { ExitCode } from "../exit-code.js";
import { createRecordingTerminal, type RecordingTerminal } from "../terminal/recording-terminal.js";
import { generate } from "./generate.js";

const PING = "/// Is it there?\ninterface Camera { ping(): u8; }\n";

let folder: string;
let terminal: RecordingTerminal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-generate-"));
  terminal = createRecordingTerminal();
  write("camera.idl", PING);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const here = () => readdirSync(folder).sort();

function rpcgen(line: string): Promise<ExitCode> {
  const command = parseCommand(line.split(" "));
  if (command.kind !== "generate") throw new Error(`not a generate command: ${line}`);
  return generate(command satisfies GenerateCommand, terminal, { folder, version: "9.9.9" });
}

describe("rpcgen camera.idl", () => {
  it("writes every file and says so", async () => {
    expect(await rpcgen("camera.idl --out generated")).toBe(ExitCode.ok);
    expect(readdirSync(join(folder, "generated")).sort()).toEqual([
      "camera.master.ts",
      "camera.slave.ts",
      "camera.types.ts",
      "camera_main.py",
      "camera_rpc.py",
      "camera_rpc.pyi",
    ]);
    expect(terminal.out).toMatch(
      /^camera\.idl: 1 interface, 1 function\n {2}written {4}generated\/camera\.types\.ts/,
    );
    expect(terminal.out).toMatch(/\n6 written\n$/);
    expect(terminal.err).toBe("");
  });

  it("puts version and source file into the headers, and no folder", async () => {
    await rpcgen("camera.idl --out generated");
    for (const path of readdirSync(join(folder, "generated"))) {
      if (path === "camera_main.py") continue;
      expect(read(`generated/${path}`), path).toContain("9.9.9");
      expect(read(`generated/${path}`), path).toContain("camera.idl");
      expect(read(`generated/${path}`), path).not.toContain(folder);
    }
  });

  it("writes nothing the second time, and leaves the person's script alone", async () => {
    await rpcgen("camera.idl");
    write("camera_main.py", "# mine");
    terminal.clear();
    expect(await rpcgen("camera.idl")).toBe(ExitCode.ok);
    expect(terminal.out).toMatch(/\n5 unchanged, 1 kept\n$/);
    expect(read("camera_main.py")).toBe("# mine");
  });

  it("writes the targets asked for only", async () => {
    await rpcgen("camera.idl --target micropython");
    expect(here()).toEqual(["camera.idl", "camera_main.py", "camera_rpc.py", "camera_rpc.pyi"]);
  });

  it("writes to an absolute folder", async () => {
    await rpcgen(`camera.idl --target micropython --out ${join(folder, "elsewhere")}`);
    expect(readdirSync(join(folder, "elsewhere"))).toContain("camera_rpc.py");
  });

  it("makes one script to paste", async () => {
    await rpcgen("camera.idl --single-file --out one");
    const [script, ...others] = readdirSync(join(folder, "one"));
    expect(others).toEqual([]);
    expect(read(`one/${script}`)).not.toContain("import camera_rpc");
  });

  it("reports every mistake and writes nothing", async () => {
    write("camera.idl", "interface Camera { a(): u9; b(x: Rekt); }\nstruct Rect { x: u8; }\n");
    expect(await rpcgen("camera.idl")).toBe(ExitCode.failed);
    expect(terminal.err).toContain("u9");
    expect(terminal.err).toContain("Rect");
    expect(terminal.err).toMatch(/\n2 errors; nothing was written\n$/);
    expect(here()).toEqual(["camera.idl"]);
  });

  it("tells of a file that is not there", async () => {
    expect(await rpcgen("camra.idl")).toBe(ExitCode.failed);
    expect(terminal.err).toContain("camra.idl");
  });
});

describe("rpcgen --check", () => {
  it("passes when all is up to date, with or without the person's script", async () => {
    await rpcgen("camera.idl");
    rmSync(join(folder, "camera_main.py"));
    expect(await rpcgen("camera.idl --check")).toBe(ExitCode.ok);
  });

  it("names what differs and what is missing, how to mend it, and touches nothing", async () => {
    await rpcgen("camera.idl");
    write("camera.types.ts", "old");
    rmSync(join(folder, "camera_rpc.py"));
    expect(await rpcgen("camera.idl --check")).toBe(ExitCode.failed);
    expect(terminal.err).toContain("differs    camera.types.ts");
    expect(terminal.err).toContain("missing    camera_rpc.py");
    expect(terminal.err).toContain("2 files not up to date; run: rpcgen camera.idl --out .\n");
    expect(read("camera.types.ts")).toBe("old");
  });
});
