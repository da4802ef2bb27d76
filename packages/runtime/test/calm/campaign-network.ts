/**
 * A campaign's network: datagrams lost, doubled, late and overtaking each other, an interface that is down; connections
 * that are reset in the middle of a message, deliver half of one and the rest later, or go on to nowhere without a word;
 * dials that are refused or take long, or all refused. Bytes of one connection keep their order and are never damaged.
 */
import type { Link } from "../../src/index.js";
import { createRandom, type Random, type VirtualClock } from "../../src/testing/index.js";
import { openMasterEnd, openSlaveEnd } from "../../src/transports/network-link.js";
import type { Sockets } from "../../src/transports/sockets.js";
import { dialTcp, openTcpSlave } from "../../src/transports/tcp.js";
import { createStockNetwork } from "../models/stock-network.js";
import { createTimedNetwork, type NetworkWeather, type TimedNetwork } from "../models/timed-network.js";
import type { WriteFate } from "../models/timed-tcp.js";
import { faultsOf, RECONNECT } from "./campaign-bus.js";
import type { CampaignLine, LineFaults, LineOptions } from "./campaign-line.js";
import { type EpisodePlan, pick, planEpisode, sometimes } from "./campaign-plan.js";
import { createFaultDice, type FaultDice } from "./fault-dice.js";
import { hexOf } from "./hex-of.js";

const MASTER = "10.0.0.1";
const SLAVE = "10.0.0.2";
const PORT = 0x1dba;
const ONE_WAY_MS = [0.1, 0.1, 1, 5, 20];
const LONGEST_LATE_MS = 50;
/** A segment that was lost is sent again after this; if that is lost too, after twice as much again. */
const RETRANSMITTED_MS = 200;
const TIMES_LOST = [1, 1, 3];
const LONGEST_DIAL_MS = 3000;
const LONGEST_SILENCE_MS = 20_000;
const LONGEST_DOWN_MS = 300;
/** A stock slave that holds a result listens to nothing else for a second, and each of its reads may then miss a try. */
const STOCK_RECOVERY_MS = 3000;
/** A dial that the dead line swallowed is given up after a second. */
const RECOVERY_MS = 1300;
/** A slave that can't connect is waited for once, for 3.5 s, whenever the link was opened anew. */
const BARRED_RECOVERY_MS = 4600;
const BARRED_EVERY = 8;
const DOWN_ERRNOS = ["ENETUNREACH", "ENETDOWN", "EHOSTUNREACH", "ECONNREFUSED"];

interface NetworkRates {
  readonly lost: number;
  readonly doubled: number;
  readonly late: number;
  readonly down: number;
  readonly cut: number;
  readonly retransmitted: number;
  readonly reset: number;
  readonly vanished: number;
  readonly refused: number;
  readonly slowDial: number;
}

interface Surroundings {
  readonly random: Random;
  readonly dice: FaultDice;
  readonly network: TimedNetwork;
  readonly master: Sockets;
  readonly slave: Sockets;
}

/** UDP up to 1,400 bytes and TCP beyond, as the former library. */
export async function openNetworkLine(options: LineOptions): Promise<CampaignLine> {
  const { clock } = options;
  const isBarred = options.peer !== "stock" && options.seed % BARRED_EVERY === BARRED_EVERY - 1;
  const { random, dice, network, ...hosts } = surroundings(options, isBarred);
  const plan = planEpisode(options.seed, random);
  const slave =
    options.peer === "stock"
      ? null
      : await openSlaveEnd(
          { myIp: SLAVE, port: PORT, reconnect: RECONNECT },
          { clock, sockets: hosts.slave },
        );
  const master = await openMasterEnd(
    { slaveIp: SLAVE, myIp: MASTER, port: PORT, reconnect: RECONNECT },
    { clock, sockets: hosts.master },
  );
  const faults = faultsOfNetwork(dice, network, options.tell);
  const masterDied = () => network.endConnections(MASTER);
  if (slave !== null) {
    const limitMs = isBarred ? BARRED_RECOVERY_MS : RECOVERY_MS;
    return { ...lineOf(plan, master, slave, limitMs, faults), masterDied };
  }
  const openPort = () => createStockNetwork({ clock, sockets: hosts.slave, address: SLAVE, port: PORT });
  return {
    plan,
    master,
    slave: { kind: "stock", openPort },
    recoveryLimitMs: STOCK_RECOVERY_MS,
    masterDied,
    faults: [faults],
    close: async () => {},
  };
}

/** One connection, that the slave listens for. */
export async function openTcpLine(options: LineOptions): Promise<CampaignLine> {
  const { clock } = options;
  const { random, dice, network, ...hosts } = surroundings(options, false);
  const plan = planEpisode(options.seed, random);
  const opening = openTcpSlave({ host: SLAVE, port: PORT, reconnect: true }, { clock, sockets: hosts.slave });
  dice.isGood = true;
  const master = await dialTcp(
    { host: SLAVE, port: PORT, reconnect: RECONNECT },
    { clock, sockets: hosts.master },
  );
  const slave = await opening;
  dice.isGood = false;
  // What was written while the line was dead is sent again after twice the time that it waited before.
  const faults = faultsOfNetwork(dice, network, options.tell);
  const masterDied = () => network.endConnections(MASTER);
  return { ...lineOf(plan, master, slave, 2600, faults), masterDied };
}

function lineOf(
  plan: EpisodePlan,
  master: Link,
  slave: Link,
  recoveryLimitMs: number,
  faults: LineFaults,
): CampaignLine {
  return {
    plan,
    master,
    slave: { kind: "ours", link: slave },
    checksBytes: true,
    recoveryLimitMs,
    faults: [faults],
    async close() {
      // The master first: it would dial again and again.
      await master.close();
      await slave.close();
    },
  };
}

/** A firewall keeps some slaves of the network from connecting: then they are spoken to by datagrams. */
function surroundings({ clock, seed, tell, peer }: LineOptions, isBarred: boolean): Surroundings {
  // What is told again by datagram when the next call has begun can't be told from the next call's there.
  const isDoubledLate = peer !== "stock" && !isBarred;
  const random = createRandom(seed);
  const oneWayMs = pick(random, ONE_WAY_MS);
  const rates: NetworkRates = {
    lost: sometimes(random, 0.1),
    doubled: sometimes(random, 0.1),
    late: sometimes(random, 0.1),
    down: sometimes(random, 0.001),
    cut: sometimes(random, 0.3),
    retransmitted: sometimes(random, 0.05),
    reset: sometimes(random, 0.02),
    vanished: sometimes(random, 0.005),
    refused: sometimes(random, 0.3),
    slowDial: sometimes(random, 0.3),
  };
  const dice = createFaultDice(Math.floor(random() * 2 ** 31));
  const down = new Map<string, string>();
  const weather: NetworkWeather = {
    datagram(bytes, from) {
      dice.noteWrite();
      const fate = fateOfDatagram(clock, dice, rates, down, from, isDoubledLate);
      tell?.(`${from} ${hexOf(bytes)} by UDP${toldOf(fate)}`);
      return fate;
    },
    noteOvertaking: () => dice.noteFault("datagrams overtaken"),
    dial() {
      const fate = isBarred ? ({ kind: "refused" } as const) : fateOfDial(dice, rates);
      tell?.(`dial ${JSON.stringify(fate)}`);
      return fate;
    },
    write(bytes, from) {
      dice.noteWrite();
      const fate = fateOfWrite(bytes, dice, rates);
      tell?.(`${from.name} ${hexOf(bytes)} by TCP ${JSON.stringify(fate)}`);
      return fate;
    },
  };
  const network = createTimedNetwork({ clock, oneWayMs, weather });
  return { random, dice, network, master: network.host(MASTER), slave: network.host(SLAVE) };
}

const toldOf = (fate: ReturnType<NetworkWeather["datagram"]>): string =>
  "errno" in fate || fate.length !== 1 || fate[0] !== 0 ? ` => ${JSON.stringify(fate)}` : "";

function fateOfDatagram(
  clock: VirtualClock,
  dice: FaultDice,
  rates: NetworkRates,
  down: Map<string, string>,
  from: string,
  isDoubledLate: boolean,
): readonly number[] | { readonly errno: string } {
  if (dice.isDue(rates.down)) {
    if (!down.has(from)) dice.noteFault("interfaces down");
    down.set(from, pick(dice.random, DOWN_ERRNOS));
    clock.after(dice.random() * LONGEST_DOWN_MS, () => down.delete(from));
  }
  const errno = down.get(from);
  if (errno !== undefined && !dice.isGood) return { errno };
  if (dice.happens("datagrams lost", rates.lost)) return [];
  const lateMs = () => (dice.happens("datagrams late", rates.late) ? dice.random() * LONGEST_LATE_MS : 0);
  const firstMs = lateMs();
  if (!dice.happens("datagrams doubled", rates.doubled)) return [firstMs];
  return [firstMs, isDoubledLate ? dice.random() * LONGEST_LATE_MS : firstMs];
}

function fateOfDial(dice: FaultDice, rates: NetworkRates): ReturnType<NetworkWeather["dial"]> {
  if (dice.happens("dials refused", rates.refused)) return { kind: "refused" };
  const isSlow = dice.happens("dials that take long", rates.slowDial);
  return { kind: "accepted", lateMs: isSlow ? dice.random() * LONGEST_DIAL_MS : 0 };
}

function fateOfWrite(bytes: Uint8Array, dice: FaultDice, rates: NetworkRates): WriteFate {
  const cut = dice.whole(bytes.length + 1);
  if (dice.happens("connections reset in a message", rates.reset)) return { kind: "reset", bytes: cut };
  if (dice.happens("connections that go on to nowhere", rates.vanished)) {
    const [writerAfterMs, readerAfterMs] = [silence(dice), silence(dice)];
    return { kind: "vanishes", bytes: cut, writerAfterMs, readerAfterMs };
  }
  if (dice.happens("segments lost and sent again", rates.retransmitted)) {
    const lateMs = RETRANSMITTED_MS * pick(dice.random, TIMES_LOST);
    return {
      kind: "arrives",
      pieces: [
        { bytes: cut, lateMs: 0 },
        { bytes: bytes.length - cut, lateMs },
      ],
    };
  }
  if (dice.random() >= rates.cut) return { kind: "arrives", pieces: [{ bytes: bytes.length, lateMs: 0 }] };
  const pieces = [cut, bytes.length - cut].map((length) => ({ bytes: length, lateMs: dice.random() }));
  return { kind: "arrives", pieces };
}

const silence = (dice: FaultDice): number => dice.random() * LONGEST_SILENCE_MS;

/** On a good line a host that is spoken to over a connection which went to nowhere says that it knows nothing of it. */
function faultsOfNetwork(dice: FaultDice, network: TimedNetwork, tell: LineOptions["tell"]): LineFaults {
  let isGood = false;
  const faults = faultsOf(dice, network, tell);
  return Object.defineProperty(faults, "isGood", {
    get: () => isGood,
    set(value: boolean) {
      isGood = value;
      if (value) network.forgetVanished();
    },
  });
}
