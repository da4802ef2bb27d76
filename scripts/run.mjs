// Runs one command from the root of the checkout and stops the script when it fails.
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Exit code of the command; its output goes to the terminal, or with `quiet` is kept and shown only on failure. */
export function runStatus(command, args, { quiet = false, env = {} } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error) {
    console.error(`${command}: ${result.error.message}`);
    return 1;
  }
  const status = result.status ?? 1;
  if (quiet && status !== 0) process.stderr.write(`${result.stdout}${result.stderr}`);
  return status;
}

/** As `runStatus`, but a failure ends this process with the same code. */
export function run(command, args, options) {
  const status = runStatus(command, args, options);
  if (status !== 0) {
    console.error(`\nfailed (exit code ${status}): ${[command, ...args].join(" ")}`);
    process.exit(status);
  }
}
