/** What the documentation points at exists: tests by their words, files by their paths, pages by their links. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...["docs", "docs/links"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
];

describe("docs/from-openmv-rpc.md", () => {
  const rows = [...read("docs/from-openmv-rpc.md").matchAll(/`([\w./-]+\.test\.ts)` "([^"]*)" \|/g)];

  it("names a test in every row but those that say not yet", () => {
    const table = read("docs/from-openmv-rpc.md")
      .split("\n")
      .filter(
        (line) =>
          line.startsWith("| ") && !/^\| (`rpc|class)\w*`? \|/.test(line) && !line.includes("not yet"),
      );
    expect(table.length).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(15);
  });

  it.each(rows.map(([, file, words]) => [file, words]))('%s has "%s"', (file, words) => {
    expect(words).not.toBe("");
    expect(read(String(file))).toContain(`"${words}"`);
  });
});

describe.each(pages)("%s", (page) => {
  const text = read(page);

  it("links to pages that are there", () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => String(target));
    for (const target of links) expect(existsSync(join(root, dirname(page), target)), target).toBe(true);
  });

  it("names files that are there", () => {
    const paths = [...text.matchAll(/`((?:packages|docs|test|bench|scripts|examples)\/[\w./-]+)`/g)];
    for (const [, path] of paths) expect(existsSync(join(root, String(path))), path).toBe(true);
  });
});
