/** `npm run campaign`: calls over bad lines, by the hundred thousand, and a report of what came of them. */

import { runEpisode } from "./campaign.js";
import { createCounts, type EpisodeCounts } from "./campaign-counts.js";
import { LINK_KINDS, type LinkKind, type PeerKind, peersOf } from "./campaign-line.js";
import { createProgress, helpOption, numberOption, tableOf, textOption, writeReport } from "./report.js";

helpOption(
  `
npm run campaign -- [--link uart|can|i2c|spi|network|tcp|all] [--calls 100000] [--seed 1] [--peer ours|stock]
                    [--episodes 1] [--trace] [--out .cache/reports/campaign.md]

Makes calls over bad lines in virtual time, to our slave and, where there is one, to a modelled stock slave, and
compares what came of them with the truth. Without --link over the serial line; other links go through their own
transports on models of their packages or sockets, and write a report each: campaign-can.md, … An episode has 100
calls; the seed of the first is --seed, the next has one more. With --episodes only so many run: what a failure names
as its seed, run again alone; --trace prints every write of them. Exits 1 if anything failed.`,
  ["link", "calls", "seed", "peer", "episodes", "out", "trace"],
);
const CALLS_PER_EPISODE = 100;
const SHOWN_FAILURES = 20;
const firstSeed = numberOption("seed", 1);
const episodes = numberOption("episodes", Math.ceil(numberOption("calls", 100_000) / CALLS_PER_EPISODE));
const watch = process.argv.includes("--trace") ? console.log : undefined;
const wantedLink = textOption("link", "uart");
const links = LINK_KINDS.filter((kind) => wantedLink === "all" || kind === wantedLink);
if (links.length === 0) refuse(`--link is ${LINK_KINDS.join(", ")} or all, not "${wantedLink}"`);
const wantedPeer = textOption("peer", "");
const peersFor = (link: LinkKind) => peersOf(link).filter((kind) => wantedPeer === "" || kind === wantedPeer);
if (links.every((link) => peersFor(link).length === 0)) {
  refuse(`--peer is ${[...new Set(links.flatMap(peersOf))].join(" or ")} here, not "${wantedPeer}"`);
}

/** What befalls each kind of link, for the head of its report. */
const WHAT_HAPPENS: Readonly<Record<LinkKind, string>> = {
  uart: "losses, flipped bits (1 in 10³ to 10⁵), doubles, gaps, truncation, noise, delays up to 50 ms",
  can: "frames that receivers lose, frames of a wrong length, strangers' frames, controllers off the bus, interfaces taken down, a bus that is cut and delivers later",
  i2c: "addresses and bytes that are not acknowledged, a clock held longer than the adapter waits, reads of all equal bytes, adapters unplugged",
  spi: "a slave that is not ready, frames shifted by a byte, a line that reads as all equal bytes, controllers unplugged",
  network:
    "datagrams lost, doubled, late and overtaking each other, interfaces down; connections reset in a message, held up in one, gone without a word; dials refused and slow",
  tcp: "connections reset in a message, held up in one, gone without a word; dials refused and slow",
};

const failures: string[] = [];
for (const link of links) await campaignOver(link);
for (const failure of failures.slice(0, SHOWN_FAILURES)) console.log(`FAILED  ${failure}`);
console.log(failures.length === 0 ? "Nothing failed." : `${failures.length} failures`);
process.exit(failures.length === 0 ? 0 : 1);

function refuse(text: string): never {
  console.error(text);
  process.exit(2);
}

async function campaignOver(link: LinkKind): Promise<void> {
  console.log(
    `Campaign over ${link}: ${episodes} episodes of ${CALLS_PER_EPISODE} calls a peer, seeds from ${firstSeed} on`,
  );
  const failedBefore = failures.length;
  const sections: string[] = [];
  for (const kind of peersFor(link)) sections.push(await campaign(link, kind));
  const failed = failures.slice(failedBefore);
  const verdict =
    failed.length === 0
      ? "Nothing failed."
      : `${failed.length} failures:\n\n${failed.map((each) => `- ${each}`).join("\n")}`;
  writeReport(
    reportPath(link),
    `# Calls over bad lines: ${link}

Virtual time, seeds ${firstSeed} to ${firstSeed + episodes - 1}; each episode has a line and faults of its own: ${WHAT_HAPPENS[link]};
resets of either side, dead lines.

${sections.join("\n\n")}

${verdict}`,
  );
}

/** One file a link kind, where there are several. */
function reportPath(link: LinkKind): string {
  const path = textOption("out", ".cache/reports/campaign.md");
  return wantedLink === "uart" ? path : path.replace(/(\.md)?$/, `-${link}$1`);
}

async function campaign(link: LinkKind, kind: PeerKind): Promise<string> {
  const sum = createCounts();
  const progress = createProgress(`${link}, ${kind} slave, episodes`, episodes);
  for (let episode = 0; episode < episodes; episode++) {
    const seed = firstSeed + episode;
    const result = await runEpisode(link, kind, CALLS_PER_EPISODE, seed, watch);
    sum.add(result.counts);
    failures.push(...result.failures.map((failure) => `${link}, ${kind}, seed ${seed}: ${failure}`));
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
    ...Object.entries(sum.happened).toSorted(([one], [other]) => (one < other ? -1 : 1)),
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
