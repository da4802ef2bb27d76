// How long a person waits for the files of one interface, from a cold process to written files, beside the two
// generators people know. Each is started as its package starts it, without npx; each writes the camera of
// examples/camera, as near as its language comes to it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { competitors, installCompetitors } from "./competitors.mjs";
import { interleave, quick, rounded } from "./measure.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const rpcgen = join(here, "..", "packages", "cli", "bin", "rpcgen.js");
const idl = join(here, "..", "examples", "camera", "camera.idl");
const ROUNDS = 15;

installCompetitors();
const folder = mkdtempSync(join(tmpdir(), "rpcgen-bench-"));
const at = (name) => join(folder, name);
const theirs = (path) => join(competitors, "node_modules", ...path.split("/"));
const bebopc = [theirs("bebop-tools/dist/index.js"), "--include", "camera.bop", "build", "--generator"];

const everything = [rpcgen, idl, "--out", at("rpcgen")];
const firstRun = "the same, the first run of an installation";

const commands = [
  ["`rpcgen camera.idl` (TypeScript and MicroPython)", everything],
  [firstRun, everything],
  ["`rpcgen camera.idl --target typescript`", [rpcgen, idl, "--out", at("ts"), "--target", "typescript"]],
  ["`rpcgen camera.idl --target micropython`", [rpcgen, idl, "--out", at("py"), "--target", "micropython"]],
  ["`rpcgen check camera.idl`", [rpcgen, "check", idl]],
  ["`rpcgen --help`", [rpcgen, "--help"]],
  [
    "`buf generate` (protoc-gen-es and ts-proto)",
    [
      ...[theirs("@bufbuild/buf/bin/buf"), "generate", "camera.proto"],
      ...["--template", "camera.gen.yaml", "--output", at("buf")],
    ],
  ],
  ["`bebopc build` (TypeScript)", [...bebopc, `ts:${at("bebop/camera.ts")}`]],
  ["an empty Node process", ["--eval", ""]],
];
// Each once before it counts: files come from the disk's cache, and rpcgen has kept its compiled form.
for (const [, args] of commands) seconds(args);
const written = new Map(commands.map(([name, args]) => [name, writtenBy(args)]));
const results = await interleave(
  commands.map(([name, args]) => ({
    name,
    run() {
      if (name === firstRun) forgetCompiled();
      return seconds(args);
    },
  })),
  ROUNDS,
);
rmSync(folder, { recursive: true });

console.log(
  JSON.stringify({
    title: "Cold start",
    note: "Medians, interleaved, each started once before; nothing kept running in between. All with Node.",
    columns: ["command", `seconds, median of ${quick ? 1 : ROUNDS}`, "KiB written"],
    rows: [...results].map(([name, value]) => [name, rounded(value), written.get(name)]),
  }),
);

/** What the start keeps of an earlier run; the next one makes it anew. */
function forgetCompiled() {
  const bundle = join(here, "..", "packages", "cli", "bundle");
  for (const name of readdirSync(bundle).filter((name) => name.endsWith(".cache")))
    rmSync(join(bundle, name));
}

/** Into a folder that is not there yet: otherwise rpcgen, which leaves alone what is unchanged, had less to do. */
function seconds(args) {
  for (const name of readdirSync(folder)) rmSync(at(name), { recursive: true });
  const startedMs = performance.now();
  const result = spawnSync(process.execPath, args, { cwd: competitors });
  const ms = performance.now() - startedMs;
  if (result.status !== 0) throw new Error(`${args[0]} failed: ${result.stderr}${result.stdout}`);
  return ms / 1000;
}

function writtenBy(args) {
  seconds(args);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const bytes = files.reduce((sum, file) => sum + readFileSync(join(file.parentPath, file.name)).length, 0);
  return bytes === 0 ? "" : rounded(bytes / 1024);
}
