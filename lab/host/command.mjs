// Commands that the laboratory runs while it gets ready. They die with it: a stop is a stop of them too.
import { spawn } from "node:child_process";

/** A command that can't be found, or that failed; `message` says what it said. */
export class CommandError extends Error {}

const running = new Set();

/** Resolves with what the command wrote to its output; rejects with `CommandError`. */
export function command(name, args, { cwd, env = {}, input = null } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === null ? "ignore" : "pipe", "pipe", "pipe"],
    });
    running.add(child);
    const output = [];
    const errors = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => errors.push(chunk));
    child.on("error", (error) => reject(new CommandError(`${name}: ${error.message}`)));
    child.on("close", (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve(Buffer.concat(output));
      const said = `${Buffer.concat(errors)}`.trim() || `${Buffer.concat(output)}`.trim();
      reject(new CommandError(`${name} ${args[0] ?? ""} failed (${signal ?? code})\n${lastLines(said)}`));
    });
    if (input !== null) {
      child.stdin.on("error", () => {}); // the exit code says what went wrong
      child.stdin.end(input);
    }
  });
}

/** The first line of what a command writes, or null if it can't be run. */
export async function firstLine(name, args) {
  try {
    return `${await command(name, args)}`.split("\n")[0] || null;
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}

export function stopCommands() {
  for (const child of running) child.kill("SIGTERM");
}

function lastLines(text) {
  return text.split("\n").slice(-15).join("\n");
}
