/**
 * A model of an I2C bus as the `i2c-bus` package shows it: i2c-dev's own limit of 8,192 bytes, adapters that
 * allow less, addresses that nobody acknowledges. The target is joined by two functions; where it is not ready
 * its address is not acknowledged.
 */
import { type Clock, sleep } from "../../src/clock.js";
import type { I2cBus, I2cPackage } from "../../src/transports/i2c.js";

export interface I2cTarget {
  /** A write transaction: true if the target takes it. */
  onWrite(bytes: Uint8Array): boolean | Promise<boolean>;
  /** A read transaction: what the target puts on the line, or null where it does not acknowledge. */
  onRead(length: number): Uint8Array | null | Promise<Uint8Array | null>;
}

export interface I2cBusModel {
  readonly package: I2cPackage;
  target: I2cTarget | null;
  readonly address: number;
  /** Every transaction that was acknowledged. */
  readonly transactions: { readonly op: "read" | "write"; readonly length: number }[];
  /** What the adapter moves at once; more is refused as the kernel's quirks do. */
  adapterBytes: number;
  /** The next transactions fail with these errors. */
  readonly failures: string[];
  smbusOnly: boolean;
  /** False: unplugged. Some drivers then only say EIO. */
  isThere: boolean;
  openBuses: number;
  /** The most transactions that ever ran at once. */
  mostAtOnce: number;
}

/** i2c-dev cuts every transaction at this size and says how much it moved. */
const I2C_DEV_BYTES = 8192;
/** 100 kHz, nine bits for a byte. */
const BYTES_PER_MS = 11;

export const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: from the model`), { code });

/** With a clock a transaction takes its time on it, else none. */
export function createI2cBus(
  options: { readonly address?: number; readonly clock?: Clock } = {},
): I2cBusModel {
  let running = 0;
  const model: I2cBusModel = {
    package: { openPromisified },
    target: null,
    address: options.address ?? 0x12,
    transactions: [],
    adapterBytes: Number.POSITIVE_INFINITY,
    failures: [],
    smbusOnly: false,
    isThere: true,
    openBuses: 0,
    mostAtOnce: 0,
  };
  return model;

  async function openPromisified(number: number): Promise<I2cBus> {
    if (number !== 1) throw systemError("ENOENT");
    model.openBuses += 1;
    return {
      i2cFuncs: async () => ({ i2c: !model.smbusOnly }),
      i2cRead: (address, length, buffer) =>
        transact("read", address, length, async (count) => {
          const bytes = (await model.target?.onRead(count)) ?? null;
          if (bytes === null) return false;
          buffer.set(bytes);
          return true;
        }).then((bytesRead) => ({ bytesRead })),
      i2cWrite: async (address, length, buffer) => ({
        bytesWritten: await writeAll(address, buffer.subarray(0, length)),
      }),
      async close() {
        model.openBuses -= 1;
      },
    };
  }

  /** As Node writes: what was cut goes out at once, and of a failure on the way only the part before is told. */
  async function writeAll(address: number, bytes: Uint8Array): Promise<number> {
    let written = 0;
    while (written < bytes.length) {
      const rest = bytes.subarray(written);
      try {
        written += await transact("write", address, rest.length, async (count) => {
          return model.target?.onWrite(Uint8Array.from(rest.subarray(0, count))) ?? false;
        });
      } catch (error) {
        if (written === 0) throw error;
        break;
      }
    }
    return written;
  }

  async function transact(
    op: "read" | "write",
    address: number,
    length: number,
    move: (count: number) => Promise<boolean>,
  ): Promise<number> {
    running += 1;
    model.mostAtOnce = Math.max(model.mostAtOnce, running);
    const isThere = address === model.address;
    // An address that nobody acknowledges is a byte.
    const tookMs = Math.min(isThere ? length : 1, I2C_DEV_BYTES) / BYTES_PER_MS;
    await (options.clock === undefined ? Promise.resolve() : sleep(options.clock, tookMs));
    running -= 1;
    const failure = model.failures.shift();
    if (failure !== undefined) throw systemError(failure);
    const count = Math.min(length, I2C_DEV_BYTES);
    if (count > model.adapterBytes) throw systemError("EOPNOTSUPP");
    if (address !== model.address || !(await move(count))) throw systemError("ENXIO");
    model.transactions.push({ op, length: count });
    return count;
  }
}
