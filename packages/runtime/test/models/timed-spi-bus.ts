/**
 * An SPI bus in virtual time as the `spi-device` package shows it: every transfer takes as long as its bits. Nobody says
 * whether a slave listens; the line then reads as zeros. What the slave gets of a frame may be spoilt.
 */
import type { Clock } from "../../src/clock.js";
import type { SpiDevice, SpiPackage, SpiTransfer } from "../../src/transports/spi-bus.js";
import { systemError } from "./i2c-bus.js";

export interface TimedSpiSlave {
  /** Whether a transfer waits to be clocked. */
  readonly isArmed: boolean;
  /** What the master clocks out for what it gets; null where no transfer is armed. May be shorter than what came. */
  clock(bytes: Uint8Array): Uint8Array | null;
}

export type SpiSpoilt =
  /** The slave is busy with something else, and has no part in the frame. */
  | { readonly kind: "not ready" }
  /** The slave misses the first byte of the frame, and is one behind from there on. */
  | { readonly kind: "shifted" }
  /** The line reads as one value. */
  | { readonly kind: "all equal"; readonly value: number };

export interface TimedSpiBusOptions {
  readonly clock: Clock;
  readonly slave: TimedSpiSlave;
  /** What becomes of the next transfer of so many bytes; null: nothing special. */
  readonly spoil: (length: number) => SpiSpoilt | null;
  /** It made a difference: the bus was whole and the slave ready. */
  readonly noteSpoilt: (spoilt: SpiSpoilt) => void;
}

export interface TimedSpiBus {
  readonly package: SpiPackage;
  isCut: boolean;
  isUnplugged: boolean;
}

const BITS_PER_BYTE = 8;
const US_PER_MS = 1000;

export function createTimedSpiBus({ clock, slave, spoil, noteSpoilt }: TimedSpiBusOptions): TimedSpiBus {
  const bus: TimedSpiBus = {
    package: {
      open(_bus, _device, options, done): SpiDevice {
        queueMicrotask(() => done(bus.isUnplugged ? systemError("ENOENT") : null));
        return {
          transfer(message, transferred) {
            run(message, options.maxSpeedHz).then(
              () => transferred(null),
              (error: Error) => transferred(error),
            );
          },
          close: (closed) => queueMicrotask(() => closed(null)),
        };
      },
    },
    isCut: false,
    isUnplugged: false,
  };
  return bus;

  async function run(message: readonly SpiTransfer[], maxSpeedHz: number): Promise<void> {
    for (const part of message) {
      if (bus.isUnplugged) throw systemError("ENODEV");
      const { byteLength, sendBuffer, receiveBuffer, microSecondDelay = 0, speedHz = maxSpeedHz } = part;
      const out = Uint8Array.from(sendBuffer?.subarray(0, byteLength) ?? new Uint8Array(byteLength));
      // Whether the slave is ready shows when the clock begins.
      const given = byteLength === 0 ? null : cross(out);
      const bitsMs = (byteLength * BITS_PER_BYTE * 1000) / speedHz;
      await new Promise<void>((resolve) => void clock.after(bitsMs + microSecondDelay / US_PER_MS, resolve));
      if (receiveBuffer === undefined) continue;
      receiveBuffer.fill(0, 0, byteLength);
      if (given !== null) receiveBuffer.set(given.subarray(0, byteLength));
    }
  }

  function cross(out: Uint8Array): Uint8Array | null {
    const spoilt = spoil(out.length);
    if (bus.isCut) return null;
    if (spoilt !== null && slave.isArmed) noteSpoilt(spoilt);
    if (spoilt?.kind === "not ready") return null;
    if (spoilt?.kind === "shifted") {
      const given = slave.clock(out.subarray(1));
      return given === null ? null : Uint8Array.of(0, ...given);
    }
    const given = slave.clock(out);
    return spoilt?.kind === "all equal" ? new Uint8Array(out.length).fill(spoilt.value) : given;
  }
}
