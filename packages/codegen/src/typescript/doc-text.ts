/** Doc comments, units, defaults and deprecations as TSDoc. */
import type { About, Field, FunctionDeclaration } from "@rpcgen/idl/model";
import { valuedFields } from "./type-text.js";

/** The comment of one thing: what its author wrote, then what annotations say; empty where neither says anything. */
export function aboutLines(about: About): string[] {
  const facts = factsOf(about);
  const lines = about.doc === "" ? [] : about.doc.split("\n");
  if (facts.length > 0) lines.push(...(lines.length > 0 ? [""] : []), `${capitalised(facts.join("; "))}.`);
  return [...lines, ...deprecation(about)];
}

function deprecation({ deprecated }: About): string[] {
  return deprecated === null ? [] : [`@deprecated${prefixed(" ", oneLine(deprecated))}`];
}

/** As aboutLines, with a line for each parameter that has something to be said, and `more` such lines. */
export function functionLines(
  fn: FunctionDeclaration,
  names: readonly string[],
  more: readonly string[] = [],
): string[] {
  const about = aboutLines({ ...fn, deprecated: null });
  const parameters = valuedFields(fn.parameters.fields).flatMap((field, i) => {
    const said = parameterText(field);
    return said === "" ? [] : [`@param ${names[i] ?? ""} - ${said}`];
  });
  const errors = fn.errors.map(({ names: { typescript } }) => `@throws ${typescript}`);
  const tags = [...parameters, ...more, ...errors, ...deprecation(fn)];
  return [...about, ...(about.length > 0 && tags.length > 0 ? [""] : []), ...tags];
}

/** As a comment: nothing, one line, or a block. */
export function docComment(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const safe = lines.map((line) => line.replaceAll("*/", "*\\/").trimEnd());
  if (safe.length === 1) return [`/** ${safe[0] as string} */`];
  return ["/**", ...safe.map((line) => ` *${prefixed(" ", line)}`), " */"];
}

function parameterText(field: Field): string {
  const facts = factsOf(field);
  if (field.defaultValue !== null) facts.push(`${defaultText(field)} when left out`);
  if (field.deprecated !== null) facts.push(`deprecated${prefixed(": ", oneLine(field.deprecated))}`);
  const doc = oneLine(field.doc);
  const said = capitalised(facts.join("; "));
  if (said === "") return doc;
  if (doc === "") return `${said}.`;
  return `${doc}${/[.!?]$/.test(doc) ? "" : "."} ${said}.`;
}

function defaultText({ defaultValue: value }: Field): string {
  if (value === null || value.kind === "null") return "null";
  if (value.kind === "member")
    return `\`${value.declaration.names.typescript}.${value.member.names.typescript}\``;
  if (value.kind === "flags") {
    const name = value.declaration.names.typescript;
    const members = value.members.map((member) => `${name}.${member.names.typescript}`);
    return members.length > 0 ? `\`${members.join(" | ")}\`` : String(value.value);
  }
  return value.kind === "string" ? `\`${JSON.stringify(value.value)}\`` : String(value.value);
}

function factsOf({ unit, media }: About): string[] {
  const facts: string[] = [];
  if (unit !== null) facts.push(`in ${oneLine(unit)}`);
  if (media !== null) facts.push(`media type ${oneLine(media)}`);
  return facts;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function prefixed(prefix: string, text: string): string {
  return text === "" ? "" : prefix + text;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
