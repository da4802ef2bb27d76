// `npm run bench`: every figure of the README, measured side by side in one run. Each benchmark runs in
// a process of its own and prints one JSON line; here they become tables. `--quick` only proves that
// they run. Name parts of the file names to run a few: `npm run bench -- codec`.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const quick = process.argv.includes("--quick");
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}`);
if (quick) console.log("quick run: the figures mean nothing");
let failed = 0;
for (const file of readdirSync(here).filter((name) => name.endsWith(".bench.mjs"))) {
  if (wanted.length > 0 && !wanted.some((part) => file.includes(part))) continue;
  const result = spawnSync(
    process.execPath,
    ["--expose-gc", join(here, file), ...(quick ? ["--quick"] : [])],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const table = result.status === 0 ? JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "null") : null;
  if (table === null) {
    console.log(`\n${file} failed`);
    failed += 1;
    continue;
  }
  print(table);
}
process.exit(failed === 0 ? 0 : 1);

function print({ title, note, columns, rows, skipped }) {
  console.log(`\n### ${title}\n`);
  if (skipped !== undefined) return console.log(`Skipped: ${skipped}`);
  console.log(`| ${columns.join(" | ")} |`);
  console.log(`|${columns.map(() => "---").join("|")}|`);
  for (const row of rows) console.log(`| ${row.join(" | ")} |`);
  if (note) console.log(`\n${note}`);
}
