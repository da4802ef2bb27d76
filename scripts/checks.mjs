// The checks beside the tests, each a name and a command. `npm run lint` and `.ci/run` run them all.
import { readdirSync } from "node:fs";
import { runStatus } from "./run.mjs";

const bin = (name) => `node_modules/.bin/${name}`;
const packages = readdirSync("packages");

export const checks = [
  { name: "format and lint", command: bin("biome"), args: ["check", "--error-on-warnings", "."] },
  { name: "lint of the MicroPython", command: process.execPath, args: ["scripts/lint-python.mjs"] },
  { name: "types of the tests", command: bin("tsc"), args: ["-p", "tsconfig.tests.json"] },
  {
    name: "import rules",
    command: bin("depcruise"),
    args: [...packages.map((name) => `packages/${name}/src`), "--config", ".dependency-cruiser.cjs"],
  },
  ...packages.map((name) => ({
    name: `publint ${name}`,
    command: bin("publint"),
    args: [`packages/${name}`, "--strict", "--pack", "npm"],
  })),
  ...packages
    .filter((name) => name !== "cli")
    .map((name) => ({
      name: `attw ${name}`,
      command: bin("attw"),
      // What isn't JavaScript has no types to be found.
      args: [
        ...["--pack", `packages/${name}`, "--profile", "esm-only", "--format", "ascii"],
        ...["--exclude-entrypoints", "rpc.py"],
      ],
    })),
];

/** Runs them all, each whole, and says how many passed and which failed. */
export function runChecks() {
  let passed = 0;
  const failures = [];
  for (const { name, command, args } of checks) {
    if (runStatus(command, args, { quiet: true }) === 0) {
      passed += 1;
      console.log(`ok      ${name}`);
    } else {
      failures.push(name);
      console.log(`FAILED  ${name}`);
    }
  }
  return { passed, failed: failures.length, skipped: 0, failures };
}
