// Starts a slave's script in a process of its own; resolves with the path that it prints and a way to end it.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/**
 * The speed that a pseudo terminal is opened at. It moves bytes at once, as USB serial does, and its speed is only
 * told: a master that was told 115,200 would wait for 64 bytes to go over a wire that there isn't.
 */
export const PTY_BAUD_RATE = 4_000_000;

const here = dirname(fileURLToPath(import.meta.url));

export async function startSlave(script, options = []) {
  const child = spawn(process.execPath, [join(here, script), ...options.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const path = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`${script} ended with ${code}`)));
  });
  return { path, stop: () => child.kill("SIGKILL") };
}
