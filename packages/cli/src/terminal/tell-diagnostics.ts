/** Tells what a compilation found, in the form asked for. */
import {
  type Compilation,
  renderDiagnostics,
  renderDiagnosticsAsGithub,
  renderDiagnosticsAsJson,
} from "@rpcgen/idl";
import type { DiagnosticFormat } from "../arguments.js";
import { counted } from "./counted.js";
import type { Terminal } from "./terminal.js";

/**
 * `text` goes to standard error with a count at the end; `json` and `github` go to standard output, where
 * programs and workflows look for them. `outcome` is said after a count of errors.
 */
export function tellDiagnostics(
  { diagnostics, sources }: Pick<Compilation, "diagnostics" | "sources">,
  format: DiagnosticFormat,
  terminal: Terminal,
  outcome: string,
): void {
  if (format === "json") terminal.writeRaw(renderDiagnosticsAsJson(diagnostics));
  if (format === "github") terminal.writeRaw(renderDiagnosticsAsGithub(diagnostics));
  if (format !== "text" || diagnostics.length === 0) return;
  terminal.error(renderDiagnostics(diagnostics, sources, { colour: terminal.colour }));
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const counts = [counted(errors, "error"), counted(diagnostics.length - errors, "warning")];
  terminal.error(`${counts.filter((text) => text !== "").join(", ")}${errors > 0 ? outcome : ""}`);
}
