/** What a campaign counts, episode by episode and in sum. */
import type { Executed } from "../../src/index.js";
import type { FaultCounts } from "../../src/testing/index.js";

export interface EpisodeCounts {
  calls: number;
  answered: number;
  /** Answers that were wrong after a crc had let a damaged packet through. */
  wrongByCollision: number;
  /** Calls during which that happened: what they say can't be held against them. */
  judgedAfterCollision: number;
  /** Calls that ran once more because the slave was reset in between and knew nothing of the first time. */
  twiceAcrossRestart: number;
  slaveRestarts: number;
  masterRestarts: number;
  framesRead: number;
  /** Frames whose bytes were damaged: frames have no crc, so no peer can know. */
  framesDamaged: number;
  /** Frames that the line lost whole or doubled, which a stream without numbers can't notice. */
  framesMissing: number;
  framesDoubled: number;
  expectedUndetected: number;
  undetectedPackets: number;
  damagedPackets: number;
  harmedWrites: number;
  writes: number;
  readonly errors: Record<string, number>;
  /** Faults of the link's own kinds. */
  readonly happened: Record<string, number>;
  readonly recoveriesMs: number[];
  addError(code: string, executed: Executed): void;
  addRecovery(ms: number): void;
  addFaults(counts: FaultCounts, happened: Readonly<Record<string, number>>): void;
  add(other: EpisodeCounts): void;
}

export function createCounts(): EpisodeCounts {
  const counts: EpisodeCounts = {
    calls: 0,
    answered: 0,
    wrongByCollision: 0,
    judgedAfterCollision: 0,
    twiceAcrossRestart: 0,
    slaveRestarts: 0,
    masterRestarts: 0,
    framesRead: 0,
    framesDamaged: 0,
    framesMissing: 0,
    framesDoubled: 0,
    expectedUndetected: 0,
    undetectedPackets: 0,
    damagedPackets: 0,
    harmedWrites: 0,
    writes: 0,
    errors: {},
    happened: {},
    recoveriesMs: [],
    addError(code, executed) {
      const key = `${code}, executed: ${executed}`;
      counts.errors[key] = (counts.errors[key] ?? 0) + 1;
    },
    addRecovery(ms) {
      counts.recoveriesMs.push(ms);
    },
    addFaults(faults, happened) {
      addTo(counts.happened, happened);
      counts.expectedUndetected += faults.expectedUndetected;
      counts.undetectedPackets += faults.undetectedPackets;
      counts.damagedPackets += faults.damagedPackets;
      counts.harmedWrites += faults.harmed;
      counts.writes += faults.writes;
    },
    add(other) {
      for (const [name, value] of Object.entries(other)) {
        const key = name as keyof EpisodeCounts;
        if (typeof value === "number") (counts[key] as number) += value;
      }
      addTo(counts.errors, other.errors);
      addTo(counts.happened, other.happened);
      counts.recoveriesMs.push(...other.recoveriesMs);
    },
  };
  return counts;
}

function addTo(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(more)) sum[key] = (sum[key] ?? 0) + count;
}
