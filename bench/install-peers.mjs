// What a benchmark compares rpcgen with is in a package of its own, with a lockfile of its own, that the project's
// install leaves out: `npm run bench` installs it when it is first wanted.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { PNPM } from "../scripts/pnpm.mjs";
import { root, runStatus } from "../scripts/run.mjs";

/** @param folder Absolute; holds a package.json and its lockfile. @throws when they can't be installed */
export function installPeers(folder) {
  const stamp = join(folder, "node_modules", ".rpcgen-setup");
  const wanted = createHash("sha256").update(process.version);
  for (const file of ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"]) {
    wanted.update(readFileSync(join(folder, file)));
  }
  const digest = wanted.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  const name = relative(root, folder);
  console.error(
    `Installing what rpcgen is compared with, into ${name} (the first time this takes a while) …`,
  );
  const args = ["--yes", "--prefer-offline", PNPM, "--dir", folder, "install", "--prefer-offline"];
  const status = runStatus("npx", [...args, "--frozen-lockfile"], { quiet: true });
  if (status !== 0) throw new Error(`the packages of ${name} could not be installed`);
  writeFileSync(stamp, digest);
}
