/**
 * Message texts with named holes. The names are part of the type, so that whoever reports a mistake
 * must give exactly the values its text needs.
 */

export interface Template<Key extends string> {
  readonly parts: readonly string[];
  readonly keys: readonly Key[];
}

/** Tagged template: text`There is no type ${"name"}.` */
export function text<const Keys extends readonly string[]>(
  parts: TemplateStringsArray,
  ...keys: Keys
): Template<Keys[number]> {
  return { parts: [...parts], keys };
}

/** The filled-in text, or null where a value is null: a hint that does not apply here. */
export function fill(template: Template<string>, values: TemplateValues): string | null {
  let out = template.parts[0] ?? "";
  for (const [index, key] of template.keys.entries()) {
    const value = values[key];
    if (value === null || value === undefined) return null;
    out += `${value}${template.parts[index + 1] ?? ""}`;
  }
  return out;
}

export type TemplateValues = Readonly<Record<string, string | number | null>>;
