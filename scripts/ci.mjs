// What `.ci/run` does once the machine is ready: set-up, checks, tests, the laboratory, and the demo as a newcomer
// runs it; then everything that failed, named once more, and one closing line that sums them all up. Exits 0 only
// if nothing failed.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { chdir } from "node:process";
import { root, runStatus } from "./run.mjs";

const REPORT = ".cache/vitest.json";
const LABORATORY_REPORT = ".cache/lab/report.json";
/** How much of a failure's message the list at the end repeats. */
const FAILURE_LINES = 6;

const steps = [
  ["set-up", () => command("npm", ["run", "build"])],
  ["checks", async () => (await import("./checks.mjs")).runChecks()],
  ["tests", runTests],
  ["laboratory", runLaboratory],
  ["demo", () => command("npm", ["run", "demo"])],
  [
    "the demo's picture, in another reader",
    () => command("djpeg", ["-outfile", "/dev/null", "examples/camera/snapshot.jpg"]),
  ],
  ["demo again, the network cut off", () => command("unshare", ["-rn", "npm", "run", "demo"])],
  ["a test again, the network cut off", () => command("unshare", ["-rn", "npm", "test", "--", "crc16"])],
  ["calls at every speed and distance", () => command("npm", ["run", "table", "--", "--calls", "300"])],
  ["calls over bad lines", () => command("npm", ["run", "campaign", "--", "--calls", "5000"])],
  [
    "calls over bad links of every kind",
    () => command("npm", ["run", "campaign", "--", "--link", "all", "--calls", "1000"]),
  ],
  ["hostile peers", () => command("npm", ["run", "hostile", "--", "--inputs", "10000"])],
  ["soak", () => command("npm", ["run", "soak", "--", "--minutes", "1", "--virtual-minutes", "10"])],
  ["benchmarks run", () => command("npm", ["run", "bench", "--", "--quick"])],
];

chdir(root);
const total = { passed: 0, failed: 0, skipped: 0 };
const allFailures = [];
for (const [name, step] of steps) {
  console.log(`\n=== ${name}`);
  const { failures = [], ...counts } = await step();
  for (const key of Object.keys(total)) total[key] += counts[key];
  console.log(`=== ${name}: ${counts.failed === 0 ? "ok" : "FAILED"}`);
  if (counts.failed > 0 && failures.length === 0) failures.push("the whole step");
  allFailures.push(...failures.map((failure) => `${name}: ${failure}`));
}
if (allFailures.length > 0) console.log(`\nFailed:\n${allFailures.map((line) => `- ${line}`).join("\n")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);

/** One command counts as one test. */
function command(name, args) {
  const ok = runStatus(name, args) === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** Counts what vitest ran; a run that broke off before it could count is one failure. */
function runTests() {
  mkdirSync(".cache", { recursive: true });
  rmSync(REPORT, { force: true });
  const status = runStatus("npm", [
    "test",
    "--",
    "--reporter=default",
    "--reporter=json",
    `--outputFile=${REPORT}`,
  ]);
  const report = readReport(REPORT);
  if (report === null || report.numTotalTests === 0) return { passed: 0, failed: 1, skipped: 0 };
  const failed = report.numFailedTests + (status !== 0 && report.numFailedTests === 0 ? 1 : 0);
  const failures = report.testResults.flatMap((file) => failuresOf(file));
  return {
    passed: report.numPassedTests,
    failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

/** The failed tests of a file in vitest's report, each with the beginning of its error; or why the file didn't run. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter((result) => result.status === "failed");
  if (failed.length === 0) return status === "failed" ? [describe(file, message)] : [];
  return failed.map((result) => describe(`${file} > ${result.fullName}`, result.failureMessages[0]));
}

function describe(name, message = "") {
  return [name, ...message.split("\n").slice(0, FAILURE_LINES)].join("\n    ").trimEnd();
}

/** Counts what the guests' suites ran; a run that left no report is one failure. */
function runLaboratory() {
  rmSync(LABORATORY_REPORT, { force: true });
  const status = runStatus("npm", ["run", "--silent", "lab"]);
  const report = readReport(LABORATORY_REPORT);
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const { passed, failed, skipped } = report;
  const failures = report.failures.map(({ name, error }) => describe(name, error));
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed, skipped, failures };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
