/**
 * A campaign's I2C bus: addresses and bytes that are not acknowledged, a clock held for longer than the adapter waits,
 * reads of all equal bytes, adapters unplugged. Our slave is the one on a Raspberry Pi; the stock one is a board.
 */
import { createRandom } from "../../src/testing/index.js";
import { openI2c } from "../../src/transports/i2c.js";
import { openI2cSlave } from "../../src/transports/i2c-slave.js";
import { createStockI2c } from "../models/stock-i2c.js";
import { createTimedBsc } from "../models/timed-bsc.js";
import {
  createTimedI2cBus,
  type I2cSpoilt,
  type I2cTransfer,
  type TimedI2cBus,
} from "../models/timed-i2c-bus.js";
import { faultsOf, RECONNECT, unplugSometimes } from "./campaign-bus.js";
import type { CampaignLine, LineOptions } from "./campaign-line.js";
import { pick, planEpisode, sometimes } from "./campaign-plan.js";
import { createFaultDice, type FaultDice } from "./fault-dice.js";

const ADDRESS = 0x12;
const BITS_PER_MS = [100, 100, 400];
const HELD_MS = [5, 25, 100];

interface I2cRates {
  readonly address: number;
  readonly byte: number;
  readonly held: number;
  readonly equal: number;
  readonly unplugged: number;
}

export async function openI2cLine({ clock, seed, peer, tell }: LineOptions): Promise<CampaignLine> {
  const random = createRandom(seed);
  const bitsPerMs = pick(random, BITS_PER_MS);
  const rates: I2cRates = {
    address: sometimes(random, 0.2),
    byte: sometimes(random, 0.05),
    held: sometimes(random, 0.03),
    equal: sometimes(random, 0.1),
    unplugged: sometimes(random, 0.0003),
  };
  const plan = planEpisode(seed, random);
  const dice = createFaultDice(Math.floor(random() * 2 ** 31));
  const ours = peer === "ours" ? createTimedBsc(clock) : null;
  const board = ours === null ? createStockI2c(clock) : null;
  const bus: TimedI2cBus = createTimedI2cBus({
    clock,
    bitsPerMs,
    address: ADDRESS,
    target: (ours ?? (board as NonNullable<typeof board>)).target,
    spoiler: {
      spoil(transfer) {
        dice.noteWrite();
        unplugSometimes(bus, { clock, dice, device: "adapter", rate: rates.unplugged, tell });
        const spoilt = spoil(transfer, dice, rates);
        if (tell !== undefined) {
          tell(`${transfer.op} of ${transfer.length}${spoilt === null ? "" : ` ${JSON.stringify(spoilt)}`}`);
        }
        return spoilt;
      },
      noteSpoilt: (spoilt, transfer) => dice.noteFault(nameOf(spoilt, transfer)),
    },
  });
  const master = await openI2c(
    { bus: 1, address: ADDRESS, reconnect: RECONNECT },
    { load: async () => bus.package, isThere: async () => !bus.isUnplugged, clock },
  );
  const slaveLink =
    ours === null
      ? null
      : await openI2cSlave({ address: ADDRESS }, { clock, open: async () => ours.peripheral });
  return {
    plan,
    master,
    slave:
      slaveLink !== null
        ? { kind: "ours", link: slaveLink }
        : { kind: "stock", openPort: () => (board as NonNullable<typeof board>).openPort() },
    // A Raspberry Pi acknowledges whatever comes, heard or not: as on SPI, a forgotten result may be held to its end.
    recoveryLimitMs: peer === "ours" ? 1500 : 1000,
    faults: [faultsOf(dice, bus)],
    async close() {
      await slaveLink?.close();
    },
  };
}

function spoil({ op, length }: I2cTransfer, dice: FaultDice, rates: I2cRates): I2cSpoilt | null {
  if (dice.isDue(rates.address)) return { kind: "not acknowledged", bytes: 0 };
  if (op === "write" && dice.isDue(rates.byte)) {
    return { kind: "not acknowledged", bytes: dice.whole(length) };
  }
  const reachesTarget = dice.random() < 0.5;
  if (dice.isDue(rates.held)) {
    return { kind: "clock held", heldMs: pick(dice.random, HELD_MS), reachesTarget };
  }
  if (op === "read" && dice.isDue(rates.equal)) {
    return { kind: "all equal", value: pick(dice.random, [0, 0xff]), reachesTarget };
  }
  return null;
}

/** As reports call it. */
function nameOf(spoilt: I2cSpoilt, { op }: I2cTransfer): string {
  if (spoilt.kind === "clock held") return `clocks held in a ${op}`;
  if (spoilt.kind === "all equal") return "reads of all equal bytes";
  return spoilt.bytes > 0 ? "bytes not acknowledged" : "addresses not acknowledged";
}
