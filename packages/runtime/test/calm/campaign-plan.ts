/** Chance decides what an episode of a campaign is like: its line, its faults, its calls. All of it from one seed. */
import { createRandom, type FaultOptions, type Random } from "../../src/testing/index.js";

export interface EpisodePlan {
  readonly seed: number;
  readonly oneWayMs: number;
  readonly baudRate: number | null;
  readonly toSlave: FaultOptions;
  readonly toMaster: FaultOptions;
  /** Chance before each call that the slave, the master, or both at once are reset while it runs. */
  readonly slaveRestartRate: number;
  readonly masterRestartRate: number;
  /** Chance before each call that the line dies for a while. */
  readonly deadRate: number;
}

const DELAYS_MS = [0, 0, 1, 4, 16];
const BAUD_RATES = [115_200, 921_600, null, null];
const FLIP_RATES = [0, 0, 1e-5, 1e-4, 1e-3];

export function planEpisode(seed: number): EpisodePlan {
  const random = createRandom(seed);
  const sometimes = (rate: number) => (random() < 0.5 ? rate * random() : 0);
  const faults = (): FaultOptions => ({
    seed: Math.floor(random() * 2 ** 31),
    bitFlipRate: pick(random, FLIP_RATES),
    lossRate: sometimes(0.1),
    gapRate: sometimes(0.05),
    truncationRate: sometimes(0.05),
    duplicateRate: sometimes(0.1),
    noiseRate: sometimes(0.1),
    delayRate: sometimes(0.2),
    longestDelayMs: 50,
  });
  return {
    seed,
    oneWayMs: pick(random, DELAYS_MS),
    baudRate: pick(random, BAUD_RATES),
    toSlave: faults(),
    toMaster: faults(),
    slaveRestartRate: sometimes(0.05),
    masterRestartRate: sometimes(0.05),
    deadRate: sometimes(0.02),
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
