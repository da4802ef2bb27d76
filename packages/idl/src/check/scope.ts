/**
 * Names over files: what each name means where it is used. Everything that ends in the generated files
 * shares one set of names; a file sees its own and those of the files that it imports.
 */
import type { Report } from "../diagnostics/report.js";
import type { Loaded } from "../source/load.js";
import { quote } from "../source/quote.js";
import type { DeclarationNode, FileNode, NameNode } from "../syntax/ast.js";
import { builtinTypes, noErrors } from "./builtin-types.js";
import { nearest } from "./nearest.js";
import { placeOf } from "./unique-names.js";

export interface Scope {
  /** Every declaration with a name of its own, those of imported files first, in source order. */
  readonly declarations: readonly DeclarationNode[];
  /** The declaration that a name means where it stands, or null; reports nothing. */
  find(name: NameNode): DeclarationNode | null;
  /** As `find`, for a type; what is no type is reported. */
  findType(name: NameNode): DeclarationNode | null;
  /** As `find`, for a constant. */
  findConstant(name: NameNode): DeclarationNode | null;
  /** As `find`, for what has members: an enum or flags. */
  findMembers(name: NameNode): DeclarationNode | null;
  /** As `find`, for an error. */
  findError(name: NameNode): DeclarationNode | null;
}

export function createScope(loaded: Loaded<FileNode>, report: Report): Scope {
  const entry = loaded.files[0];
  const ordered = importsFirst(loaded);
  const shared = new Map<string, DeclarationNode>();
  const own = new Map<string, DeclarationNode>();
  const declarations: DeclarationNode[] = [];
  for (const file of ordered) {
    for (const node of file.declarations) {
      const { text, span } = node.name;
      if (builtinTypes.has(text) || (node.kind === "error" && text === noErrors)) {
        report("RPC2003", span, { name: quote(text) });
        continue;
      }
      // An interface of an imported file belongs to that file's own generation.
      const isLocal = node.kind === "interface" && file !== entry;
      const key = ownKey(file.source.path, text);
      const first = shared.get(text) ?? own.get(key);
      if (first !== undefined) {
        report("RPC2002", span, { name: quote(text), place: placeOf(first.name.span) });
        continue;
      }
      if (isLocal) own.set(key, node);
      else shared.set(text, node);
      declarations.push(node);
    }
  }
  return createLookups({ loaded, report, shared, own, declarations });
}

interface Names {
  readonly loaded: Loaded<FileNode>;
  readonly report: Report;
  readonly shared: ReadonlyMap<string, DeclarationNode>;
  readonly own: ReadonlyMap<string, DeclarationNode>;
  readonly declarations: readonly DeclarationNode[];
}

function createLookups(names: Names): Scope {
  const { loaded, report, shared, own, declarations } = names;
  const sees = (file: string, node: DeclarationNode) =>
    node.name.span.file === file || (loaded.importedBy.get(file)?.has(node.name.span.file) ?? false);
  const find = (name: NameNode): DeclarationNode | null => {
    const { file } = name.span;
    const node = own.get(ownKey(file, name.text)) ?? shared.get(name.text);
    return node !== undefined && sees(file, node) ? node : null;
  };
  const explainMissing = (name: NameNode, { code, kinds }: Wanted) => {
    const hidden = shared.get(name.text);
    if (hidden !== undefined) {
      report("RPC2004", name.span, { name: quote(name.text), file: quote(hidden.name.span.file, 300) });
    } else if (!loaded.incomplete) {
      const visible = declarations.filter((each) => kinds.includes(each.kind) && sees(name.span.file, each));
      const known = visible.map((each) => each.name.text);
      const candidates = code === "RPC2001" ? [...builtinTypes, ...known] : known;
      report(code, name.span, { name: quote(name.text), suggestion: nearest(name.text, candidates) });
    }
  };
  const findAs = (wanted: Wanted) => (name: NameNode) => {
    const node = find(name);
    if (node === null) explainMissing(name, wanted);
    else if (!wanted.kinds.includes(node.kind)) {
      const { expected } = wanted;
      report("RPC2009", name.span, { name: quote(name.text), kind: kindTexts[node.kind], expected });
    } else return node;
    return null;
  };
  return {
    declarations,
    find,
    findType: findAs(wantedType),
    findConstant: findAs(wantedConstant),
    findMembers: findAs(wantedMembers),
    findError: findAs(wantedError),
  };
}

/** What a name should be where it stands. */
interface Wanted {
  /** Reported where nothing has the name. */
  readonly code: "RPC2001" | "RPC2007" | "RPC2011";
  readonly kinds: readonly DeclarationNode["kind"][];
  readonly expected: string;
}

const wantedType: Wanted = {
  code: "RPC2001",
  kinds: ["enum", "flags", "alias", "struct", "union"],
  expected: "a type",
};
const wantedConstant: Wanted = { code: "RPC2007", kinds: ["constant"], expected: "a constant" };
const wantedMembers: Wanted = { code: "RPC2007", kinds: ["enum", "flags"], expected: "an enum" };
const wantedError: Wanted = { code: "RPC2011", kinds: ["error"], expected: "an error" };

const kindTexts: Readonly<Record<DeclarationNode["kind"], string>> = {
  constant: "a constant",
  enum: "an enum",
  flags: "flags",
  alias: "a type",
  struct: "a struct",
  union: "a union",
  error: "an error",
  interface: "an interface",
};

function ownKey(file: string, name: string): string {
  return `${file}\n${name}`;
}

/** Files so that what is imported comes before what imports it; a circle is cut where it was entered. */
function importsFirst(loaded: Loaded<FileNode>): readonly FileNode[] {
  const byPath = new Map(loaded.files.map((file) => [file.source.path, file]));
  const ordered: FileNode[] = [];
  const entered = new Set<string>();
  const open: { file: FileNode; imports: string[] }[] = [];
  const enter = (file: FileNode | undefined) => {
    if (file === undefined || entered.has(file.source.path)) return;
    entered.add(file.source.path);
    open.push({ file, imports: [...(loaded.importedBy.get(file.source.path) ?? [])] });
  };
  enter(loaded.files[0]);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const next = top.imports.shift();
    if (next !== undefined) enter(byPath.get(next));
    else {
      ordered.push(top.file);
      open.pop();
    }
  }
  // Without a readable entry, what could be read is still checked.
  for (const file of loaded.files) if (!ordered.includes(file)) ordered.push(file);
  return ordered;
}
