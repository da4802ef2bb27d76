/** Names that are two in the source and one in a target. */
import type { Report } from "../diagnostics/report.js";
import { quote } from "../source/quote.js";
import type { Names, Span } from "./model.js";

export interface Spelled {
  readonly names: Names;
  readonly span: Span;
}

const targets = { typescript: "TypeScript", python: "Python" } as const;

export function reportClashes(all: readonly Spelled[], report: Report): void {
  for (const target of ["typescript", "python"] as const) {
    const first = new Map<string, Spelled>();
    for (const item of all) {
      const spelling = item.names[target];
      const earlier = first.get(spelling);
      if (earlier === undefined) first.set(spelling, item);
      else if (earlier.names.source !== item.names.source) {
        report("RPC2006", item.span, {
          name: quote(item.names.source),
          other: quote(earlier.names.source),
          spelling: quote(spelling),
          target: targets[target],
        });
      }
    }
  }
}

/** What is generated of an interface's name beside the name itself. */
export function derivedNames(face: Spelled): readonly Spelled[] {
  const { source, typescript, python } = face.names;
  return [`${typescript}Implementation`, `create${typescript}`, `register${typescript}`].map((name) => ({
    names: { source: `${name} (of ${source})`, typescript: name, python: `${python} ${name}` },
    span: face.span,
  }));
}
