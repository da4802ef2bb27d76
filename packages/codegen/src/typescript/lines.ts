/** Small pieces of source text. */

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}

/** `head {`, the lines, `tail`. */
export function block(head: string, lines: readonly string[], tail = "}"): string[] {
  return [`${head} {`, ...indented(lines), tail];
}

/** A path as source: it may hold `${…}`, and then is a template. */
export function pathText(path: string): string {
  return isConstant(path) ? JSON.stringify(path) : `\`${path}\``;
}

export function isConstant(path: string): boolean {
  return !path.includes("${");
}

/** What `lines` throw gets `path`, if it is any, in front of its own path. */
export function guarded(within: string, path: string, lines: readonly string[]): string[] {
  if (path === "") return [...lines];
  const handler = ["} catch (error) {", ...indented([`throw ${within}(error, ${pathText(path)});`]), "}"];
  return ["try {", ...indented(lines), ...handler];
}

/** `a` or `an` before a name, as it is spoken: a u8, an i8, an f32, an Option. */
export function withArticle(name: string): string {
  const spokenWithVowel = /^([aeioAEIO]|[fF]\d)/.test(name);
  return `${spokenWithVowel ? "an" : "a"} ${name}`;
}

/** `head = ` a text of several lines, a line each. */
export function textLines(head: string, text: string): string {
  const lines = text.split(/(?<=\n)/).map((line) => JSON.stringify(line));
  if (lines.length <= 1) return `${head} = ${JSON.stringify(text)};`;
  return `${head} =\n${indented(lines).join(" +\n")};`;
}
