/** One episode of a campaign: its line, its peers, what was counted, and what calls said of themselves. */
import { createMaster, type Executed, type Master } from "../../src/index.js";
import { createRandom, createVirtualClock, type Random, type VirtualClock } from "../../src/testing/index.js";
import { createCounts, type EpisodeCounts } from "./campaign-counts.js";
import {
  type CampaignLine,
  type LineFaults,
  type LinkKind,
  openLine,
  type PeerKind,
} from "./campaign-line.js";
import { type CampaignPeer, createPeer } from "./campaign-peer.js";
import type { CallPlan, EpisodePlan } from "./campaign-plan.js";
import { createRevocableLink, type RevocableLink } from "./revocable-link.js";

export interface Episode {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly plan: EpisodePlan;
  readonly line: CampaignLine;
  readonly peer: CampaignPeer;
  readonly faults: readonly LineFaults[];
  readonly counts: EpisodeCounts;
  readonly failures: string[];
  master: Master;
  /** What the master's program has open. */
  port: RevocableLink;
  readonly newPort: () => RevocableLink;
  /** To be looked at once more when nothing is under way any longer. */
  readonly claims: Claim[];
  readonly tell: (event: string) => void;
}

/** What a call said of itself, to be compared with what ran. */
export interface Claim {
  readonly number: number;
  readonly call: CallPlan;
  readonly says: Executed;
  readonly startedAt: number;
  /** Crcs let damaged packets through meanwhile. */
  readonly sawCollision: boolean;
}

export async function openEpisode(
  link: LinkKind,
  kind: PeerKind,
  seed: number,
  watch: ((event: string) => void) | undefined,
): Promise<Episode> {
  const clock = createVirtualClock();
  const tell = watch && ((event: string) => watch(`${clock.now().toFixed(2)} ${event}`));
  const line = await clock.run(openLine(link, { clock, seed, peer: kind, tell }));
  const newPort = () => createRevocableLink(line.master);
  const port = newPort();
  return {
    clock,
    random: createRandom(seed + 1),
    plan: line.plan,
    line,
    faults: line.faults,
    peer: createPeer(line.slave, clock, createRandom(seed + 3), line.checksBytes),
    counts: createCounts(),
    failures: [],
    claims: [],
    tell: tell ?? (() => {}),
    master: createMaster(port.link, { clock }),
    port,
    newPort,
  };
}
