/** What stays in memory, looked at after everything that can go has gone. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

export interface MemoryWatch {
  /** Notes what is held now. */
  sample(): void;
  /** Bytes held, at each sample. */
  readonly samples: readonly number[];
  /** How much the last third of the samples holds more than the first third after the first one, bytes; the medians are compared. */
  grownBytes(): number;
}

export function createMemoryWatch(): MemoryWatch {
  const samples: number[] = [];
  return {
    samples,
    sample() {
      collectGarbage();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      samples.push(heapUsed + arrayBuffers);
    },
    grownBytes() {
      // The first sample is from before code was compiled and buffers had grown to what they need.
      const settled = samples.slice(1);
      const third = Math.max(1, Math.floor(settled.length / 3));
      return median(settled.slice(-third)) - median(settled.slice(0, third));
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** What keeps the process alive, counted by kind: compare before and after. */
export function activeResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** What keeps the process alive and was not there before, by kind. */
export function newSince(before: Readonly<Record<string, number>>): Record<string, number> {
  const left: Record<string, number> = {};
  for (const [kind, count] of Object.entries(activeResources())) {
    const more = count - (before[kind] ?? 0);
    if (more > 0) left[kind] = more;
  }
  return left;
}
