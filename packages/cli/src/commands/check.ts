/** `rpcgen check`: compiles files and tells what is wrong with them; writes nothing. */
import { type Compilation, compile } from "@rpcgen/idl";
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
  const all = {
    diagnostics: found.flatMap(({ diagnostics }) => diagnostics),
    sources: new Map(found.flatMap(({ sources }) => [...sources])),
  };
  tellDiagnostics(all, command.format, terminal, "");
  if (found.some(({ model }) => model === null)) return ExitCode.failed;
  if (command.format === "text") terminal.print(`${counted(found.length, "file")} without errors`);
  return ExitCode.ok;
}
