/**
 * A campaign's CAN bus: frames that receivers lose, that come in wrong lengths, of strangers with other ids and with
 * ours, controllers that go off the bus, interfaces taken down, a bus that is cut and delivers later.
 */
import type { Link } from "../../src/index.js";
import { createRandom, type VirtualClock } from "../../src/testing/index.js";
import { openCan } from "../../src/transports/can.js";
import type { CanMessage } from "../../src/transports/can-channel.js";
import { createStockCan } from "../models/stock-can.js";
import {
  type CanComputer,
  type CanNode,
  createTimedCanBus,
  type TimedCanBus,
} from "../models/timed-can-bus.js";
import { faultsOf, RECONNECT } from "./campaign-bus.js";
import type { CampaignLine, LineOptions, SlaveEnd } from "./campaign-line.js";
import { pick, planEpisode, sometimes } from "./campaign-plan.js";
import { createDamageWatch } from "./damage-watch.js";
import { createFaultDice, type FaultDice } from "./fault-dice.js";
import { hexOf } from "./hex-of.js";

const MESSAGE_ID = 0x7ff;
const FRAME_BYTES = 8;
const BIT_RATES = [250_000, 250_000, 500_000, 1_000_000];
const QUEUE_LENGTHS = [10, 100, 1000];
/** As `restart-ms 100` of the documentation has it. */
const RESTART_MS = 100;
const LONGEST_DOWN_MS = 300;

interface CanRates {
  readonly lost: number;
  readonly wrongLength: number;
  readonly foreign: number;
  readonly ownIdStranger: number;
  readonly busOff: number;
  readonly down: number;
}

export async function openCanLine({ clock, seed, peer, tell }: LineOptions): Promise<CampaignLine> {
  const random = createRandom(seed);
  const bitRate = pick(random, BIT_RATES);
  const queueLength = pick(random, QUEUE_LENGTHS);
  const rates: CanRates = {
    lost: sometimes(random, 0.02),
    wrongLength: sometimes(random, 0.02),
    foreign: sometimes(random, 0.2),
    ownIdStranger: sometimes(random, 0.01),
    busOff: sometimes(random, 0.001),
    down: sometimes(random, 0.0005),
  };
  const plan = planEpisode(seed, random);
  const dice = createFaultDice(Math.floor(random() * 2 ** 31));
  const bus: TimedCanBus = createTimedCanBus({ clock, bitRate, alter });
  const computer = bus.computer();
  const other = peer === "ours" ? bus.computer() : null;
  const computers = other === null ? [computer] : [computer, other];
  for (const each of computers) each.queueLength = queueLength;
  const watches = {
    master: createDamageWatch(dice, FRAME_BYTES),
    slave: createDamageWatch(dice, FRAME_BYTES),
  };

  /** What comes out of the bus for a frame, and what befalls the controllers meanwhile. */
  function alter(message: CanMessage, from: CanNode): readonly CanMessage[] {
    dice.noteWrite();
    const came = harmed(message, dice, rates);
    befall(clock, dice, computers, rates, tell);
    const data = came.filter(isOurs).flatMap((each) => [...each.data]);
    watches[from === computer ? "master" : "slave"].sent(message.data, Uint8Array.from(data));
    if (tell !== undefined) {
      const isSame = came.length === 1 && came[0] === message;
      const became = came.map(({ id, data: bytes }) => `${id.toString(16)} ${hexOf(bytes)}`).join(" | ");
      tell(`${from.name} ${hexOf(message.data)}${isSame ? "" : ` => ${became || "lost"}`}`);
    }
    return came;
  }

  const master = await open(computer, bitRate, clock);
  const slaveLink = other === null ? null : await open(other, bitRate, clock);
  const board = other === null ? bus.board() : null;
  const slave: SlaveEnd =
    slaveLink !== null
      ? { kind: "ours", link: slaveLink }
      : {
          kind: "stock",
          openPort: () =>
            createStockCan({ clock, board: board as NonNullable<typeof board>, messageId: MESSAGE_ID }),
        };
  return {
    plan,
    master,
    slave,
    recoveryLimitMs: 1000,
    faults: [faultsOf(dice, bus, tell)],
    async close() {
      await slaveLink?.close();
    },
  };
}

const open = (computer: CanComputer, bitRate: number, clock: VirtualClock): Promise<Link> =>
  openCan(
    { interface: "can0", bitRate, messageId: MESSAGE_ID, reconnect: RECONNECT },
    { load: async () => computer.package, system: computer.system, clock },
  );

const isOurs = ({ id, ext, rtr, err }: CanMessage): boolean => id === MESSAGE_ID && !ext && !rtr && !err;

/** Frames as the receivers get them. */
function harmed(message: CanMessage, dice: FaultDice, rates: CanRates): readonly CanMessage[] {
  const came: CanMessage[] = [];
  if (dice.happens("frames of strangers, other ids", rates.foreign)) came.push(stranger(dice));
  if (dice.happens("frames of strangers, our id", rates.ownIdStranger)) {
    came.push({ id: MESSAGE_ID, data: noise(dice) });
  }
  if (dice.happens("frames lost", rates.lost)) return came;
  if (dice.happens("frames of a wrong length", rates.wrongLength))
    return [...came, ...misshapen(message, dice)];
  came.push(message);
  return came;
}

const noise = (dice: FaultDice): Uint8Array => new Uint8Array(1 + dice.whole(8)).map(() => dice.whole(256));

function stranger(dice: FaultDice): CanMessage {
  const data = noise(dice);
  return pick(dice.random, [
    { id: dice.whole(MESSAGE_ID), data },
    { id: MESSAGE_ID, ext: true, data },
    { id: 0x1800_07ff, ext: true, data },
    { id: MESSAGE_ID, rtr: true, data },
    // An error frame of a class that is no bus-off.
    { id: 0x4, err: true, data: new Uint8Array(8) },
  ]);
}

/** Its end lost, in two pieces, or with bytes behind it. */
function misshapen(message: CanMessage, dice: FaultDice): readonly CanMessage[] {
  const { data } = message;
  const cut = dice.whole(data.length);
  const parts = pick(dice.random, [
    [data.subarray(0, cut)],
    [data.subarray(0, cut), data.subarray(cut)],
    [Uint8Array.of(...data, ...noise(dice)).subarray(0, FRAME_BYTES)],
  ]);
  return parts.map((part) => ({ ...message, data: part }));
}

function befall(
  clock: VirtualClock,
  dice: FaultDice,
  computers: readonly CanComputer[],
  rates: CanRates,
  tell: LineOptions["tell"],
): void {
  if (dice.isDue(rates.busOff)) {
    const computer = pick(dice.random, computers);
    tell?.(`${computer.name} off the bus`);
    if (computer.goBusOff(RESTART_MS)) dice.noteFault("controllers off the bus");
  }
  if (dice.isDue(rates.down)) {
    const computer = pick(dice.random, computers);
    tell?.(`${computer.name} down`);
    if (computer.goDown(dice.random() < 0.7)) dice.noteFault("interfaces taken down");
    clock.after(dice.random() * LONGEST_DOWN_MS, () => {
      tell?.(`${computer.name} up`);
      computer.goUp();
    });
  }
}
