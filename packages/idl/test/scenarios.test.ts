/**
 * Whole files through the whole compiler. A folder holds `input.idl`, and what is expected: the diagnostics as a
 * terminal shows them, or the model. `UPDATE_SCENARIOS=1` records both again.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type About,
  type Compilation,
  compile,
  type Host,
  type Names,
  renderDiagnostics,
  type SizeRange,
} from "../src/index.js";

const root = new URL("./scenarios/", import.meta.url);
const update = process.env.UPDATE_SCENARIOS === "1";

function createFolderHost(folder: URL): Host {
  return {
    read(path) {
      const file = new URL(path, folder);
      return existsSync(file) ? readFileSync(file) : null;
    },
    resolve: (from, relative) => new URL(relative, `memory:///${from}`).pathname.slice(1),
  };
}

/** The model in short: sizes as `4` or `1..5`, names once where all are the same; what is null or empty is left out. */
function modelText({ model }: Compilation): string | null {
  return model === null ? null : `${JSON.stringify(model, shorten, 2)}\n`;
}

function shorten(key: string, value: unknown): unknown {
  if (key === "span" || value === null || value === "") return undefined;
  if (typeof value === "bigint") return `${value}`;
  // Written out where it is declared; elsewhere its name is enough.
  if (key === "alias" || key === "declaration") return (value as About).names.source;
  if (key === "size" || key === "accepts") {
    const { min, max } = value as SizeRange;
    return min === max ? min : `${min}..${max ?? ""}`;
  }
  if (key === "names") {
    const { source, typescript, python } = value as Names;
    return source === typescript && source === python ? source : `${source} ${typescript} ${python}`;
  }
  return value;
}

function expectFile(file: URL, actual: string | null): void {
  if (update) {
    if (actual === null) rmSync(file, { force: true });
    else writeFileSync(file, actual);
  }
  const expected = existsSync(file) ? readFileSync(file, "utf8") : null;
  // A formatter may have laid out the JSON in its own way.
  const isJson = file.pathname.endsWith(".json") && expected !== null && actual !== null;
  if (isJson) expect(JSON.parse(actual)).toEqual(JSON.parse(expected));
  else expect(actual).toBe(expected);
}

describe.each(readdirSync(root))("%s", (name) => {
  test("gives what is recorded", async () => {
    const folder = new URL(`${name}/`, root);
    const result = await compile("input.idl", createFolderHost(folder));
    const diagnostics = renderDiagnostics(result.diagnostics, result.sources);
    expectFile(new URL("expected-diagnostics.txt", folder), diagnostics === "" ? null : diagnostics);
    expectFile(new URL("expected-model.json", folder), modelText(result));
  });
});
