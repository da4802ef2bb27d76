/** What the builders of the model share: the names, the declarations built so far, and where mistakes go. */
import type { Notes, Place } from "../check/annotations.js";
import { readAnnotations } from "../check/annotations.js";
import type { Scope } from "../check/scope.js";
import type { Report } from "../diagnostics/report.js";
import { quote } from "../source/quote.js";
import type { SourceFile } from "../source/source-file.js";
import type { DeclarationNode, Described } from "../syntax/ast.js";
import type { About, Declaration, Span, StructDeclaration, UnionDeclaration } from "./model.js";
import { type NameRole, spell } from "./spelling.js";

export interface Building {
  readonly scope: Scope;
  readonly report: Report;
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** Declarations by their node; what had a mistake is not in here. */
  readonly built: Map<DeclarationNode, Declaration>;
  /** Nesting of each struct and union built so far, itself included. */
  readonly depths: Map<StructDeclaration | UnionDeclaration, number>;
}

/** Source text of a place, quoted for a message. */
export function sourceText(span: Span, building: Building): string {
  return quote(building.sources.get(span.file)?.text.slice(span.start, span.end) ?? "");
}

const roles: Readonly<Record<Place, NameRole>> = {
  "a constant": "declaration",
  "an enum": "declaration",
  "an enum member": "enum-member",
  flags: "declaration",
  "a flag": "enum-member",
  "a type": "declaration",
  "a struct": "declaration",
  "a union": "declaration",
  "a variant": "field",
  "an error": "declaration",
  "a field": "field",
  "a parameter": "parameter",
  "a result": "field",
  "an interface": "declaration",
  "a function": "function",
};

/** Name, documentation and annotations of anything that has a name. */
export function describe(
  node: Described,
  place: Place,
  building: Building,
  role: NameRole = roles[place],
): { about: About; notes: Notes } {
  const notes = readAnnotations(node, place, building.report);
  const { deprecated, unit, media } = notes;
  const names = spell(node.name.text, role);
  return { about: { names, doc: node.doc, deprecated, unit, media, span: node.name.span }, notes };
}
