/** One episode of a campaign: its line, its peers, what was counted, and what calls said of themselves. */
import { createMaster, type Executed, type Master } from "../../src/index.js";
import {
  createFaults,
  createRandom,
  createTimedLine,
  createVirtualClock,
  type Faults,
  type Random,
  type VirtualClock,
} from "../../src/testing/index.js";
import { createCounts, type EpisodeCounts } from "./campaign-counts.js";
import { type CampaignPeer, createPeer, type PeerKind } from "./campaign-peer.js";
import type { CallPlan, EpisodePlan } from "./campaign-plan.js";
import { createRevocableLink, type RevocableLink } from "./revocable-link.js";

export interface Episode {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly plan: EpisodePlan;
  readonly peer: CampaignPeer;
  readonly faults: readonly [Faults, Faults];
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
  /** The slave was reset while it was under way: what it remembered is gone, so a repeated call is new to it. */
  readonly sawRestart: boolean;
  /** Crcs let damaged packets through meanwhile. */
  readonly sawCollision: boolean;
}
export function openEpisode(
  kind: PeerKind,
  plan: EpisodePlan,
  watch: ((event: string) => void) | undefined,
): Episode {
  const clock = createVirtualClock();
  const tell = watch && ((event: string) => watch(`${clock.now().toFixed(2)} ${event}`));
  const random = createRandom(plan.seed + 1);
  const faults = [createFaults(plan.toSlave), createFaults(plan.toMaster)] as const;
  const line = createTimedLine({
    clock,
    oneWayMs: plan.oneWayMs,
    jitter: 0.5,
    random: createRandom(plan.seed + 2),
    ...(plan.baudRate === null ? {} : { baudRate: plan.baudRate }),
    faults: { aToB: watched(faults[0], "master", tell), bToA: watched(faults[1], "slave", tell) },
  });
  const newPort = () => createRevocableLink(line.a.link);
  const port = newPort();
  return {
    clock,
    random,
    plan,
    faults,
    peer: createPeer(kind, line.b, createRandom(plan.seed + 3)),
    counts: createCounts(),
    failures: [],
    claims: [],
    tell: tell ?? (() => {}),
    master: createMaster(port.link, { clock }),
    port,
    newPort,
  };
}

/** Writes as they were made, and what the line made of them where that is not the same. */
function watched(
  faults: Faults,
  from: string,
  tell: ((event: string) => void) | undefined,
): Pick<Faults, "apply"> {
  if (tell === undefined) return faults;
  return {
    apply(bytes) {
      const pieces = faults.apply(bytes);
      const [first] = pieces;
      const isSame = pieces.length === 1 && first?.delayMs === 0 && hexOf(first.bytes) === hexOf(bytes);
      const became = pieces.map((piece) => `${hexOf(piece.bytes)} +${piece.delayMs.toFixed(1)}`).join(" | ");
      tell(`${from} ${hexOf(bytes)}${isSame ? "" : ` => ${became || "lost"}`}`);
      return pieces;
    },
  };
}

export function hexOf(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, 40)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length > 40 ? `${shown}… (${bytes.length})` : shown;
}
