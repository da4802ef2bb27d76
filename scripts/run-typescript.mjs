// Runs one of the project's own long programs, which are TypeScript beside the tests: bundles it into `.cache`
// and starts it. `node scripts/run-typescript.mjs packages/runtime/test/calm/delay-table.main.ts --calls 100`
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./run.mjs";

const [entry, ...rest] = process.argv.slice(2);
const outfile = join(root, ".cache", basename(entry).replace(/\.ts$/, ".mjs"));
await build({
  entryPoints: [join(root, entry)],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
});
process.argv = [process.argv[0], outfile, ...rest];
process.chdir(root);
await import(pathToFileURL(outfile).href);
