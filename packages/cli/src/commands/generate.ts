/** `rpcgen camera.idl`: compile, generate, write what changed, and say what was done. */
import { basename, join, resolve } from "node:path";
import { generate as generateFiles, needsOwnLibrary, type TargetName } from "@rpcgen/codegen";
import { compile, type Model } from "@rpcgen/idl";
import type { GenerateCommand } from "../arguments.js";
import { rpcLibraryFile } from "../disk/rpc-library.js";
import { createSourceHost, displayPath } from "../disk/source-host.js";
import { compareFiles, type FileReport, type FileState, writeFiles } from "../disk/write-files.js";
import { ExitCode } from "../exit-code.js";
import { counted } from "../terminal/counted.js";
import { tellDiagnostics } from "../terminal/tell-diagnostics.js";
import type { Terminal } from "../terminal/terminal.js";

export interface Workplace {
  /** What relative paths on the command line are relative to. */
  readonly folder: string;
  readonly version: string;
}

export async function generate(
  command: GenerateCommand,
  terminal: Terminal,
  workplace: Workplace,
): Promise<ExitCode> {
  const host = createSourceHost(workplace.folder);
  const compilation = await compile(displayPath(workplace.folder, command.input), host, {
    board: command.board?.board ?? null,
  });
  tellDiagnostics(compilation, command.format, terminal, "; nothing was written");
  if (compilation.model === null) return ExitCode.failed;

  const files = [
    ...(await generateFiles(compilation.model, {
      targets: command.targets,
      generatorVersion: workplace.version,
      sourceFile: basename(command.input),
      singleFile: command.singleFile,
      embedSchema: command.embedSchema,
      board: command.board,
    })),
  ];
  // A program that reads the JSON on standard output must find nothing else there.
  const summary = command.format === "json" ? { ...terminal, print: () => {} } : terminal;
  const folder = resolve(workplace.folder, command.outDir);
  const { board, targets } = command;
  if (board !== null && needsOwnLibrary(board) && targets.includes("micropython")) {
    files.push(rpcLibraryFile(folder, workplace.version));
  }
  if (command.check) return tellCheck(compareFiles(folder, files), command, summary);
  tellWritten(writeFiles(folder, files), compilation.model, command, summary);
  return ExitCode.ok;
}

/** Files that differ or are missing; a person's file that is not there yet is nobody's mistake. */
function tellCheck(reports: readonly FileReport[], command: GenerateCommand, terminal: Terminal): ExitCode {
  const behind = reports.filter(({ state, once }) => state === "stale" || (state === "missing" && !once));
  if (behind.length === 0) {
    terminal.print(`${command.input}: ${counted(reports.length, "file")} in ${command.outDir} up to date`);
    return ExitCode.ok;
  }
  for (const { path, state } of behind) {
    terminal.error(`  ${state === "stale" ? "differs" : "missing"}    ${join(command.outDir, path)}`);
  }
  terminal.error(`${counted(behind.length, "file")} not up to date; run: ${commandLine(command)}`);
  return ExitCode.failed;
}

function tellWritten(
  reports: readonly FileReport[],
  model: Model,
  command: GenerateCommand,
  terminal: Terminal,
): void {
  const functions = model.interfaces.reduce((sum, { functions: list }) => sum + list.length, 0);
  const what = [counted(model.interfaces.length, "interface"), counted(functions, "function")];
  terminal.print(`${command.input}: ${what.filter((text) => text !== "").join(", ")}`);
  for (const { path, state, byteLength } of reports) {
    const note = state === "kept" ? "yours, left as it is" : `${(byteLength / 1024).toFixed(1)} KiB`;
    terminal.print(`  ${state.padEnd(10)} ${join(command.outDir, path)}  (${note})`);
  }
  const counts = (["written", "unchanged", "kept"] as const satisfies readonly FileState[])
    .map((state) => ({ state, count: reports.filter((report) => report.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  terminal.print(counts.join(", "));
}

function commandLine({ input, outDir, targets, singleFile, embedSchema, board }: GenerateCommand): string {
  const all: readonly TargetName[] = singleFile ? ["micropython"] : ["typescript", "micropython"];
  const targetPart = targets.length === all.length ? "" : ` --target ${targets.join(",")}`;
  const flags = `${singleFile ? " --single-file" : ""}${embedSchema ? " --embed-schema" : ""}`;
  const boardPart = board === null ? "" : ` --board ${board.board.name} --link ${board.link}`;
  return `rpcgen ${input} --out ${outDir}${targetPart}${flags}${boardPart}`;
}
