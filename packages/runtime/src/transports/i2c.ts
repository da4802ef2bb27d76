/**
 * A link over I2C, this side as the master (controller): a put is one write transaction to the slave's
 * address, a get one read transaction of the same size. The `i2c-bus` package speaks to the kernel's i2c-dev
 * and is loaded when a link is opened; every transaction is asynchronous.
 */
import { access } from "node:fs/promises";
import { type Clock, systemClock } from "../clock.js";
import { createExactLink, type TransferOutcome } from "../link/exact-link.js";
import type { Link } from "../link/link.js";
import { readsAsNoAnswer } from "./all-equal.js";
import { briefPause } from "./brief-pause.js";
import { explainI2c, isLater, isTooLarge } from "./i2c-errors.js";
import { loadPackage } from "./load-package.js";
import { checkAborted, errnoOf, openError } from "./open-error.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export { type I2cSlaveOptions, openI2cSlave } from "./i2c-slave.js";

export interface I2cOptions {
  /** Number of the bus: 1 is `/dev/i2c-1`. */
  readonly bus: number;
  /** The slave's 7-bit address; 0x12 by default, as in the camera's library. */
  readonly address?: number;
  /** Also where a kernel driver has the address; false by default. */
  readonly forceAccess?: boolean;
  /** Comes back by itself after a failure; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

/** As much of the `i2c-bus` package as the link needs. */
export interface I2cPackage {
  openPromisified(bus: number, options?: { readonly forceAccess: boolean }): Promise<I2cBus>;
}

export interface I2cBus {
  i2cFuncs(): Promise<{ readonly i2c: boolean }>;
  i2cRead(address: number, length: number, buffer: Uint8Array): Promise<{ readonly bytesRead: number }>;
  i2cWrite(address: number, length: number, buffer: Uint8Array): Promise<{ readonly bytesWritten: number }>;
  close(): Promise<void>;
}

/** What may take the place of the package and of the host's clock: a model of the bus, virtual time. */
export interface I2cSurroundings {
  readonly load?: () => Promise<I2cPackage>;
  /** Whether the bus is still there. */
  readonly isThere?: (bus: number) => Promise<boolean>;
  readonly clock?: Clock;
}

const DEFAULT_ADDRESS = 0x12;
const LOWEST_ADDRESS = 0x08;
const HIGHEST_ADDRESS = 0x77;
/**
 * More is never one transaction: Linux's i2c-dev cuts it, and Node's write goes on with the rest at once, without
 * a pause between them and without a word. The camera's library moves up to 65,535 bytes in one.
 */
const LARGEST_TRANSACTION = 8192;
/** Gives the slave time to get ready, as the camera's library does. */
const PAUSE_BEFORE_MS = 0.1;
/** To ask again costs the slave nothing: its controller refuses by itself. */
const LONGEST_PAUSE_MS = 2;
/** So long the other side may take between two parts of one transfer, also when its time is over. */
const PART_PATIENCE_MS = 1000;

/** While transactions are refused, so often it is looked whether the bus is still there: not every driver says so. */
const LOOK_EVERY_MS = 100;

/** The kernel takes this away at once, and the bus itself only when nobody has it open. */
const isListed = (bus: number): Promise<boolean> =>
  access(`/sys/class/i2c-dev/i2c-${bus}`).then(
    () => true,
    () => false,
  );

const loadI2cBus = (): Promise<I2cPackage> => loadPackage<I2cPackage>("i2c-bus", "I2C");

/**
 * Opens the bus. Rejects with an `RpcError` of phase `open`: `missing-package` without `i2c-bus`,
 * `link-failure` with what the system said as its cause, `bad-argument` for an address that can't be.
 * Whether somebody answers at the address shows with the first call.
 */
export function openI2c(options: I2cOptions, surroundings: I2cSurroundings = {}): Promise<Link> {
  const { clock = systemClock } = surroundings;
  const { load = loadI2cBus, isThere = isListed } = surroundings;
  const tools = { load, isThere, clock };
  return withReconnect(({ signal }) => openOnce(options, tools, signal), options, clock);
}

async function openOnce(
  options: I2cOptions,
  { load, isThere, clock }: Required<I2cSurroundings>,
  signal: AbortSignal | undefined,
): Promise<Link> {
  const { bus: number, address = DEFAULT_ADDRESS, forceAccess = false } = options;
  if (!Number.isInteger(number) || number < 0) {
    throw openError("bad-argument", `an I2C bus is a whole number, not ${number}`);
  }
  if (!Number.isInteger(address) || address < LOWEST_ADDRESS || address > HIGHEST_ADDRESS) {
    throw openError("bad-argument", `an I2C address is from 0x08 to 0x77, not ${address}`);
  }
  checkAborted(signal);
  const i2c = await load();
  const place = { path: `/dev/i2c-${number}`, address };
  const bus = await openBus(i2c, number, forceAccess, place.path);
  try {
    const { i2c: hasTransfers } = await bus.i2cFuncs();
    if (!hasTransfers) {
      throw openError("link-failure", `${place.path}: this adapter speaks SMBus only, not plain I2C`);
    }
    checkAborted(signal);
  } catch (error) {
    await bus.close();
    throw explainI2c(error, place);
  }
  return createI2cLink(bus, place, { clock, isThere: () => isThere(number) });
}

async function openBus(i2c: I2cPackage, number: number, forceAccess: boolean, path: string): Promise<I2cBus> {
  try {
    return await i2c.openPromisified(number, { forceAccess });
  } catch (error) {
    throw explainI2c(error, { path, address: DEFAULT_ADDRESS });
  }
}

interface Place {
  readonly path: string;
  readonly address: number;
}

interface I2cTools {
  readonly clock: Clock;
  readonly isThere: () => Promise<boolean>;
}

function createI2cLink(bus: I2cBus, place: Place, { clock, isThere }: I2cTools): Link {
  /** What the adapter moves at once: learned from short and refused transactions. */
  let largest = LARGEST_TRANSACTION;
  let looksAgainAt = clock.now();

  async function throwIfGone(): Promise<void> {
    if (clock.now() < looksAgainAt) return;
    looksAgainAt = clock.now() + LOOK_EVERY_MS;
    if (!(await isThere()))
      throw openError("closed", `${place.path}: the adapter was unplugged or switched off`);
  }

  /** Moves all of `bytes`, in as many transactions as it takes. */
  async function transact(
    bytes: Uint8Array,
    one: (part: Uint8Array) => Promise<number>,
    until: number,
    signal?: AbortSignal,
  ): Promise<TransferOutcome> {
    let moved = 0;
    let movedAt = clock.now();
    /** The other side gets ready for the rest meanwhile; what has moved is not to be moved again. */
    const refused = (): TransferOutcome | null => {
      if (moved === 0) return "later";
      return clock.now() < Math.max(movedAt + PART_PATIENCE_MS, until) && !signal?.aborted ? null : "broken";
    };
    while (moved < bytes.length) {
      await briefPause(clock, PAUSE_BEFORE_MS, signal);
      if (signal?.aborted) return moved === 0 ? "later" : "broken";
      const part = bytes.subarray(moved, moved + largest);
      try {
        const count = await one(part);
        if (count > 0) {
          if (count < part.length) largest = count;
          moved += count;
          movedAt = clock.now();
          continue;
        }
      } catch (error) {
        if (isTooLarge(error) && part.length > 1) {
          largest = 2 ** Math.floor(Math.log2(part.length - 1));
          continue;
        }
        if (!isLater(error)) throw explainI2c(error, place);
      }
      await throwIfGone();
      const outcome = refused();
      if (outcome !== null) return outcome;
    }
    return "done";
  }

  return createExactLink({
    clock,
    traits: {
      streamDepth: 1,
      get largestTransfer() {
        return largest;
      },
    },
    async read(into, until, signal) {
      const buffer = Buffer.from(into.buffer, into.byteOffset, into.length);
      const one = async (part: Uint8Array) => {
        const at = part.byteOffset - into.byteOffset;
        const view = buffer.subarray(at, at + part.length);
        return (await bus.i2cRead(place.address, part.length, view)).bytesRead;
      };
      const outcome = await transact(into, one, until, signal);
      return outcome === "done" && readsAsNoAnswer(into) ? "later" : outcome;
    },
    async write(data, until, signal) {
      const one = async (part: Uint8Array) => {
        const view = Buffer.from(part.buffer, part.byteOffset, part.length);
        try {
          return (await bus.i2cWrite(place.address, part.length, view)).bytesWritten;
        } catch (error) {
          // The clock was held longer than the adapter waits: the bytes may have arrived. Sent again they
          // might arrive twice, so whether they did is left to the acknowledgement that follows.
          if (errnoOf(error) === "ETIMEDOUT") return part.length;
          throw error;
        }
      };
      return transact(data, one, until, signal);
    },
    wholeBytes: 1,
    missesSilently: () => false,
    longestPauseMs: LONGEST_PAUSE_MS,
    pause: (pauseMs, signal) => briefPause(clock, pauseMs, signal),
    close: () => bus.close(),
  });
}
