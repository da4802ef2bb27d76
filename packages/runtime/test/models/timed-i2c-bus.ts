/**
 * An I2C bus in virtual time as the `i2c-bus` package shows it: every transaction takes as long as its bits, a target
 * that is not there or not ready does not acknowledge its address, and one that has had enough does not acknowledge
 * the byte after it. What a transaction comes to may be spoilt.
 */
import type { Clock } from "../../src/clock.js";
import type { I2cBus, I2cPackage } from "../../src/transports/i2c.js";
import { systemError } from "./i2c-bus.js";

export interface I2cTransfer {
  readonly op: "read" | "write";
  readonly length: number;
}

/** What becomes of a transaction; `asked` runs it at the target, or it never got that far. */
export interface I2cSpoiler {
  /** Null: nothing special. */
  spoil(transfer: I2cTransfer): I2cSpoilt | null;
  /** It made a difference: the adapter was there, the bus whole, and the target would have taken part. */
  noteSpoilt(spoilt: I2cSpoilt, transfer: I2cTransfer): void;
}

export type I2cSpoilt =
  /** The address, or the byte after `bytes`, is not acknowledged. */
  | { readonly kind: "not acknowledged"; readonly bytes: number }
  /** The clock is held for longer than the adapter waits; the target has had all bytes, or none of them. */
  | { readonly kind: "clock held"; readonly heldMs: number; readonly reachesTarget: boolean }
  /** The line reads as one value; the target believes to have said its bytes, or was not asked. */
  | { readonly kind: "all equal"; readonly value: number; readonly reachesTarget: boolean };

export interface TimedI2cTarget {
  /** A transaction begins: false does not acknowledge the address. */
  accepts(op: "read" | "write"): boolean;
  /** Whether it would, asked from beside the bus. */
  isReadyFor(op: "read" | "write"): boolean;
  /** Bytes of a write, once they are through; how many were acknowledged. */
  take(bytes: Uint8Array): number;
  /** Puts bytes on the line in steps of at most so many; missing ones read as ones. */
  give(length: number): Uint8Array;
  /** A transaction has ended. */
  stop(): void;
}

export interface TimedI2cBusOptions {
  readonly clock: Clock;
  readonly bitsPerMs: number;
  readonly address: number;
  readonly target: TimedI2cTarget;
  readonly spoiler: I2cSpoiler;
}

export interface TimedI2cBus {
  readonly package: I2cPackage;
  /** Nothing reaches the target, nothing comes back. */
  isCut: boolean;
  /** The adapter is not there: transactions and openings fail. */
  isUnplugged: boolean;
}

const BITS_PER_BYTE = 9;
/** A target gives its bytes piece by piece, as long as its own buffer is. */
const STEP_BYTES = 8;
/** What a line with nobody on it reads as. */
const IDLE = 0xff;
/** Of i2c-dev. */
const MOST_BYTES = 8192;

export function createTimedI2cBus(options: TimedI2cBusOptions): TimedI2cBus {
  const { clock, bitsPerMs, address, target, spoiler } = options;
  const bus: TimedI2cBus = { package: { openPromisified }, isCut: false, isUnplugged: false };
  const pass = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const passBytes = (count: number) => pass((count * BITS_PER_BYTE) / bitsPerMs);

  /** A bus that is cut and an adapter that is gone can't be spoilt any further. */
  function spoil(transfer: I2cTransfer): I2cSpoilt | null {
    const spoilt = spoiler.spoil(transfer);
    if (spoilt === null || bus.isCut || bus.isUnplugged) return null;
    if (target.isReadyFor(transfer.op)) spoiler.noteSpoilt(spoilt, transfer);
    return spoilt;
  }

  async function begin(op: "read" | "write", to: number): Promise<void> {
    if (bus.isUnplugged) throw systemError("ENODEV");
    await passBytes(1);
    if (bus.isCut || to !== address || !target.accepts(op)) throw systemError("ENXIO");
  }

  async function write(to: number, length: number, buffer: Uint8Array): Promise<number> {
    const bytes = Uint8Array.from(buffer.subarray(0, Math.min(length, MOST_BYTES)));
    const spoilt = spoil({ op: "write", length: bytes.length });
    await begin("write", to);
    if (spoilt?.kind === "not acknowledged") {
      await passBytes(spoilt.bytes);
      if (spoilt.bytes > 0) target.take(bytes.subarray(0, spoilt.bytes));
      target.stop();
      throw systemError("EREMOTEIO");
    }
    await passBytes(bytes.length);
    const isReached = spoilt?.kind !== "clock held" || spoilt.reachesTarget;
    const taken = isReached ? target.take(bytes) : 0;
    target.stop();
    if (spoilt?.kind === "clock held") {
      await pass(spoilt.heldMs);
      throw systemError("ETIMEDOUT");
    }
    if (taken < bytes.length) throw systemError("EREMOTEIO");
    return bytes.length;
  }

  async function read(to: number, length: number, buffer: Uint8Array): Promise<number> {
    const count = Math.min(length, MOST_BYTES);
    const spoilt = spoil({ op: "read", length: count });
    if (spoilt?.kind === "all equal" && !spoilt.reachesTarget) {
      await passBytes(count);
      buffer.fill(spoilt.value, 0, count);
      return count;
    }
    if (spoilt?.kind === "not acknowledged") {
      await passBytes(1);
      throw systemError("EREMOTEIO");
    }
    await begin("read", to);
    if (spoilt?.kind !== "clock held" || spoilt.reachesTarget) {
      for (let at = 0; at < count; at += STEP_BYTES) {
        const step = Math.min(STEP_BYTES, count - at);
        await passBytes(step);
        const given = target.give(step);
        buffer.fill(IDLE, at, at + step);
        buffer.set(given, at);
      }
      target.stop();
    }
    if (spoilt?.kind === "clock held") {
      await pass(spoilt.heldMs);
      throw systemError("ETIMEDOUT");
    }
    if (spoilt?.kind === "all equal") buffer.fill(spoilt.value, 0, count);
    return count;
  }

  async function openPromisified(): Promise<I2cBus> {
    if (bus.isUnplugged) throw systemError("ENOENT");
    return {
      i2cFuncs: async () => ({ i2c: true }),
      i2cRead: async (to, length, buffer) => ({ bytesRead: await read(to, length, buffer) }),
      i2cWrite: async (to, length, buffer) => ({ bytesWritten: await write(to, length, buffer) }),
      close: async () => {},
    };
  }

  return bus;
}
