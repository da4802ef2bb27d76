/** What is generated for the scenarios: the text (`RECORD=1` records it anew), and that strict TypeScript takes it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { expectedFolder, generateScenario, recordScenario, scenarioNames } from "./scenarios.js";

describe.each(scenarioNames)("scenario %s", (name) => {
  it("gives the expected files and no others", async () => {
    const files = await generateScenario(name);
    if (process.env.RECORD === "1") recordScenario(name, files);
    const expected = readdirSync(expectedFolder(name)).sort();
    expect(files.map(({ path }) => path).sort()).toEqual(expected);
    for (const { path, text, once } of files) {
      expect(text).toBe(readFileSync(join(expectedFolder(name), path), "utf8"));
      expect(once).toBe(false);
    }
  });

  it("gives the same bytes each time", async () => {
    expect(await generateScenario(name)).toEqual(await generateScenario(name));
  });

  it("contains neither any nor anything of this machine", async () => {
    for (const { text } of await generateScenario(name)) {
      expect(text).not.toMatch(/[:<|&(,] ?any\b|\bas any\b/);
      expect(text).not.toContain(process.cwd());
      expect(text).not.toContain("\r");
      expect(text.endsWith("}\n") || text.endsWith(";\n")).toBe(true);
    }
  });
});

it("passes the strictest TypeScript", () => {
  const files = scenarioNames.flatMap((name) =>
    readdirSync(expectedFolder(name)).map((file) => join(expectedFolder(name), file)),
  );
  expect(files.length).toBeGreaterThan(scenarioNames.length);
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noFallthroughCasesInSwitch: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
    skipLibCheck: true,
    noEmit: true,
  });
  const host = {
    getCurrentDirectory: () => "",
    getCanonicalFileName: (name: string) => name,
    getNewLine: () => "\n",
  };
  expect(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host)).toBe("");
});
