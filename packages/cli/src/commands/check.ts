/** `rpcgen check`: compiles files and tells what is wrong with them, or what changed; writes nothing. */
import { type Compilation, compareModels, compile } from "@rpcgen/idl";
import type { CheckCommand } from "../arguments.js";
import { createSourceHost, displayPath } from "../disk/source-host.js";
import { ExitCode } from "../exit-code.js";
import { counted } from "../terminal/counted.js";
import { tellDiagnostics } from "../terminal/tell-diagnostics.js";
import type { Terminal } from "../terminal/terminal.js";

export async function check(command: CheckCommand, terminal: Terminal, folder: string): Promise<ExitCode> {
  const host = createSourceHost(folder);
  const found: Compilation[] = [];
  const { board } = command;
  for (const input of command.inputs) {
    found.push(await compile(displayPath(folder, input), host, { board }));
  }
  const older = command.against === null ? null : await compareWith(command, found[0], folder);
  const all = {
    diagnostics: [...found, ...(older === null ? [] : [older])].flatMap(({ diagnostics }) => diagnostics),
    sources: new Map([...found, ...(older === null ? [] : [older])].flatMap(({ sources }) => [...sources])),
  };
  tellDiagnostics(all, command.format, terminal, "");
  if (all.diagnostics.some(({ severity }) => severity === "error")) return ExitCode.failed;
  if (command.format !== "text") return ExitCode.ok;
  terminal.print(`${counted(found.length, "file")} without errors`);
  if (older !== null) terminal.print(summaryOf(command, older));
  return ExitCode.ok;
}

type Found = Pick<Compilation, "diagnostics" | "sources">;

/** What has changed since the older file; or that one's own errors, because then there is nothing to compare. */
async function compareWith(
  { inputs: [input], against }: CheckCommand,
  now: Compilation | undefined,
  folder: string,
): Promise<Found> {
  const oldPath = displayPath(folder, against ?? "");
  const { model, diagnostics, sources } = await compile(oldPath, createSourceHost(folder));
  if (model === null)
    return { diagnostics: diagnostics.filter(({ severity }) => severity === "error"), sources };
  if (now === undefined || now.model === null) return { diagnostics: [], sources };
  const old = { model, path: oldPath };
  return {
    diagnostics: compareModels(old, { model: now.model, path: displayPath(folder, input ?? "") }),
    sources,
  };
}

function summaryOf({ inputs, against }: CheckCommand, { diagnostics }: Found): string {
  return diagnostics.length === 0
    ? `${inputs[0]}: peers generated from ${against} go on working`
    : `${inputs[0]}: only limits changed since ${against}; every byte is where it was`;
}
