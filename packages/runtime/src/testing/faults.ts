/**
 * What a bad line does to the bytes that are written to it, in one direction, out of a seed: the same writes come out
 * the same every time. A timed line takes it as it is; `createFaultyLink` puts it on any link.
 */
import { crc16 } from "../packet/crc16.js";
import { Magic, PACKET_OVERHEAD, readU16 } from "../packet/packet.js";
import { chanceOfPassing } from "./crc-chance.js";
import { createRandom, type Random } from "./seeded-random.js";

/** Rates are chances from 0 to 1, 0 by default; of each write where nothing else is said. */
export interface FaultOptions {
  readonly seed: number;
  /** The whole write is lost. */
  readonly lossRate?: number;
  /** A run of bytes inside it is lost. */
  readonly gapRate?: number;
  /** Its end is lost. */
  readonly truncationRate?: number;
  /** It comes twice. */
  readonly duplicateRate?: number;
  /** Of each bit: it turns over. 1e-3 is a very bad line, 1e-5 one that seems good. */
  readonly bitFlipRate?: number;
  /** Bytes that nobody sent come before it, 1 to `longestNoiseBytes` (32 by default) of them. */
  readonly noiseRate?: number;
  readonly longestNoiseBytes?: number;
  /** It comes up to `longestDelayMs` (50 by default) late. Nothing overtakes it. */
  readonly delayRate?: number;
  readonly longestDelayMs?: number;
}

export interface FaultCounts {
  readonly writes: number;
  /** Writes that something happened to. */
  readonly harmed: number;
  readonly flippedBits: number;
  /** Packets in which bits were flipped. */
  readonly damagedPackets: number;
  /**
   * How many of them a 16-bit crc lets through by its nature, as `crc-chance.ts` reckons it.
   */
  readonly expectedUndetected: number;
  /** Damaged packets whose crc is right all the same: no peer can know. */
  readonly undetectedPackets: number;
}

export interface Faults {
  /** Nothing happens to any write while this is true; false at first. */
  isGood: boolean;
  /** Every write is lost while this is true, good line or not. */
  isDead: boolean;
  readonly counts: FaultCounts;
  /** What becomes of one write: pieces in their order, each so much late. `bytes` is not kept. */
  apply(bytes: Uint8Array): readonly FaultyPiece[];
}

export interface FaultyPiece {
  readonly bytes: Uint8Array;
  readonly delayMs: number;
}

type Counts = { -readonly [name in keyof FaultCounts]: number };

/** All of them 0. */
export const createFaultCounts = (): Counts => ({
  writes: 0,
  harmed: 0,
  flippedBits: 0,
  damagedPackets: 0,
  expectedUndetected: 0,
  undetectedPackets: 0,
});

export function createFaults(options: FaultOptions): Faults {
  const random = createRandom(options.seed);
  const flips = createFlips(options.bitFlipRate ?? 0, random);
  const counts = createFaultCounts();
  const happens = (rate: number | undefined) => rate !== undefined && rate > 0 && random() < rate;
  const whole = (below: number) => Math.floor(random() * below);

  function cut(bytes: Uint8Array): Uint8Array {
    let left = bytes;
    if (happens(options.truncationRate)) left = left.subarray(0, whole(left.length));
    if (happens(options.gapRate)) {
      const from = whole(left.length);
      const to = from + 1 + whole(left.length - from);
      const kept = new Uint8Array(from + Math.max(0, left.length - to));
      kept.set(left.subarray(0, from));
      kept.set(left.subarray(to), from);
      left = kept;
    }
    return left;
  }

  function harm(bytes: Uint8Array): readonly FaultyPiece[] {
    const delayMs = happens(options.delayRate) ? random() * (options.longestDelayMs ?? 50) : 0;
    const pieces: FaultyPiece[] = [];
    if (happens(options.noiseRate)) {
      const noise = new Uint8Array(1 + whole(options.longestNoiseBytes ?? 32)).map(() => whole(256));
      pieces.push({ bytes: noise, delayMs });
    }
    for (let times = happens(options.duplicateRate) ? 2 : 1; times > 0; times--) {
      const copy = bytes.slice();
      countFlips(copy, bytes, flips(copy), counts);
      if (!happens(options.lossRate)) pieces.push({ bytes: cut(copy), delayMs });
    }
    return pieces.filter((piece) => piece.bytes.length > 0);
  }

  const faults: Faults = {
    isGood: false,
    isDead: false,
    counts,
    apply(bytes) {
      counts.writes += 1;
      if (faults.isDead) {
        counts.harmed += 1;
        return [];
      }
      if (faults.isGood) return [{ bytes: bytes.slice(), delayMs: 0 }];
      const pieces = harm(bytes);
      const [first] = pieces;
      if (pieces.length !== 1 || first === undefined || !isUnharmed(first, bytes)) counts.harmed += 1;
      return pieces;
    },
  };
  return faults;
}

function isUnharmed(piece: FaultyPiece, bytes: Uint8Array): boolean {
  return (
    piece.delayMs === 0 &&
    piece.bytes.length === bytes.length &&
    piece.bytes.every((byte, index) => byte === bytes[index])
  );
}

/** Turns bits of what it is given and returns where (bit numbers). It draws the distances between flips, not each bit. */
function createFlips(rate: number, random: Random): (bytes: Uint8Array) => readonly number[] {
  if (rate <= 0) return () => [];
  const nextDistance = () => Math.floor(Math.log(1 - random()) / Math.log(1 - rate));
  let distance = nextDistance();
  return (bytes) => {
    const flipped: number[] = [];
    const bits = bytes.length * 8;
    for (; distance < bits; distance += 1 + nextDistance()) {
      bytes[distance >> 3] = (bytes[distance >> 3] as number) ^ (1 << (distance & 7));
      flipped.push(distance);
    }
    distance -= bits;
    return flipped;
  };
}

/** Counts the flips packet by packet: a crc is right or wrong for each of them. */
function countFlips(
  copy: Uint8Array,
  original: Uint8Array,
  flipped: readonly number[],
  counts: Counts,
): void {
  if (flipped.length === 0) return;
  counts.flippedBits += flipped.length;
  for (const { start, end } of packetsOf(original)) {
    const inside = flipped.filter((bit) => bit >= start * 8 && bit < end * 8).length;
    if (inside === 0) continue;
    counts.damagedPackets += 1;
    counts.expectedUndetected += chanceOfPassing(end - start, inside);
    if (isRight(copy, start, end)) counts.undetectedPackets += 1;
  }
}

export const MAGICS: ReadonlySet<number> = new Set<number>(Object.values(Magic));
/** Acknowledgements and requests, what carries one number, command headers. */
const SHORT_PACKETS = [12, 8, 4];

/** Where the packets of a write are: short ones by their crc, then a long one to its end. */
function packetsOf(write: Uint8Array): readonly { readonly start: number; readonly end: number }[] {
  const packets: { start: number; end: number }[] = [];
  let start = 0;
  while (start + PACKET_OVERHEAD <= write.length && MAGICS.has(readU16(write, start))) {
    const size = SHORT_PACKETS.find((length) => isRight(write, start, start + length));
    const end = size === undefined ? write.length : start + size;
    if (!isRight(write, start, end)) break;
    packets.push({ start, end });
    start = end;
  }
  return packets;
}

/** Whether the crc at the end of those bytes is theirs, whatever their magic. */
export function isRight(bytes: Uint8Array, start: number, end: number): boolean {
  if (end > bytes.length) return false;
  return crc16(bytes, undefined, start, end - 2) === readU16(bytes, end - 2);
}
