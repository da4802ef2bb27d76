/** `npm run hostile`: a million hostile inputs for masters and slaves. */
import fc from "fast-check";
import { attackMaster, attackSlave } from "./hostile.js";
import { hostileSlave, hostileWrites, victimAction } from "./hostile-writes.js";
import { createProgress, helpOption, numberOption, tableOf, textOption, writeReport } from "./report.js";

helpOption(
  `
npm run hostile -- [--inputs 1000000] [--seed 1] [--out .cache/reports/hostile.md]

Lets a hostile peer write whatever it likes, to a master and to a slave in turns: bytes of chance, sizes up to
2^32 - 1, endless frames, answers to calls never made, one byte a second. Nothing may throw, hang or take more
memory than its limit. A failure prints the smallest input found and the seed. Exits 1 if there is one.`,
  ["inputs", "seed", "out"],
);
const inputs = numberOption("inputs", 1_000_000);
const seed = numberOption("seed", 1);
const escaped: unknown[] = [];
process.on("unhandledRejection", (error) => escaped.push(error));

console.log(`Hostile peers: ${inputs} inputs, seed ${seed}`);
const startedAt = performance.now();
let highestBytes = 0;
const outcomes = new Map<string, number>();
const note = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
const failures: string[] = [];
await attack("a master", fc.tuple(hostileSlave, victimAction), ([attacker, action]) =>
  attackMaster(attacker, action, note),
);
await attack("a slave", hostileWrites, attackSlave);
if (escaped.length > 0)
  failures.push(`${escaped.length} rejections escaped, the first: ${String(escaped[0])}`);
const seconds = (performance.now() - startedAt) / 1000;
writeReport(
  textOption("out", ".cache/reports/hostile.md"),
  `# Hostile peers

${inputs} inputs (half of them to a master, half to a slave), seed ${seed}, in ${seconds.toFixed(0)} s; buffers held at the most: ${(highestBytes / 1e6).toFixed(1)} MB.

${failures.length === 0 ? "Nothing threw, hung, or took more memory than its limit." : failures.join("\n\n")}

How the attacked masters' calls ended:

${tableOf(
  ["outcome", "calls"],
  [...outcomes].toSorted(([one], [other]) => (one < other ? -1 : 1)),
)}`,
);
for (const failure of failures) console.log(`FAILED  ${failure}`);
console.log(failures.length === 0 ? "Nothing failed." : `${failures.length} failures`);
process.exit(failures.length === 0 ? 0 : 1);

async function attack<T>(
  victim: string,
  input: fc.Arbitrary<T>,
  run: (input: T) => Promise<string | null>,
): Promise<void> {
  const numRuns = Math.ceil(inputs / 2);
  const progress = createProgress(`inputs to ${victim}`, numRuns);
  let done = 0;
  const property = fc.asyncProperty(input, async (each) => {
    const fault = await run(each);
    done += 1;
    if (done % 1000 === 0) {
      highestBytes = Math.max(highestBytes, process.memoryUsage().arrayBuffers);
      progress(done);
    }
    if (fault !== null) throw new Error(fault);
  });
  try {
    await fc.assert(property, { numRuns, seed });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `${error.cause.message}: ` : "";
    failures.push(`${victim}: ${cause}${error instanceof Error ? error.message : String(error)}`);
  }
}
