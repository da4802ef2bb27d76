/**
 * The whole compiler: source text → tokens → tree → names → model. Each phase reports the mistakes it finds
 * and goes on, so one run tells all of them.
 */
import { createDiagnosticBag, type Diagnostic } from "./diagnostics/report.js";
import { reportUnreadable } from "./diagnostics/report-unreadable.js";
import { buildModel } from "./model/build-model.js";
import type { Model } from "./model/model.js";
import { type Board, warnOfBoard } from "./model/warn-of-board.js";
import { type Host, load } from "./source/load.js";
import type { SourceFile } from "./source/source-file.js";
import { parse } from "./syntax/parse.js";

export interface Compilation {
  /** Null if there is any error. */
  readonly model: Model | null;
  /** Errors and warnings, by file in the order of imports (the entry first), then by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was asked for, by path: what rendering a diagnostic needs. */
  readonly sources: ReadonlyMap<string, SourceFile>;
}

export interface CompileOptions {
  /** Warns of what this board cannot hold; null, the default, where no board is meant. */
  readonly board?: Board | null;
}

/** Compiles a file and what it imports. Mistakes are data; this rejects for no input. */
export async function compile(
  entryPath: string,
  host: Host,
  options: CompileOptions = {},
): Promise<Compilation> {
  const { report, sorted } = createDiagnosticBag();
  const loaded = await load(entryPath, host, (source) => parse(source, report));
  reportUnreadable(loaded.unreadable, report);
  const model = loaded.files[0]?.source.path === entryPath ? buildModel(loaded, report) : null;
  const { board = null } = options;
  if (model !== null && board !== null) warnOfBoard(model, board, report);
  const diagnostics = sorted([...loaded.sources.keys()]);
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  return { model: failed ? null : model, diagnostics, sources: loaded.sources };
}
