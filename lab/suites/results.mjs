// Where tests in a guest leave what the laboratory collects: its job's folder, mounted at /job.
import { appendFileSync } from "node:fs";

export const RESULTS = "/job/results.jsonl";

/** A row of the laboratory's table of figures. */
export function reportFigure(link, what, value) {
  appendFileSync(RESULTS, `${JSON.stringify({ status: "figure", link, what, value })}\n`);
  console.log(`lab:   ${link}: ${what}: ${value}`);
}
