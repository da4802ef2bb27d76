/** A master's link on the model of an I2C or SPI bus, and the slave's at its other end. */
import { type Clock, systemClock } from "../../src/clock.js";
import type { Link } from "../../src/link/link.js";
import { type I2cOptions, openI2c } from "../../src/transports/i2c.js";
import { openSpi, type SpiOptions } from "../../src/transports/spi.js";
import { createExactTarget, type ExactTarget } from "./exact-target.js";
import type { I2cBusModel } from "./i2c-bus.js";
import type { SpiBusModel } from "./spi-bus.js";

export interface TargetOptions {
  readonly clock?: Clock;
  /** Whether a transaction of this length may be a part of a longer one; any other that is too short ends it. */
  readonly isPart?: (length: number) => boolean;
}

export const openI2cMaster = (
  bus: I2cBusModel,
  options: Partial<I2cOptions> = {},
  clock: Clock = systemClock,
): Promise<Link> =>
  openI2c({ bus: 1, ...options }, { load: async () => bus.package, isThere: async () => bus.isThere, clock });

export const openSpiMaster = (
  bus: SpiBusModel,
  options: Partial<SpiOptions> = {},
  clock: Clock = systemClock,
): Promise<Link> =>
  openSpi(
    { bus: 0, device: 0, ...options },
    { load: async () => bus.package, bufferBytes: async () => bus.bufferBytes, clock },
  );

/** Puts a slave on the bus; its link. */
export function joinI2c(bus: I2cBusModel, options: TargetOptions = {}): Link {
  const target = targetOf(options);
  bus.target = { onWrite: (bytes) => target.take(bytes) === bytes.length, onRead: target.give };
  return target.link;
}

export function joinSpi(bus: SpiBusModel, options: TargetOptions = {}): Link {
  const target = targetOf(options);
  bus.target = target;
  return target.link;
}

const targetOf = ({ clock = systemClock, isPart = () => true }: TargetOptions): ExactTarget =>
  createExactTarget(clock, isPart);
