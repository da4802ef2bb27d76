/** A campaign's serial line: bytes that are lost, doubled, flipped and late, as `campaign-plan.ts` draws it. */
import {
  createFaults,
  createRandom,
  createStockUart,
  createTimedLine,
  type Faults,
  type LineEnd,
} from "../../src/testing/index.js";
import type { CampaignLine, LineOptions, PeerKind, SlaveEnd } from "./campaign-line.js";
import { planUart } from "./campaign-plan.js";
import { hexOf } from "./hex-of.js";

/** What a board's receive buffer holds. */
const RECEIVE_BYTES = 64;

export async function openUartLine({ clock, seed, peer, tell }: LineOptions): Promise<CampaignLine> {
  const plan = planUart(seed);
  const faults = [createFaults(plan.toSlave), createFaults(plan.toMaster)] as const;
  const line = createTimedLine({
    clock,
    oneWayMs: plan.oneWayMs,
    jitter: 0.5,
    random: createRandom(seed + 2),
    ...(plan.baudRate === null ? {} : { baudRate: plan.baudRate }),
    faults: { aToB: watched(faults[0], "master", tell), bToA: watched(faults[1], "slave", tell) },
  });
  return {
    plan,
    master: line.a.link,
    slave: uartSlaveEnd(peer, line.b),
    recoveryLimitMs: 1000,
    faults: faults.map((each) => Object.assign(each, { happened: {} })),
    close: async () => {},
  };
}

export function uartSlaveEnd(peer: PeerKind, end: LineEnd): SlaveEnd {
  if (peer === "ours") return { kind: "ours", link: end.link };
  return {
    kind: "stock",
    openPort: (random) => createStockUart({ end, random, receiveBytes: RECEIVE_BYTES }),
  };
}

/** Writes as they were made, and what the line made of them where that is not the same. */
function watched(
  faults: Faults,
  from: string,
  tell: ((event: string) => void) | undefined,
): Pick<Faults, "apply"> {
  if (tell === undefined) return faults;
  return {
    apply(bytes) {
      const pieces = faults.apply(bytes);
      const [first] = pieces;
      const isSame = pieces.length === 1 && first?.delayMs === 0 && hexOf(first.bytes) === hexOf(bytes);
      const became = pieces.map((piece) => `${hexOf(piece.bytes)} +${piece.delayMs.toFixed(1)}`).join(" | ");
      tell(`${from} ${hexOf(bytes)}${isSame ? "" : ` => ${became || "lost"}`}`);
      return pieces;
    },
  };
}
