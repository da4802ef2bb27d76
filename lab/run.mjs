/**
 * `npm run lab`: the links on the kernel's own interfaces. Makes ready what the guests need (lab/host),
 * starts them side by side, and adds up what their tests report (lab/suites). docs/laboratory.md explains.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cache } from "./host/cache.mjs";
import { CommandError, stopCommands } from "./host/command.mjs";
import { printFigures } from "./host/print-figures.mjs";
import { findObstacle } from "./host/requirements.mjs";
import { runGuest, stopGuests } from "./host/run-guest.mjs";
import { createGuests, PARTS } from "./parts.mjs";

const HELP = `npm run lab [-- part ...]   the links on the kernel's own interfaces, in guests

Parts (all by default):
${PARTS.map(({ name, about }) => `  ${name.padEnd(8)} ${about}`).join("\n")}

  --figures  only the figures of each link; without parts, of those that have figures
  --run cmd  instead of the suites a shell command, in each of these guests
  --verbose  print everything that the guests print
  --help     this text

Needs Linux on x86-64 and packages of Debian; the first run says which are missing, and downloads
two kernels into .cache/lab. With CI=true missing packages are installed.`;

const isCi = process.env.CI === "true";
const began = Date.now();
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);

const options = readArguments();
const counts = { passed: 0, failed: 0, skipped: 0 };
/** For whoever started this: the counts, why it was skipped if it was, what failed, and the figures. */
const report = { ...counts, obstacle: null, failures: [], figures: [] };
try {
  await main();
} catch (error) {
  if (!stopping) {
    say(error instanceof CommandError ? error.message : error.stack);
    counts.failed += 1;
    report.failures.push({ name: "the laboratory itself", error: error.message });
  }
}
if (stopping) {
  say("stopped");
  process.exit(130);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
mkdirSync(cache, { recursive: true });
writeFileSync(join(cache, "report.json"), JSON.stringify({ ...report, ...counts }));
process.exit(counts.failed === 0 ? 0 : 1);

async function main() {
  const guests = createGuests(options.parts, options);
  const obstacle = await findObstacle({
    isCi,
    haveKernels: guests.every((guest) => guest.isReady()),
    onProgress: say,
  });
  if (obstacle !== null) {
    say(`${isCi ? "can't run" : "skipped"}: ${obstacle}`);
    counts[isCi ? "failed" : "skipped"] += 1;
    if (isCi) report.failures.push({ name: "the laboratory itself", error: obstacle });
    report.obstacle = obstacle;
    return;
  }
  const jobs = await Promise.all(guests.map((guest) => guest.prepare(say)));
  if (stopping) return;
  const reports = await Promise.all(jobs.map((job) => runJob(job)));
  report.figures = reports.flatMap(({ results }) => results.filter(({ status }) => status === "figure"));
  printFigures(report.figures);
}

async function runJob({ name, ...job }) {
  const kept = [];
  const onLine = (line) => {
    if (line.startsWith("lab: ")) say(`${name}: ${line.slice(5)}`);
    else if (options.verbose) say(`${name} | ${line}`);
    else kept.push(line);
  };
  say(`${name}: starting`);
  const { results, ...end } = await runGuest({ ...job, onLine });
  if (stopping) return { results };
  const before = counts.failed;
  for (const { status, name: test, error } of results) {
    if (status in counts) counts[status] += 1;
    if (status === "failed") report.failures.push({ name: `${name}: ${test}`, error });
  }
  const problem =
    end.problem ?? (results.length === 0 && options.run === null ? "it reported no test" : null);
  if (problem !== null) {
    say(`${name}: ${problem}`);
    for (const line of kept.slice(-40)) say(`${name} | ${line}`);
    if (counts.failed === before) counts.failed += 1;
    report.failures.push({ name, error: problem });
  }
  return { results };
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        verbose: { type: "boolean", default: false },
        figures: { type: "boolean", default: false },
        run: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const unknown = positionals.find((name) => !PARTS.some((part) => part.name === name));
    if (unknown !== undefined) {
      throw new Error(`there is no part "${unknown}"; there are ${PARTS.map(({ name }) => name).join(", ")}`);
    }
    const usual = PARTS.filter(({ hasFigures }) => hasFigures || !values.figures).map(({ name }) => name);
    return {
      parts: positionals.length > 0 ? positionals : usual,
      figures: values.figures,
      run: values.run ?? null,
      verbose: values.verbose || values.run !== undefined,
    };
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
}

function say(text) {
  const seconds = ((Date.now() - began) / 1000).toFixed(1).padStart(6);
  for (const line of text.split("\n")) console.log(`${seconds} s  ${line}`);
}

function stop() {
  stopping = true;
  stopGuests();
  stopCommands();
}
