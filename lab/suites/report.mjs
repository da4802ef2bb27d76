/**
 * Reporter of the tests in a guest (`node --test-reporter`): a line for people, which the laboratory prints
 * as it comes, and a line of JSON for its count, into the job's folder.
 */
import { appendFileSync } from "node:fs";
import { RESULTS } from "./results.mjs";

const KINDS = { "test:pass": "passed", "test:fail": "failed" };

export default async function* report(events) {
  const names = [];
  for await (const { type, data } of events) {
    if (type === "test:start") {
      names.length = data.nesting;
      names[data.nesting] = data.name;
    }
    const status = KINDS[type];
    if (status === undefined || data.details.type === "suite") continue;
    const name = [...names.slice(0, data.nesting), data.name].join(": ");
    const skipped = data.skip !== undefined;
    const result = { status: skipped ? "skipped" : status, name, ms: Math.round(data.details.duration_ms) };
    if (status === "failed") result.error = describe(data.details.error);
    appendFileSync(RESULTS, `${JSON.stringify(result)}\n`);
    yield `lab: ${{ passed: "✓", failed: "✗", skipped: "-" }[result.status]} ${name} (${result.ms} ms)\n`;
    if (result.error) yield result.error.replace(/^/gm, "lab:     ").concat("\n");
  }
}

function describe(error) {
  const cause = error?.cause ?? error;
  return cause instanceof Error ? `${cause.stack}` : String(cause);
}
