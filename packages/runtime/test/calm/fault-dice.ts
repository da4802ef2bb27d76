/** Chance out of a seed for one line's faults: says when one happens, and counts what happened. */
import { PACKET_OVERHEAD, readU16 } from "../../src/packet/packet.js";
import { createFaultCounts, isRight, MAGICS } from "../../src/testing/faults.js";
import { createRandom, type Random } from "../../src/testing/index.js";
import type { LineFaults } from "./campaign-line.js";

export interface FaultDice extends LineFaults {
  readonly random: Random;
  /** Whether the fault that the report calls `what` happens now; never on a good line. */
  happens(what: string, rate: number): boolean;
  /** Whether one is due that may find nothing to harm; where it did some harm, that is noted. */
  isDue(rate: number): boolean;
  noteFault(what: string): void;
  /** A number from 0 to below `below`. */
  whole(below: number): number;
  noteWrite(): void;
  /** So came what was sent as `original`, as long as the receiver takes it to be. */
  noteDamage(original: Uint8Array, arrived: Uint8Array): void;
}

/** Of all that is not what was sent, a 16-bit crc lets so much through. */
const UNDETECTED = 2 ** -16;

export function createFaultDice(seed: number): FaultDice {
  const random = createRandom(seed);
  const counts = createFaultCounts();
  const happened: Record<string, number> = {};
  const dice: FaultDice = {
    isGood: false,
    isDead: false,
    counts,
    happened,
    random,
    happens(what, rate) {
      if (!dice.isDue(rate)) return false;
      dice.noteFault(what);
      return true;
    },
    isDue: (rate) => !dice.isGood && rate > 0 && random() < rate,
    noteFault(what) {
      counts.harmed += 1;
      happened[what] = (happened[what] ?? 0) + 1;
    },
    whole: (below) => Math.floor(random() * below),
    noteWrite() {
      counts.writes += 1;
    },
    noteDamage(original, arrived) {
      if (!isPacket(original) || arrived.length < PACKET_OVERHEAD) return;
      if (readU16(arrived, 0) !== readU16(original, 0)) return;
      // Another copy of it may have filled the gap.
      if (arrived.length === original.length && arrived.every((byte, at) => byte === original[at])) return;
      counts.damagedPackets += 1;
      counts.expectedUndetected += UNDETECTED;
      if (isPacket(arrived)) counts.undetectedPackets += 1;
    },
  };
  return dice;
}

export function isPacket(bytes: Uint8Array): boolean {
  return bytes.length >= PACKET_OVERHEAD && MAGICS.has(readU16(bytes, 0)) && isRight(bytes, 0, bytes.length);
}
