/** Names that must be unique among their neighbours: fields, members, parameters, functions. */
import type { Report } from "../diagnostics/report.js";
import { quote } from "../source/quote.js";
import type { Span } from "../source/span.js";
import type { NameNode } from "../syntax/ast.js";

/** The nodes without those whose name is already taken; these are reported. */
export function uniqueNames<T extends { readonly name: NameNode }>(
  nodes: readonly T[],
  what: string,
  report: Report,
  hint: string | null = null,
): readonly T[] {
  const first = new Map<string, T>();
  return nodes.filter((node) => {
    const earlier = first.get(node.name.text);
    if (earlier === undefined) {
      first.set(node.name.text, node);
      return true;
    }
    const place = placeOf(earlier.name.span);
    report("RPC2005", node.name.span, { what, name: quote(node.name.text), place, hint });
    return false;
  });
}

export function placeOf(span: Span): string {
  return `${span.file}:${span.line}:${span.column}`;
}
