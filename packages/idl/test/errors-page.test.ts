/** `docs/errors.md` is written from the catalogue: `UPDATE_SCENARIOS=1` writes it again. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue, type Entry } from "../src/index.js";

const page = new URL("../../../docs/errors.md", import.meta.url);
const entries: readonly (readonly [string, Entry])[] = Object.entries(catalogue);

const families = [
  ["RPC1", "Files and syntax"],
  ["RPC2", "Names"],
  ["RPC3", "Types, values and layout"],
  ["RPC4", "Functions and annotations"],
  ["RPC5", "Changes since an older file"],
  ["RPC9", "Warnings"],
] as const;

function section(code: string, { title, message, why, mend, wrong, right }: Entry): string {
  const holes = message.keys.map((key) => `*${key}*`);
  const says = message.parts.map((part, index) => part + (holes[index] ?? "")).join("");
  const example =
    wrong === null || right === null
      ? []
      : ["```", ...broken(wrong), "```", "mended:", "```", right, "```", ""];
  return [`### ${code}`, "", `**${title}.** ${says}`, "", why, "", `To mend: ${mend}`, "", ...example].join(
    "\n",
  );
}

/** Long nestings say no more than their beginning. */
function broken(source: string): readonly string[] {
  return source.length <= 120 ? [source] : [`${source.slice(0, 60)} …`];
}

function errorsPage(): string {
  const parts = families.map(([prefix, heading]) => {
    const own = entries
      .filter(([code]) => code.startsWith(prefix))
      .map(([code, entry]) => section(code, entry));
    return `## ${heading}\n\n${own.join("\n")}`;
  });
  const intro =
    "Every mistake and warning has a code that stays the same for ever. This page is written from the\n" +
    "compiler's catalogue; its examples are compiled by the tests.";
  return `# Errors and warnings\n\n${intro}\n\n${parts.join("\n")}`;
}

test("docs/errors.md has a section for each code and says what the catalogue says", () => {
  if (process.env.UPDATE_SCENARIOS === "1") writeFileSync(page, errorsPage());
  const written = readFileSync(page, "utf8");
  for (const [code] of entries) expect(written).toContain(`### ${code}\n`);
  expect(written).toBe(errorsPage());
});
