// Runs one job in a guest, from its start to what it leaves: results of tests, its figures, its exit code.
import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../scripts/run.mjs";

/** Beyond this a guest hangs, whatever the reason. */
const LONGEST_MS = 30 * 60_000;
const running = new Set();

/**
 * `guest(job)` gives program and arguments; `prepare(job)` may add files; `script` are shell commands, run
 * in the checkout. Resolves with the lines of `/job/results.jsonl` as objects, and whether the guest came
 * to its end with exit code 0.
 */
export async function runGuest({ guest, prepare = async () => {}, script, onLine }) {
  // Without the checkout's own path in it, which may hold what a kernel's command line can't.
  const job = mkdtempSync(join(tmpdir(), "rpcgen-lab-"));
  try {
    cpSync(join(root, "lab/guest"), job, { recursive: true });
    chmodSync(join(job, "uml-init.sh"), 0o755);
    writeFileSync(join(job, "job.sh"), `cd '${root.replaceAll("'", "'\\''")}' || exit 1\n${script}`);
    await prepare(job);
    const problem = await run(guest(job), onLine);
    return {
      results: readLines(join(job, "results.jsonl")),
      problem: problem ?? problemIn(join(job, "exit")),
    };
  } finally {
    rmSync(job, { recursive: true, force: true });
  }
}

export function stopGuests() {
  for (const stop of running) stop();
}

/** Null when the guest switched itself off, else what happened. */
function run({ program, args }, onLine) {
  return new Promise((resolve) => {
    // A group of its own: User Mode Linux is many processes, and all of them must go.
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    let problem = null;
    const stop = (why) => {
      problem ??= why;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {} // gone already
    };
    const stopNow = () => stop("stopped");
    running.add(stopNow);
    const clock = setTimeout(() => stop(`no end after ${LONGEST_MS / 60_000} minutes`), LONGEST_MS);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => onLine(line.replace(/\r$/, "")));
    }
    child.on("error", (error) => stop(error.message));
    child.on("close", () => {
      clearTimeout(clock);
      running.delete(stopNow);
      resolve(problem);
    });
  });
}

function problemIn(exitFile) {
  try {
    const code = readFileSync(exitFile, "utf8").trim();
    return code === "0" ? null : `its job ended with exit code ${code}`;
  } catch {
    return "it ended before its job did";
  }
}

function readLines(file) {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}
