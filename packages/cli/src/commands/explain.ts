/** `rpcgen explain RPC1001`: the section of the error page, on the terminal. */
import { catalogue, explain as entryOf } from "@rpcgen/idl";
import { ExitCode } from "../exit-code.js";
import type { Terminal } from "../terminal/terminal.js";

export function explain(written: string, terminal: Terminal): ExitCode {
  const code = written.toUpperCase();
  const entry = entryOf(code);
  if (entry === null) {
    const codes = Object.keys(catalogue);
    terminal.error(`rpcgen: there is no code ${written}; codes go from ${codes[0]} to ${codes.at(-1)}`);
    return ExitCode.usage;
  }
  terminal.print(`${code}, ${entry.severity === "error" ? "an error" : "a warning"}: ${entry.title}\n`);
  terminal.print(`${entry.why}\n`);
  terminal.print(`To mend: ${entry.mend}`);
  tellExample("Wrong:", entry.wrong, terminal);
  tellExample("Right:", entry.right, terminal);
  return ExitCode.ok;
}

function tellExample(heading: string, source: string | null, terminal: Terminal): void {
  if (source === null) return;
  const lines = source.trimEnd().split("\n");
  terminal.print(`\n${heading}\n${lines.map((line) => `  ${line}`).join("\n")}`);
}
