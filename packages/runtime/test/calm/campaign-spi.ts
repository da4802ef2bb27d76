/**
 * A campaign's SPI bus: a slave that is not ready, frames that it gets shifted by a byte, a line that reads as all equal
 * bytes, controllers unplugged.
 */
import { createRandom } from "../../src/testing/index.js";
import { openSpi } from "../../src/transports/spi.js";
import { openSpiSlave } from "../../src/transports/spi-slave.js";
import { createSpiSlaveEnd, createStockSpi, startTimedWorker } from "../models/spi-slave-end.js";
import { createTimedSpiBus, type SpiSpoilt, type TimedSpiBus } from "../models/timed-spi-bus.js";
import { faultsOf, RECONNECT, unplugSometimes } from "./campaign-bus.js";
import type { CampaignLine, LineOptions } from "./campaign-line.js";
import { pick, planEpisode, sometimes } from "./campaign-plan.js";
import { createFaultDice, type FaultDice } from "./fault-dice.js";

const SPEEDS_HZ = [1_000_000, 1_000_000, 4_000_000];
/**
 * A request for a forgotten result that finds the slave not ready is lost without a word, so it may be held to its end:
 * a second. The header that comes after that may have to be said a few times.
 */
const RECOVERY_LIMIT_MS = 1500;
/** A stock slave that missed a request holds its result to the end, and the call after that may meet the next one so. */
const STOCK_RECOVERY_LIMIT_MS = 2500;
const MASTER_BUFFER_BYTES = 4096;
const SLAVE_BUFFER_BYTES = 2 ** 20;

/** As reports call them. */
const NAMES: Readonly<Record<SpiSpoilt["kind"], string>> = {
  "not ready": "slaves not ready",
  shifted: "frames shifted by a byte",
  "all equal": "frames read as all equal bytes",
};

interface SpiRates {
  readonly notReady: number;
  readonly shifted: number;
  readonly equal: number;
  readonly unplugged: number;
}

export async function openSpiLine({ clock, seed, peer, tell }: LineOptions): Promise<CampaignLine> {
  const random = createRandom(seed);
  const speedHz = pick(random, SPEEDS_HZ);
  const rates: SpiRates = {
    notReady: sometimes(random, 0.1),
    shifted: sometimes(random, 0.03),
    equal: sometimes(random, 0.05),
    unplugged: sometimes(random, 0.0003),
  };
  const plan = planEpisode(seed, random);
  const dice = createFaultDice(Math.floor(random() * 2 ** 31));
  const end = createSpiSlaveEnd();
  const bus: TimedSpiBus = createTimedSpiBus({
    clock,
    slave: end,
    spoil(length) {
      dice.noteWrite();
      unplugSometimes(bus, { clock, dice, device: "controller", rate: rates.unplugged, tell });
      const spoilt = spoil(dice, rates);
      if (tell !== undefined)
        tell(`transfer of ${length}${spoilt === null ? "" : ` ${JSON.stringify(spoilt)}`}`);
      return spoilt;
    },
    noteSpoilt: ({ kind }) => dice.noteFault(NAMES[kind]),
  });
  const master = await openSpi(
    { bus: 0, device: 0, speedHz, reconnect: RECONNECT },
    { load: async () => bus.package, bufferBytes: async () => MASTER_BUFFER_BYTES, clock },
  );
  const slaveLink =
    peer === "ours"
      ? await openSpiSlave(
          { bus: 0, device: 0 },
          {
            start: () => startTimedWorker(end, clock),
            bufferBytes: async () => SLAVE_BUFFER_BYTES,
            clock,
          },
        )
      : null;
  return {
    plan,
    master,
    slave:
      slaveLink !== null
        ? { kind: "ours", link: slaveLink }
        : { kind: "stock", openPort: () => createStockSpi(end, clock) },
    recoveryLimitMs: peer === "ours" ? RECOVERY_LIMIT_MS : STOCK_RECOVERY_LIMIT_MS,
    faults: [faultsOf(dice, bus)],
    async close() {
      await slaveLink?.close();
    },
  };
}

function spoil(dice: FaultDice, rates: SpiRates): SpiSpoilt | null {
  if (dice.isDue(rates.notReady)) return { kind: "not ready" };
  if (dice.isDue(rates.shifted)) return { kind: "shifted" };
  if (dice.isDue(rates.equal)) return { kind: "all equal", value: pick(dice.random, [0, 0xff]) };
  return null;
}
