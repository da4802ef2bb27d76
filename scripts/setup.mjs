// Gets a clone ready: installs the packages where that is still to do, then builds what changed.
// Every npm script starts here, so that a clean clone needs no other command. A second run installs
// nothing and works without a network.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNPM } from "./pnpm.mjs";
import { root, run } from "./run.mjs";

const STAMP = join(root, "node_modules", ".rpcgen-setup");

requireNode(20, 19);
const fingerprint = installFingerprint();
if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== fingerprint) {
  console.log("Installing packages (the first time this takes a minute) …");
  run("npx", ["--yes", "--prefer-offline", PNPM, "install", "--prefer-offline", "--frozen-lockfile"], {
    quiet: true,
  });
  writeFileSync(STAMP, fingerprint);
}
run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-b"]);
// Loaded late: what it imports is there only after an install.
await (await import("./bundle.mjs")).bundleCommand();

function requireNode(major, minor) {
  const [actualMajor, actualMinor] = process.versions.node.split(".").map(Number);
  if (actualMajor > major || (actualMajor === major && actualMinor >= minor)) return;
  console.error(`rpcgen needs Node ${major}.${minor} or later; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Changes whenever an install has something to do: another lockfile, another manifest, another Node. */
function installFingerprint() {
  const hash = createHash("sha256").update(process.version);
  for (const file of ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests()]) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function manifests() {
  return ["packages", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((name) => join(folder, name, "package.json"))
      .filter((file) => existsSync(join(root, file))),
  );
}
