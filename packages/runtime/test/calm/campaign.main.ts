/** `npm run campaign`: calls over bad lines, by the hundred thousand, and a report of what came of them. */

import { runEpisode } from "./campaign.js";
import { createCounts, type EpisodeCounts } from "./campaign-counts.js";
import type { PeerKind } from "./campaign-peer.js";
import { createProgress, helpOption, numberOption, tableOf, textOption, writeReport } from "./report.js";

helpOption(
  `
npm run campaign -- [--calls 100000] [--seed 1] [--peer ours|stock] [--episodes 1] [--trace] [--out .cache/reports/campaign.md]

Makes calls over bad lines in virtual time, to our slave and to a modelled stock slave, and compares what came of
them with the truth. An episode has 100 calls; the seed of the first is --seed, the next has one more. With
--episodes only so many run: what a failure names as its seed, run again alone; --trace prints every write of them. Exits 1 if anything failed.`,
  ["calls", "seed", "peer", "episodes", "out", "trace"],
);
const CALLS_PER_EPISODE = 100;
const SHOWN_FAILURES = 20;
const firstSeed = numberOption("seed", 1);
const episodes = numberOption("episodes", Math.ceil(numberOption("calls", 100_000) / CALLS_PER_EPISODE));
const watch = process.argv.includes("--trace") ? console.log : undefined;
const wanted = textOption("peer", "");
const peers = (["ours", "stock"] as const).filter((kind) => wanted === "" || kind === wanted);
if (peers.length === 0) {
  console.error(`--peer is ours or stock, not "${wanted}"`);
  process.exit(2);
}

console.log(
  `Campaign: ${episodes} episodes of ${CALLS_PER_EPISODE} calls a peer, seeds from ${firstSeed} on`,
);
const failures: string[] = [];
const sections: string[] = [];
for (const kind of peers) sections.push(await campaign(kind));
const verdict =
  failures.length === 0
    ? "Nothing failed."
    : `${failures.length} failures:\n\n${failures.map((each) => `- ${each}`).join("\n")}`;
writeReport(
  textOption("out", ".cache/reports/campaign.md"),
  `# Calls over bad lines

Virtual time, seeds ${firstSeed} to ${firstSeed + episodes - 1}; each episode has a line and faults of its own (\`campaign-plan.ts\`): losses, flipped bits
(1 in 10³ to 10⁵), doubles, gaps, truncation, noise, delays up to 50 ms, resets of either side, dead lines.

${sections.join("\n\n")}

${verdict}`,
);
for (const failure of failures.slice(0, SHOWN_FAILURES)) console.log(`FAILED  ${failure}`);
console.log(failures.length === 0 ? "Nothing failed." : `${failures.length} failures`);
process.exit(failures.length === 0 ? 0 : 1);

async function campaign(kind: PeerKind): Promise<string> {
  const sum = createCounts();
  const progress = createProgress(`${kind} slave, episodes`, episodes);
  for (let episode = 0; episode < episodes; episode++) {
    const seed = firstSeed + episode;
    const result = await runEpisode(kind, CALLS_PER_EPISODE, seed, watch);
    sum.add(result.counts);
    failures.push(...result.failures.map((failure) => `${kind}, seed ${seed}: ${failure}`));
    progress(episode + 1);
  }
  return `## ${kind === "ours" ? "Our slave" : "Stock slave, modelled"}\n\n${summary(sum)}`;
}

function summary(sum: EpisodeCounts): string {
  const recoveries = sum.recoveriesMs.toSorted((one, other) => one - other);
  const at = (share: number) =>
    (recoveries[Math.floor((recoveries.length - 1) * share)] ?? Number.NaN).toFixed(0);
  const rows: [string, string | number][] = [
    ["calls", sum.calls],
    ["answered", sum.answered],
    ...Object.entries(sum.errors).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ["writes, harmed ones", `${sum.writes}, ${sum.harmedWrites}`],
    ["damaged packets", sum.damagedPackets],
    [
      "damaged packets with a right crc",
      `${sum.undetectedPackets} (expected: ${sum.expectedUndetected.toFixed(1)})`,
    ],
    ["wrong answers by such packets", sum.wrongByCollision],
    ["calls not judged because of such packets", sum.judgedAfterCollision],
    ["resets of the slave, of the master", `${sum.slaveRestarts}, ${sum.masterRestarts}`],
    ["ran once more because the slave was reset", sum.twiceAcrossRestart],
    ["stream frames read", sum.framesRead],
    [
      "frames damaged, missing (frames have no crc and no number)",
      `${sum.framesDamaged}, ${sum.framesMissing}`,
    ],
    ["recovery, ms: median, 99 %, longest", `${at(0.5)}, ${at(0.99)}, ${at(1)}`],
  ];
  return tableOf(["", ""], rows);
}
