// How long a person waits for `rpcgen camera.idl`, from a cold process to written files.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { interleave, rounded } from "./measure.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rpcgen = join(root, "packages", "cli", "bin", "rpcgen.js");
const idl = join(root, "examples", "camera", "camera.idl");
const folder = mkdtempSync(join(tmpdir(), "rpcgen-bench-"));

const results = await interleave(
  [
    { name: "`rpcgen --help`", run: () => seconds(["--help"]) },
    {
      name: "`rpcgen camera.idl --target micropython`",
      run: () => seconds([idl, "-o", folder, "-t", "micropython"]),
    },
    { name: "`rpcgen camera.idl` (everything)", run: () => seconds([idl, "-o", folder]) },
    { name: "an empty Node process", run: () => seconds(null) },
  ],
  11,
);
rmSync(folder, { recursive: true });

console.log(
  JSON.stringify({
    title: "Cold start",
    columns: ["command", "seconds, median of 11"],
    rows: [...results].map(([name, value]) => [name, rounded(value)]),
  }),
);

function seconds(args) {
  const startedMs = performance.now();
  const result = spawnSync(process.execPath, args === null ? ["-e", ""] : [rpcgen, ...args]);
  if (result.status !== 0) throw new Error(`rpcgen failed: ${result.stderr}`);
  return (performance.now() - startedMs) / 1000;
}
