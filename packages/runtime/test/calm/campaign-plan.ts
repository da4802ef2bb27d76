/** Chance decides what an episode of a campaign is like: its resets, its serial line, its calls. All of it from one seed. */
import { createRandom, type FaultOptions, type Random } from "../../src/testing/index.js";

/** What can befall an episode on any link. */
export interface EpisodePlan {
  readonly seed: number;
  /** Chance before each call that the slave, the master, or both at once are reset while it runs. */
  readonly slaveRestartRate: number;
  readonly masterRestartRate: number;
  /** Chance before each call that the line dies for a while. */
  readonly deadRate: number;
}

export interface UartPlan extends EpisodePlan {
  readonly oneWayMs: number;
  readonly baudRate: number | null;
  readonly toSlave: FaultOptions;
  readonly toMaster: FaultOptions;
}

/** A rate that is nothing in half of all episodes, and up to `rate` in the others. */
export const sometimes = (random: Random, rate: number): number => (random() < 0.5 ? rate * random() : 0);

export function planEpisode(seed: number, random: Random): EpisodePlan {
  return {
    seed,
    slaveRestartRate: sometimes(random, 0.05),
    masterRestartRate: sometimes(random, 0.05),
    deadRate: sometimes(random, 0.02),
  };
}

const DELAYS_MS = [0, 0, 1, 4, 16];
const BAUD_RATES = [115_200, 921_600, null, null];
const FLIP_RATES = [0, 0, 1e-5, 1e-4, 1e-3];

export function planUart(seed: number): UartPlan {
  const random = createRandom(seed);
  const faults = (): FaultOptions => ({
    seed: Math.floor(random() * 2 ** 31),
    bitFlipRate: pick(random, FLIP_RATES),
    lossRate: sometimes(random, 0.1),
    gapRate: sometimes(random, 0.05),
    truncationRate: sometimes(random, 0.05),
    duplicateRate: sometimes(random, 0.1),
    noiseRate: sometimes(random, 0.1),
    delayRate: sometimes(random, 0.2),
    longestDelayMs: 50,
  });
  return {
    oneWayMs: pick(random, DELAYS_MS),
    baudRate: pick(random, BAUD_RATES),
    toSlave: faults(),
    toMaster: faults(),
    ...planEpisode(seed, random),
  };
}

export function pick<T>(random: Random, among: readonly T[]): T {
  return among[Math.floor(random() * among.length)] as T;
}

export type CallKind =
  | "echo"
  | "add"
  | "nothing"
  | "slow"
  | "idempotent"
  | "once"
  | "stream"
  | "unknown name";

const KINDS: readonly CallKind[] = [
  "echo",
  "echo",
  "echo",
  "add",
  "nothing",
  "slow",
  "idempotent",
  "idempotent",
  "once",
  "once",
  "stream",
  "unknown name",
];

export interface CallPlan {
  readonly kind: CallKind;
  /** Unlike any other argument of the episode; eight bytes of number and duration first, where there is room. */
  readonly argument: Uint8Array;
  /** When its signal aborts, ms after it was asked for; null: never. */
  readonly abortAfterMs: number | null;
  /** How many frames its consumer takes before it breaks off; infinity: all. */
  readonly takesFrames: number;
  readonly queueDepth: number;
}

export function planCall(random: Random, number: number): CallPlan {
  const kind = pick(random, KINDS);
  const durationMs = kind === "slow" ? pick(random, [20, 100, 300, 800]) : 0;
  const longer = random() < 0.03 ? 4096 : pick(random, [8, 8, 12, 40, 200]);
  const bytes = kind === "add" || kind === "stream" ? 8 : longer;
  return {
    kind,
    argument: argumentOf(kind, number, durationMs, bytes, random),
    abortAfterMs: random() < 0.08 ? random() * 60 : null,
    takesFrames: random() < 0.3 ? Math.floor(random() * 6) : Number.POSITIVE_INFINITY,
    queueDepth: pick(random, [1, 2, 4, 8]),
  };
}

function argumentOf(
  kind: CallKind,
  number: number,
  durationMs: number,
  bytes: number,
  random: Random,
): Uint8Array {
  const argument = new Uint8Array(bytes);
  const view = new DataView(argument.buffer);
  view.setUint32(0, number, true);
  view.setUint32(4, durationMs, true);
  if (kind === "stream") {
    view.setUint32(0, Math.floor(random() * 10), true);
    view.setUint32(4, number, true);
  } else if (kind === "add") view.setUint32(4, Math.floor(random() * 2 ** 31), true);
  for (let index = 8; index < bytes; index++) argument[index] = random() * 256;
  return argument;
}
