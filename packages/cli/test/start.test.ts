/** How the command starts: what it loads, and the compiled form that it keeps beside itself. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { generate } from "@rpcgen/codegen";
import { compile } from "@rpcgen/idl";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSourceHost } from "../src/disk/source-host.js";

const home = fileURLToPath(new URL("..", import.meta.url));

let folder: string;
let copy: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-start-"));
  writeFileSync(join(folder, "a.idl"), "interface A { f(): u8; }\n");
  copy = join(folder, "installed");
  for (const part of ["bin", "bundle", "package.json"]) {
    cpSync(join(home, part), join(copy, part), {
      recursive: true,
      filter: (path) => !path.endsWith(".cache"),
    });
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(
  args: readonly string[],
  { env = {}, node = [] }: { env?: object; node?: readonly string[] } = {},
) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...node, join(copy, "bin", "rpcgen.js"), ...args],
    { cwd: folder, encoding: "utf8", env: { ...process.env, ...env } },
  );
  return { status, stdout, stderr };
}

/** The files that V8 was given in a run, by what it says of their coverage. */
function filesLoaded(...args: string[]): string[] {
  const coverage = join(folder, "coverage");
  const { status, stderr } = run(args, { env: { NODE_V8_COVERAGE: coverage } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const [report] = readdirSync(coverage);
  const { result } = JSON.parse(readFileSync(join(coverage, String(report)), "utf8"));
  const urls: string[] = result.map(({ url }: { url: string }) => url);
  return urls.filter((url) => !url.startsWith("node:"));
}

describe("the bundle", () => {
  it.each([["--help"], ["check", "a.idl"], ["explain", "RPC1001"], ["a.idl", "--out", "out"]])(
    "is all that `rpcgen %s …` loads",
    (...args) => {
      const files = ["bin/rpcgen.js", "bundle/rpcgen.cjs"].map((name) =>
        String(pathToFileURL(join(copy, name))),
      );
      expect(filesLoaded(...args)).toEqual(files);
    },
  );

  it("holds no compiler of TypeScript, and the licence of everything that it holds", () => {
    const { bundled } = JSON.parse(readFileSync(join(copy, "bundle", ".stamp.json"), "utf8"));
    const packages = new Set(
      bundled.flatMap((path: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
    );
    expect(packages).toContain("chevrotain");
    expect([...packages].filter((name) => /ts-morph|typescript/.test(String(name)))).toEqual([]);
    const licences = readFileSync(join(copy, "bundle", "THIRD-PARTY.txt"), "utf8");
    for (const name of packages) expect(licences).toMatch(new RegExp(`^${name} \\d[\\w.]* \\(.+\\)$`, "m"));
  });

  it.each(["camera", "whole-language"])("writes what the generator's modules write: %s", async (name) => {
    const scenario = join(home, "..", "idl", "test", "scenarios", name);
    cpSync(scenario, join(folder, name), { recursive: true });
    const input = `${name}/input.idl`;
    expect(run([input, "--out", "out", "--embed-schema"]).status).toBe(0);
    const { model } = await compile(input, createSourceHost(folder));
    if (model === null) throw new Error("the scenario does not compile");
    const files = await generate(model, {
      targets: ["typescript", "micropython"],
      generatorVersion: JSON.parse(readFileSync(join(home, "package.json"), "utf8")).version,
      sourceFile: "input.idl",
      singleFile: false,
      embedSchema: true,
    });
    const written = readdirSync(join(folder, "out")).map((path) => {
      return [path, readFileSync(join(folder, "out", path), "utf8")];
    });
    expect(Object.fromEntries(written)).toEqual(
      Object.fromEntries(files.map(({ path, text }) => [path, text])),
    );
  });

  it("says how to make it where it is missing", () => {
    rmSync(join(copy, "bundle"), { recursive: true });
    const { status, stderr } = run(["--help"]);
    expect(status).toBe(70);
    expect(stderr).toMatch(/^rpcgen: .*rpcgen\.cjs is missing; in a checkout `npm run build` makes it\n$/);
  });
});

describe("the compiled form", () => {
  const kept = () =>
    readdirSync(join(copy, "bundle")).filter((name) => !/^(\.stamp|THIRD|rpcgen)/.test(name));
  const generated = () => readdirSync(join(folder, "out")).sort();
  const GENERATE = ["a.idl", "--out", "out"];

  it("is kept by the first run that generates, and by no other", () => {
    run(["--help"]);
    run(["check", "a.idl"]);
    run(["missing.idl"]);
    expect(kept()).toEqual([]);
    const first = run(GENERATE);
    expect(kept()).toEqual([expect.stringMatching(/^[0-9a-f]{16}-v[\d.]+-\w+\.cache$/)]);
    const names = generated();
    const texts = names.map((name) => readFileSync(join(folder, "out", name), "utf8"));
    rmSync(join(folder, "out"), { recursive: true });
    const { mtimeMs } = statSync(join(copy, "bundle", String(kept()[0])));
    expect(run(GENERATE)).toEqual(first);
    expect(names.map((name) => readFileSync(join(folder, "out", name), "utf8"))).toEqual(texts);
    expect(statSync(join(copy, "bundle", String(kept()[0]))).mtimeMs).toBe(mtimeMs);
  });

  it.each([
    ["empty", (whole: Buffer) => whole.subarray(0, 0)],
    ["cut off", (whole: Buffer) => whole.subarray(0, whole.length >> 1)],
    ["of something else", () => Buffer.from("not what V8 makes")],
  ])("is left unused where it is %s", (_, damage) => {
    run(GENERATE);
    const path = join(copy, "bundle", String(kept()[0]));
    writeFileSync(path, damage(readFileSync(path)));
    expect(run(["check", "a.idl"])).toMatchObject({ status: 0, stderr: "" });
  });

  it("is not that of another bundle", () => {
    run(GENERATE);
    const path = join(copy, "bundle", "rpcgen.cjs");
    writeFileSync(path, `// 0123456789abcdef\n${readFileSync(path, "utf8").split("\n").slice(1).join("\n")}`);
    run(GENERATE);
    expect(kept()).toHaveLength(2);
  });

  it("is done without where nothing may be written beside the bundle", () => {
    mkdirSync(join(folder, "out"));
    const { status, stderr } = run(GENERATE, {
      node: [
        "--no-warnings",
        "--experimental-permission",
        "--allow-fs-read=*",
        `--allow-fs-write=${join(folder, "out")}/*`,
      ],
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(kept()).toEqual([]);
    expect(generated().length).toBeGreaterThan(0);
  });
});
