// `npm run lint`: format, lint, types of the tests, import rules, and what would be published.
import { chdir } from "node:process";
import { root } from "./run.mjs";

chdir(root);
const { runChecks } = await import("./checks.mjs");
process.exit(runChecks().failed === 0 ? 0 : 1);
