/** `rpcgen camera.idl`: compile, generate, write what changed, and say what was done. */
import { basename, join, resolve } from "node:path";
import { generate as generateFiles, type TargetName } from "@rpcgen/codegen";
import { type Compilation, compile, type Model, renderDiagnostics } from "@rpcgen/idl";
import type { GenerateCommand } from "../arguments.js";
import { createSourceHost, displayPath } from "../disk/source-host.js";
import { compareFiles, type FileReport, type FileState, writeFiles } from "../disk/write-files.js";
import { ExitCode } from "../exit-code.js";
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
  const compilation = await compile(displayPath(workplace.folder, command.input), host);
  tellDiagnostics(compilation, terminal);
  if (compilation.model === null) return ExitCode.failed;

  const files = await generateFiles(compilation.model, {
    targets: command.targets,
    generatorVersion: workplace.version,
    sourceFile: basename(command.input),
    singleFile: command.singleFile,
    embedSchema: false,
  });
  const folder = resolve(workplace.folder, command.outDir);
  if (command.check) return tellCheck(compareFiles(folder, files), command, terminal);
  tellWritten(writeFiles(folder, files), compilation.model, command, terminal);
  return ExitCode.ok;
}

function tellDiagnostics({ diagnostics, sources }: Compilation, terminal: Terminal): void {
  if (diagnostics.length === 0) return;
  terminal.error(renderDiagnostics(diagnostics, sources, { colour: terminal.colour }));
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const counts = [counted(errors, "error"), counted(warnings, "warning")].filter((text) => text !== "");
  terminal.error(`${counts.join(", ")}${errors > 0 ? "; nothing was written" : ""}`);
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

function commandLine({ input, outDir, targets, singleFile }: GenerateCommand): string {
  const all: readonly TargetName[] = singleFile ? ["micropython"] : ["typescript", "micropython"];
  const targetPart = targets.length === all.length ? "" : ` --target ${targets.join(",")}`;
  return `rpcgen ${input} --out ${outDir}${targetPart}${singleFile ? " --single-file" : ""}`;
}

function counted(count: number, noun: string): string {
  return count === 0 ? "" : `${count} ${noun}${count === 1 ? "" : "s"}`;
}
