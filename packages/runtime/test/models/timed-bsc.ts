/**
 * The I2C slave of a Raspberry Pi in virtual time, as the pigpio daemon shows it, and its end of a modelled bus: two
 * FIFOs of 16 bytes that a program looks at now and then. It acknowledges always; with an empty FIFO it gives zeros.
 */
import type { Clock } from "../../src/clock.js";
import type { BscPeripheral } from "../../src/transports/pigpio-bsc.js";
import type { TimedI2cTarget } from "./timed-i2c-bus.js";

export interface TimedBsc {
  readonly target: TimedI2cTarget;
  readonly peripheral: BscPeripheral;
}

const FIFO_BYTES = 16;
/** To the daemon and back. */
const LOOK_MS = 0.1;
/** A program that waits for something looks more often. */
const LOOKED_AT_MS = 1;

export function createTimedBsc(clock: Clock): TimedBsc {
  let transmit: number[] = [];
  let received: number[] = [];
  let isBusy = false;
  let lookedAt = 0;
  const look = async () => {
    await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
    lookedAt = clock.now();
  };
  return {
    target: {
      accepts() {
        isBusy = true;
        return true;
      },
      isReadyFor: () => true,
      // A look goes on as long as the bus is busy. Where nobody looks the FIFO runs over.
      take(bytes) {
        const isLookedAt = clock.now() - lookedAt < LOOKED_AT_MS;
        received.push(...(isLookedAt ? bytes : bytes.subarray(0, FIFO_BYTES - received.length)));
        return bytes.length;
      },
      give: (length) => {
        const bytes = new Uint8Array(length);
        bytes.set(transmit.splice(0, length));
        return bytes;
      },
      stop() {
        isBusy = false;
      },
    },
    peripheral: {
      async transfer(bytes) {
        await look();
        const fits = bytes.subarray(0, FIFO_BYTES - transmit.length);
        transmit.push(...fits);
        const came = Uint8Array.from(received);
        received = [];
        return { copied: fits.length, isTransmitEmpty: transmit.length === 0, isBusy, received: came };
      },
      async clear() {
        await look();
        transmit = [];
        received = [];
      },
      close: async () => {},
    },
  };
}
