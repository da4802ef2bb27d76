// Makes the `rpcgen` command one file, packages/cli/bundle/rpcgen.cjs, because reading some 450 modules
// takes longer than all the work. The virtual camera and the links, with their native and WebAssembly parts, stay
// packages, which `rpcgen simulate` and `rpcgen ports` load. Nothing is done where nothing changed since the last time.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inlinedFiles, inlineTemplates } from "./inline-templates.mjs";
import { root } from "./run.mjs";
import { thirdPartyText } from "./third-party.mjs";

const FOLDER = join(root, "packages", "cli", "bundle");
const BUNDLE = join(FOLDER, "rpcgen.cjs");
const OUTSIDE = ["@rpcgen/device", "@rpcgen/runtime/links"];
/** Which of our modules the bundle was made of, and a digest of everything that decides it. */
const STAMP = join(FOLDER, ".stamp.json");
const BUNDLER = ["scripts/bundle.mjs", "scripts/inline-templates.mjs", "scripts/third-party.mjs"];

/** Resolves when the bundle is that of the files as they are. */
export async function bundleCommand() {
  if (isUpToDate()) return;
  rmSync(FOLDER, { recursive: true, force: true });
  const { build } = await import("esbuild");
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["packages/cli/dist/main.js"],
    outfile: BUNDLE,
    write: false,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20.19",
    // Names stay as they are: the reports of our own bugs name functions.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    external: OUTSIDE,
    define: { "import.meta.url": "bundleUrl" },
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    plugins: [inlineTemplates],
    metafile: true,
    logLevel: "warning",
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const bundled = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
  mkdirSync(FOLDER);
  writeFileSync(BUNDLE, withDigest(withOutsideImports(outputFiles[0].text)));
  writeFileSync(join(FOLDER, "THIRD-PARTY.txt"), thirdPartyText(bundled));
  const own = Object.keys(metafile.inputs).filter((path) => !path.includes("node_modules"));
  writeFileSync(STAMP, JSON.stringify({ own, digest: digestOf(own), bundled }));
}

/** What stays a package is imported by the start, packages/cli/bin/rpcgen.js, which hands in `importOutside`. */
function withOutsideImports(text) {
  return OUTSIDE.reduce((before, name) => {
    const after = before.replaceAll(`import("${name}")`, `importOutside("${name}")`);
    if (after === before) throw new Error(`the bundle does not import ${name}`);
    return after;
  }, text);
}

/** The first line tells one bundle from another: by it the start finds the compiled form that belongs to it. */
function withDigest(text) {
  return `// ${createHash("sha256").update(text).digest("hex").slice(0, 16)}\n${text}`;
}

function isUpToDate() {
  if (!existsSync(STAMP) || !existsSync(BUNDLE)) return false;
  const { own, digest } = JSON.parse(readFileSync(STAMP, "utf8"));
  return digestOf(own) === digest;
}

/** Null where one of them is gone. */
function digestOf(own) {
  const hash = createHash("sha256");
  for (const file of [...own, ...inlinedFiles(), ...BUNDLER, "pnpm-lock.yaml"]) {
    const path = join(root, file);
    if (!existsSync(path)) return null;
    hash.update(file).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}
