/** The recorded exchanges of stock peers, as `test/conformance/` at the root holds them. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../../test/conformance/", import.meta.url));

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
}

export interface Exchange {
  readonly name: string;
  readonly call: RecordedCall;
  /** What the caller got; null: it gave up. */
  readonly result_hex: string | null;
  readonly next_call?: RecordedCall & { readonly result_hex: string | null };
  readonly third_call?: RecordedCall & { readonly result_hex: string | null };
  readonly executions?: number;
  readonly stream?: {
    readonly direction: Direction;
    readonly queue_depth: number;
    readonly frames_hex: readonly string[];
  };
  readonly bytes: readonly RecordedBytes[];
}

/** A place where one of our peers differs from the recording on purpose. */
export interface Deviation {
  readonly exchange: string;
  readonly peer: string;
  readonly rule: string;
  readonly reason: string;
}

/** Those over UART. */
export function readExchanges(): Exchange[] {
  const names = readdirSync(`${FOLDER}exchanges`).filter((name) => !/^(can|i2c|spi)_/.test(name));
  return names.map((name) => JSON.parse(readFileSync(`${FOLDER}exchanges/${name}`, "utf8")) as Exchange);
}

export function readDeviations(peer: string): Deviation[] {
  const all = JSON.parse(readFileSync(`${FOLDER}deviations.json`, "utf8")) as Deviation[];
  return all.filter((deviation) => deviation.peer === peer);
}

export interface Vectors {
  /** Names with their ids; stock peers agree on some of them only. */
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

export function readVectors(): Vectors {
  return JSON.parse(readFileSync(`${FOLDER}vectors.json`, "utf8")) as Vectors;
}
