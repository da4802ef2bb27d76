/** The recorded exchanges of stock peers, as `test/conformance/` at the root holds them, in a form to compare. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type Direction = "m2s" | "s2m";

export interface RecordedBytes {
  readonly dir: Direction;
  readonly t_ms: number;
  /** As sent. */
  readonly hex: string;
  /** As it arrived, where the line changed it; empty: lost. */
  readonly delivered_hex?: string;
}

export interface RecordedCall {
  readonly name: string;
  readonly data_hex: string;
  readonly send_timeout?: number;
  readonly result_hex?: string | null;
}

export interface Exchange {
  readonly name: string;
  readonly call: RecordedCall;
  /** What the caller got; null: it gave up. */
  readonly result_hex: string | null;
  readonly next_call?: RecordedCall;
  readonly third_call?: RecordedCall;
  readonly stream?: {
    readonly direction: Direction;
    readonly queue_depth: number;
    readonly frames_hex: readonly string[];
  };
  readonly bytes: readonly RecordedBytes[];
}

export interface Deviation {
  readonly exchange: string;
  readonly peer: string;
  readonly rule: string;
  readonly reason: string;
}

export interface Vectors {
  readonly hash: readonly {
    readonly name: string;
    readonly all_utf8_bytes: number;
    readonly agree: boolean;
  }[];
  readonly crc16: readonly { readonly data_hex: string; readonly crc16: number }[];
  readonly packets: readonly {
    readonly magic: number;
    readonly payload_hex: string;
    readonly packet_hex: string;
  }[];
  readonly stream_tokens_lfsr: readonly number[];
}

const FOLDER = fileURLToPath(new URL("../../../../test/conformance/", import.meta.url));
const readJson = (path: string): unknown => JSON.parse(readFileSync(FOLDER + path, "utf8"));

/** Those over UART. */
export function readExchanges(): Exchange[] {
  const names = readdirSync(`${FOLDER}exchanges`).filter((name) => !/^(can|i2c|spi)_/.test(name));
  return names.map((name) => readJson(`exchanges/${name}`) as Exchange);
}

export function readDeviations(peer: string): Deviation[] {
  return (readJson("deviations.json") as Deviation[]).filter((deviation) => deviation.peer === peer);
}

export const readVectors = () => readJson("vectors.json") as Vectors;

export const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
export const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const STREAM_SETUP = "f6ed";
const EMPTY_RESULT = "ba1d552f";

export interface Sent {
  readonly dir: Direction;
  readonly hex: string;
}

/**
 * Runs of equal repeats counted as one: how often a peer tries again is timing. In a stream nobody tries
 * again, so equal frames there are as many as they are.
 */
export function withoutRepeats<T extends Sent>(all: readonly T[]): T[] {
  const setupAt = all.findIndex(({ hex }) => setupIn(hex) >= 0);
  const isOfStream = (index: number) => setupAt >= 0 && index > setupAt;
  return all.filter((each, index) => index === 0 || isOfStream(index) || !isSame(each, all[index - 1]));
}

/** Where the setup of a stream starts: in a write of its own, or behind the empty result in one read. */
function setupIn(hex: string): number {
  if (hex.startsWith(STREAM_SETUP)) return 0;
  return hex.startsWith(EMPTY_RESULT + STREAM_SETUP) ? EMPTY_RESULT.length : -1;
}

export function isSame(one: Sent, other: Sent | undefined): boolean {
  return one.dir === other?.dir && one.hex === other.hex;
}

/**
 * What was sent, in its order, as one string for each change of direction; how bytes fall into writes is
 * timing. From the setup of a stream on both sides talk at once, so there each direction is one string.
 */
export function inOrder(all: readonly Sent[]): string[] {
  const turns: Sent[] = [];
  const stream: Record<Direction, string> = { m2s: "", s2m: "" };
  let isStream = false;
  for (const { dir, hex } of withoutRepeats(all)) {
    const last = turns.at(-1);
    const setupAt = setupIn(hex);
    if (isStream) stream[dir] += hex;
    else if (setupAt >= 0) {
      isStream = true;
      stream[dir] += hex.slice(setupAt);
      if (setupAt > 0) turns.push({ dir, hex: hex.slice(0, setupAt) });
    } else if (last?.dir === dir) turns[turns.length - 1] = { dir, hex: last.hex + hex };
    else turns.push({ dir, hex });
  }
  const spoken = turns.map(({ dir, hex }) => `${dir} ${hex}`);
  return isStream ? [...spoken, `stream m2s ${stream.m2s}`, `stream s2m ${stream.s2m}`] : spoken;
}
