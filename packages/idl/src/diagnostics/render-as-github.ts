/**
 * Diagnostics as commands of a GitHub workflow, which shows them beside the changed lines:
 * `::error file=camera.idl,line=3,col=9,title=RPC2001::There is no type …`, one a line.
 */
import type { Diagnostic } from "./report.js";

export function renderDiagnosticsAsGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(commandOf).join("");
}

function commandOf({ severity, code, message, help, span }: Diagnostic): string {
  const place = `file=${property(span.file)},line=${span.line},col=${span.column},title=${code}`;
  const text = help === null ? message : `${message}\n${help}`;
  return `::${severity} ${place}::${data(text)}\n`;
}

/** A command is one line: what would end it or start an escape is escaped. */
function data(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

/** In a property, also what separates properties. */
function property(text: string): string {
  return data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
