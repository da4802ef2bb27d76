/** The compiler front end: text of the interface language to a checked model, with every mistake as data. */
export { type Compared, compareModels } from "./compare/compare-models.js";
export { type Compilation, type CompileOptions, compile } from "./compile.js";
export { type Code, catalogue, explain } from "./diagnostics/catalogue/catalogue.js";
export type { Entry, Severity } from "./diagnostics/entry.js";
export { type RenderOptions, renderDiagnostic, renderDiagnostics } from "./diagnostics/render.js";
export { renderDiagnosticsAsGithub } from "./diagnostics/render-as-github.js";
export { type JsonDiagnostic, renderDiagnosticsAsJson } from "./diagnostics/render-as-json.js";
export type { Diagnostic } from "./diagnostics/report.js";
export * from "./model/index.js";
export type { Board } from "./model/warn-of-board.js";
export type { Host } from "./source/load.js";
export type { SourceFile } from "./source/source-file.js";
