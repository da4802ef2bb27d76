/** The recorded exchanges of stock peers, as `test/conformance/` at the root holds them. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toCanRecord } from "../../src/board/can-port.js";

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

/** One transaction of I2C or SPI. */
export interface BusStep {
  /** 0 on SPI. */
  readonly address: number;
  readonly length: number;
  /** What the master sent; null: a read on I2C. */
  readonly sent: Uint8Array | null;
  /** What the slave sent; null: a write on I2C. */
  readonly received: Uint8Array | null;
  readonly acknowledged: boolean;
  readonly atMs: number;
}

/** An exchange over I2C or SPI. */
export interface BusExchange {
  readonly name: string;
  readonly call: RecordedCall;
  readonly result_hex: string | null;
  readonly stream: Exchange["stream"] | null;
  readonly steps: readonly BusStep[];
}

interface RecordedBus {
  readonly name: string;
  readonly call: RecordedCall;
  readonly result_hex: string | null;
  readonly frames_hex?: readonly string[];
  readonly queue_depth?: number;
  readonly frames?: readonly { dir: Direction; id: number; dlc: number; hex: string; t_ms: number }[];
  readonly transactions?: readonly {
    op: "read" | "write";
    addr: number;
    len: number;
    hex: string;
    ack: boolean;
    t_ms: number;
  }[];
  readonly transfers?: readonly { len: number; mosi: string; miso: string; t_ms: number }[];
}

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

/** Those over I2C or SPI. */
export function readBusExchanges(kind: "i2c" | "spi"): BusExchange[] {
  return recordedOn(kind).map((recorded) => {
    const { name, call, result_hex, transactions = [], transfers = [] } = recorded;
    const onI2c = transactions.map(
      ({ op, addr, len, hex, ack, t_ms }): BusStep => ({
        address: addr,
        length: len,
        sent: op === "write" ? fromHex(hex) : null,
        received: op === "read" ? fromHex(hex) : null,
        acknowledged: ack,
        atMs: t_ms,
      }),
    );
    const onSpi = transfers.map(
      ({ len, mosi, miso, t_ms }): BusStep => ({
        address: 0,
        length: len,
        sent: fromHex(mosi),
        received: fromHex(miso),
        acknowledged: true,
        atMs: t_ms,
      }),
    );
    return { name, call, result_hex, stream: streamOf(recorded), steps: [...onI2c, ...onSpi] };
  });
}

/** Those over CAN, each frame as the record of 16 bytes that the virtual board's wire has. */
export function readCanExchanges(): Exchange[] {
  return recordedOn("can").map((recorded) => {
    const { name, call, result_hex, frames = [] } = recorded;
    const stream = streamOf(recorded);
    const bytes = frames.map(({ dir, id, hex, t_ms }) => ({
      dir,
      t_ms,
      hex: Buffer.from(toCanRecord({ id, data: fromHex(hex) })).toString("hex"),
    }));
    return { name, call, result_hex, bytes, ...(stream === null ? {} : { stream }) };
  });
}

function recordedOn(kind: string): RecordedBus[] {
  const names = readdirSync(`${FOLDER}exchanges`).filter((name) => name.startsWith(`${kind}_`));
  return names.map((name) => JSON.parse(readFileSync(`${FOLDER}exchanges/${name}`, "utf8")) as RecordedBus);
}

function streamOf({ frames_hex, queue_depth }: RecordedBus): NonNullable<Exchange["stream"]> | null {
  if (frames_hex === undefined) return null;
  return { direction: "s2m", queue_depth: queue_depth ?? 1, frames_hex };
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
