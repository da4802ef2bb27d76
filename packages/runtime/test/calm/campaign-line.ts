/** What a campaign's calls go over: one kind of link with its two ends, and what is done to it. */
import type { Link } from "../../src/index.js";
import type { FaultCounts, Random, StockPort, VirtualClock } from "../../src/testing/index.js";
import { openCanLine } from "./campaign-can.js";
import { openI2cLine } from "./campaign-i2c.js";
import { openNetworkLine, openTcpLine } from "./campaign-network.js";
import type { EpisodePlan } from "./campaign-plan.js";
import { openSpiLine } from "./campaign-spi.js";
import { openUartLine } from "./campaign-uart.js";

export type PeerKind = "ours" | "stock";

export interface CampaignLine {
  /** How often either side is reset and the line dies. */
  readonly plan: EpisodePlan;
  readonly master: Link;
  readonly slave: SlaveEnd;
  readonly faults: readonly LineFaults[];
  /** What comes over a connection is checked below: no frame of a stream may be damaged, missing or doubled. */
  readonly checksBytes?: true;
  /** From the moment when the line is good until a call must be answered, ms. */
  readonly recoveryLimitMs: number;
  /** The master's program was killed, and its system ends what it had open. On other lines nothing tells of it. */
  masterDied?(): void;
  /** Once the peers are done. */
  close(): Promise<void>;
}

/** Our slave takes a link; the modelled stock one reads as its library does. */
export type SlaveEnd =
  | { readonly kind: "ours"; readonly link: Link }
  | { readonly kind: "stock"; readonly openPort: (random: Random) => StockPort };

/** One source of faults; a line may have several. */
export interface LineFaults {
  /** Nothing happens while this is true. */
  isGood: boolean;
  /** Nothing gets through while this is true, good line or not. */
  isDead: boolean;
  readonly counts: FaultCounts;
  /** How often each kind of fault happened, by what the report calls it. */
  readonly happened: Readonly<Record<string, number>>;
}

export interface LineOptions {
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly peer: PeerKind;
  /** Told of what goes over the line and what becomes of it. */
  readonly tell: ((event: string) => void) | undefined;
}

const openers = {
  uart: { open: openUartLine, peers: ["ours", "stock"] },
  can: { open: openCanLine, peers: ["ours", "stock"] },
  i2c: { open: openI2cLine, peers: ["ours", "stock"] },
  spi: { open: openSpiLine, peers: ["ours", "stock"] },
  network: { open: openNetworkLine, peers: ["ours", "stock"] },
  tcp: { open: openTcpLine, peers: ["ours"] },
} as const satisfies Record<
  string,
  { open(options: LineOptions): Promise<CampaignLine>; peers: readonly PeerKind[] }
>;

export type LinkKind = keyof typeof openers;
export const LINK_KINDS = Object.keys(openers) as LinkKind[];

/** The slaves that there are of a link kind. */
export const peersOf = (link: LinkKind): readonly PeerKind[] => openers[link].peers;

export const openLine = (link: LinkKind, options: LineOptions): Promise<CampaignLine> =>
  openers[link].open(options);
