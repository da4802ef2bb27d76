/**
 * Random interface files over every construct, generated for both languages, which must agree on every byte.
 * `RPCGEN_SCHEMAS` says how many; `RPCGEN_SEED` repeats a run.
 */
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { checkConstants } from "./check-constants.js";
import { checkSchema } from "./check-schema.js";
import { createCoverage } from "./coverage.js";
import { type Batch, loadBatch } from "./load-batch.js";
import { schemaShapes, spellSchema } from "./random-schema.js";
import { createRandom } from "./random-value.js";

const count = Number(process.env.RPCGEN_SCHEMAS ?? 500);
const seed = Number(process.env.RPCGEN_SEED ?? Date.now() % 2 ** 31);
/** Schemas that share a file, and so one generation and one board. */
const PER_FILE = 25;
const TIMEOUT_MS = 30 * 60_000;

const shapes = fc.sample(schemaShapes, { numRuns: count, seed });
const coverage = createCoverage();

afterAll(() => {
  console.log(`${count} schemas, RPCGEN_SEED=${seed}; met:\n${coverage.lines().join(", ")}`);
});

const files = Array.from({ length: Math.ceil(count / PER_FILE) }, (_, index) => index);

test.each(files)(
  "TypeScript and MicroPython agree, file %i",
  async (file) => {
    const own = shapes.slice(file * PER_FILE, (file + 1) * PER_FILE);
    const texts = own.map(spellSchema);
    const join = (part: "types" | "face") => texts.map((text) => text[part]).join("\n");
    const batch = await loadBatch(join("types"), join("face"));
    coverage.addModel(batch.model);
    checkConstants(batch);
    for (const [index, text] of texts.entries()) {
      for (const { declaration } of batch.schemas[index] ?? []) coverage.addFunction(declaration);
      checkAlone(batch, index, `${text.types}\n${text.face}`, file);
    }
  },
  TIMEOUT_MS,
);

/** What fails says which schema it was. */
function checkAlone(batch: Batch, index: number, text: string, file: number): void {
  try {
    checkSchema(batch, index, createRandom(seed + file * PER_FILE + index));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`RPCGEN_SEED=${seed}, schema ${index} of file ${file}: ${message}\n${text}`, {
      cause: error,
    });
  }
}

test("no construct was left out", () => {
  expect(coverage.missing()).toEqual([]);
});
