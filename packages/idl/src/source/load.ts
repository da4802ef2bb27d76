/**
 * Reads the entry file and everything it imports through a host object; this package touches no disk.
 * How a file is parsed is handed in, so that this folder knows nothing of syntax.
 */
import type { Report } from "../diagnostics/report.js";
import { decodeSource, maxSourceBytes } from "./decode-source.js";
import { createSourceFile, type SourceFile, spanOf } from "./source-file.js";
import type { Span } from "./span.js";

/** What the compiler asks of the world around it. */
export interface Host {
  /** Content of a file, or null where there is none. */
  read(path: string): Uint8Array | null | Promise<Uint8Array | null>;
  /** Path of `relative`, as written in an import of the file `from`. Equal files must get equal paths. */
  resolve(from: string, relative: string): string;
}

export interface ImportRequest {
  readonly path: string;
  readonly span: Span;
}

export interface Parsed {
  readonly source: SourceFile;
  readonly imports: readonly ImportRequest[];
}

export interface Loaded<T extends Parsed> {
  /** The entry first, then in the order in which they were first imported. */
  readonly files: readonly T[];
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** Paths that a file imports directly, by its own path. */
  readonly importedBy: ReadonlyMap<string, ReadonlySet<string>>;
  /** Some file could not be read or parsed: names may be missing that are no mistake. */
  readonly incomplete: boolean;
}

export async function load<T extends Parsed>(
  entryPath: string,
  host: Host,
  parse: (source: SourceFile) => T | null,
  report: Report,
): Promise<Loaded<T>> {
  const files: T[] = [];
  const sources = new Map<string, SourceFile>();
  const importedBy = new Map<string, Set<string>>();
  let incomplete = false;
  const queue: { path: string; written: string; span: Span | null }[] = [
    { path: entryPath, written: entryPath, span: null },
  ];
  const seen = new Set([entryPath]);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const source = await readSource(next.path, next.written, next.span, host, report);
    sources.set(next.path, source.file);
    const parsed = source.readable ? parse(source.file) : null;
    if (parsed === null) {
      incomplete = true;
      continue;
    }
    files.push(parsed);
    const direct = new Set<string>();
    importedBy.set(next.path, direct);
    for (const request of parsed.imports) {
      const path = host.resolve(next.path, request.path);
      direct.add(path);
      if (seen.has(path)) continue;
      seen.add(path);
      queue.push({ path, written: request.path, span: request.span });
    }
  }
  return { files, sources, importedBy, incomplete };
}

/** An unreadable file is blamed on the import that asked for it; the entry on itself. */
async function readSource(
  path: string,
  written: string,
  askedAt: Span | null,
  host: Host,
  report: Report,
): Promise<{ file: SourceFile; readable: boolean }> {
  const empty = createSourceFile(path, "");
  const span = askedAt ?? spanOf(empty, 0, 0);
  const bytes = await readBytes(path, host);
  if (bytes === null) {
    report("RPC1004", span, { path: written });
    return { file: empty, readable: false };
  }
  const decoded = decodeSource(bytes);
  switch (decoded.kind) {
    case "text":
      return { file: createSourceFile(path, decoded.text), readable: true };
    case "too-large":
      report("RPC1003", span, { path: written, bytes: decoded.byteLength, limit: maxSourceBytes });
      break;
    case "binary":
      report("RPC1002", span, { path: written, offset: decoded.byteOffset });
      break;
    case "not-utf8": {
      const byte = bytes[decoded.byteOffset] ?? 0;
      report("RPC1001", span, {
        path: written,
        offset: decoded.byteOffset,
        byte: `0x${byte.toString(16).padStart(2, "0")}`,
      });
      break;
    }
  }
  return { file: empty, readable: false };
}

/** A host that throws (no permission, a folder) is a file that cannot be read, not a crash. */
async function readBytes(path: string, host: Host): Promise<Uint8Array | null> {
  try {
    return await host.read(path);
  } catch {
    return null;
  }
}
