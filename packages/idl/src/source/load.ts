/**
 * Reads the entry file and everything it imports through a host object; this package touches no disk.
 * How a file is parsed is handed in, so that this folder knows nothing of syntax.
 */
import { type DecodedSource, decodeSource } from "./decode-source.js";
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

export interface Unreadable {
  /** As written in the import, or the path of the entry. */
  readonly path: string;
  /** The import that asked for it; the start of the file itself for the entry. */
  readonly span: Span;
  readonly reason: Exclude<DecodedSource, { kind: "text" }> | { readonly kind: "missing" };
}

export interface Loaded<T extends Parsed> {
  /** The entry first, then in the order in which they were first imported. */
  readonly files: readonly T[];
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** Paths that a file imports directly, by its own path. */
  readonly importedBy: ReadonlyMap<string, ReadonlySet<string>>;
  readonly unreadable: readonly Unreadable[];
  /** Some file could not be read or parsed: names may be missing that are no mistake. */
  readonly incomplete: boolean;
}

interface Wanted {
  readonly path: string;
  readonly written: string;
  readonly askedAt: Span | null;
}

export async function load<T extends Parsed>(
  entryPath: string,
  host: Host,
  parse: (source: SourceFile) => T | null,
): Promise<Loaded<T>> {
  const files: T[] = [];
  const sources = new Map<string, SourceFile>();
  const importedBy = new Map<string, ReadonlySet<string>>();
  const unreadable: Unreadable[] = [];
  const wanted: Wanted[] = [{ path: entryPath, written: entryPath, askedAt: null }];
  const seen = new Set([entryPath]);
  for (const { path, written, askedAt } of wanted) {
    const decoded = await readSource(path, host);
    const source = createSourceFile(path, decoded.kind === "text" ? decoded.text : "");
    sources.set(path, source);
    if (decoded.kind !== "text") {
      unreadable.push({ path: written, span: askedAt ?? spanOf(source, 0, 0), reason: decoded });
      continue;
    }
    const parsed = parse(source);
    if (parsed === null) continue;
    files.push(parsed);
    const direct = new Set<string>();
    importedBy.set(path, direct);
    for (const { path: asWritten, span } of parsed.imports) {
      const resolved = resolvePath(path, asWritten, host);
      if (resolved === null) unreadable.push({ path: asWritten, span, reason: missing });
      else direct.add(resolved);
      if (resolved === null || seen.has(resolved)) continue;
      seen.add(resolved);
      wanted.push({ path: resolved, written: asWritten, askedAt: span });
    }
  }
  return {
    files,
    sources,
    importedBy,
    unreadable,
    incomplete: unreadable.length > 0 || files.length < sources.size,
  };
}

const missing = { kind: "missing" } as const;

/** A host that throws (no permission, a folder, no path at all) means a file that cannot be read, not a crash. */
function resolvePath(from: string, relative: string, host: Host): string | null {
  try {
    return host.resolve(from, relative);
  } catch {
    return null;
  }
}

async function readSource(path: string, host: Host): Promise<DecodedSource | { readonly kind: "missing" }> {
  try {
    const bytes = await host.read(path);
    return bytes === null ? missing : decodeSource(bytes);
  } catch {
    return missing;
  }
}
