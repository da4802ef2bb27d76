// What rpcgen is compared with lives in a package of its own, `bench/competitors`, so that nobody has to install
// it who does not run the benchmarks. Here it is installed when it is missing, and its own tools make their code.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { PNPM } from "../scripts/pnpm.mjs";

export const competitors = fileURLToPath(new URL("competitors", import.meta.url));
const bin = join(competitors, "node_modules", ".bin");
const stamp = join(competitors, "node_modules", ".rpcgen-bench");
const INPUTS = [
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "frame.gen.yaml",
  "frame.proto",
  "frame.bop",
];

/** Afterwards everything is there, and another run needs no network. */
export function installCompetitors() {
  const fingerprint = fingerprintOf();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint) return;
  console.error("Installing what rpcgen is compared with (once, about 120 MB) …");
  run("npx", ["--yes", "--prefer-offline", PNPM, "install", "--prefer-offline", "--frozen-lockfile"]);
  rmSync(join(competitors, "generated"), { recursive: true, force: true });
  run("buf", ["generate", "frame.proto", "--template", "frame.gen.yaml"]);
  run("bebopc", ["--include", "frame.bop", "build", "--generator", "ts:generated/frame.bop.ts"]);
  const pbjs = ["--no-create", "--no-verify", "--no-convert", "--no-delimited", "--no-service"];
  run("pbjs", [
    "-t",
    "static-module",
    "-w",
    "commonjs",
    ...pbjs,
    "-o",
    "generated/protobufjs.cjs",
    "frame.proto",
  ]);
  stripTypes("generated/ts-proto/frame");
  stripTypes("generated/frame.bop");
  writeFileSync(stamp, fingerprint);
}

/** Changes whenever there is something to do: another lockfile, another schema, another Node. */
function fingerprintOf() {
  const hash = createHash("sha256")
    .update(process.version)
    .update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of INPUTS) hash.update(file).update(readFileSync(join(competitors, file)));
  return hash.digest("hex");
}

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: competitors,
    encoding: "utf8",
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
  });
  if (result.status === 0) return;
  const why = result.error?.message ?? `${result.stdout}${result.stderr}`;
  throw new Error(`${[command, ...args].join(" ")} (in bench/competitors) failed: ${why}`);
}

function stripTypes(path) {
  const source = readFileSync(join(competitors, `${path}.ts`), "utf8");
  writeFileSync(
    join(competitors, `${path}.mjs`),
    transformSync(source, { loader: "ts", target: "node20" }).code,
  );
}
