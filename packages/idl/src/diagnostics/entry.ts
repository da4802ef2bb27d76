/** One entry of the catalogue: everything that is ever said about one kind of mistake. */
import type { Template } from "./template.js";

export type Severity = "error" | "warning";

export interface Entry<Message extends string = string, Help extends string = string> {
  readonly severity: Severity;
  /** A few words, for lists and headings. */
  readonly title: string;
  readonly message: Template<Message>;
  /** A way out for the place at hand; left out where one of its values is null. */
  readonly help: Template<Help> | null;
  /** Why the language has this rule, and how to mend the mistake. */
  readonly why: string;
  readonly mend: string;
  /** The shortest file that makes the mistake, and the same mended; null where a file can't show it. */
  readonly wrong: string | null;
  readonly right: string | null;
}

interface EntryInit<Message extends string, Help extends string> {
  readonly title: string;
  readonly message: Template<Message>;
  readonly help?: Template<Help>;
  readonly why: string;
  readonly mend: string;
  readonly wrong?: string;
  readonly right?: string;
}

export function error<Message extends string, Help extends string = never>(
  init: EntryInit<Message, Help>,
): Entry<Message, Help> {
  return { help: null, wrong: null, right: null, ...init, severity: "error" };
}

export function warning<Message extends string, Help extends string = never>(
  init: EntryInit<Message, Help>,
): Entry<Message, Help> {
  return { help: null, wrong: null, right: null, ...init, severity: "warning" };
}
