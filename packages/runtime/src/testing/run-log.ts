/** What a modelled slave ran, and how often: the truth behind what a master reports. */

export interface RunLog {
  /** Runs of all functions. */
  readonly total: number;
  note(name: string, argument: Uint8Array, at: number): void;
  /** How often `name` ran with these bytes; without them, how often it ran at all. */
  runs(name: string, argument?: Uint8Array): number;
  /** When it last ran with these bytes, on the clock's scale; null if it never did. */
  lastRunAt(name: string, argument: Uint8Array): number | null;
  /** Forgets single runs (not the totals): for campaigns of millions. */
  forget(): void;
}

export function createRunLog(): RunLog {
  const byName = new Map<string, number>();
  const byCall = new Map<string, { count: number; lastAt: number }>();
  let total = 0;
  return {
    get total() {
      return total;
    },
    note(name, argument, at) {
      total += 1;
      byName.set(name, (byName.get(name) ?? 0) + 1);
      const key = keyOf(name, argument);
      const call = byCall.get(key);
      if (call === undefined) byCall.set(key, { count: 1, lastAt: at });
      else {
        call.count += 1;
        call.lastAt = at;
      }
    },
    runs(name, argument) {
      if (argument === undefined) return byName.get(name) ?? 0;
      return byCall.get(keyOf(name, argument))?.count ?? 0;
    },
    lastRunAt: (name, argument) => byCall.get(keyOf(name, argument))?.lastAt ?? null,
    forget: () => byCall.clear(),
  };
}

/** Long arguments are named by two sums over them: 64 bits, so that no two of a campaign's are alike. */
function keyOf(name: string, argument: Uint8Array): string {
  let sum = 0x811c9dc5;
  let mixed = 5381;
  for (const byte of argument) {
    sum = Math.imul(sum ^ byte, 0x01000193);
    mixed = (Math.imul(mixed, 33) + byte) | 0;
  }
  return `${name} ${argument.length} ${sum} ${mixed}`;
}
