/** The functions that modelled slaves offer: those of the recorded exchanges, and some that misbehave. */
import { encodeU32, readU32 } from "../packet/packet.js";
import type { RunLog } from "./run-log.js";
import type { StockStreams } from "./stock-streams.js";

export interface StockContext {
  readonly log: RunLog;
  /** Kept for this call only; runs once its result was fetched. */
  schedule(callback: () => void | Promise<void>): void;
  /** For the scheduled callback. */
  readonly streams: StockStreams;
}

/** Null is a result without a length, which leaves the loop as an exception does. */
export type StockFunction = (argument: Uint8Array, context: StockContext) => Uint8Array | null;

const EMPTY = new Uint8Array(0);

/** Byte `index` of what `big` gives. */
export const bigByte = (index: number): number => (index < 20_000 ? index & 255 : 0);

export function bigResult(size: number): Uint8Array {
  const result = new Uint8Array(size);
  for (let index = 0; index < Math.min(size, 20_000); index++) result[index] = index & 255;
  return result;
}

/**
 * `echo`, `add` (two i32), `big` (u32 size), `nothing`, `count` (how often it ran, itself included), `slow` (as echo;
 * give it a duration), `fail` (raises), `lengthless`, `frames` (u32 count: that many frames of 1,024 bytes
 * from the slave's `stream_writer`, each filled with its number's low byte).
 */
export function standardFunctions(): Record<string, StockFunction> {
  return {
    echo: (argument) => argument,
    slow: (argument) => argument,
    nothing: () => EMPTY,
    lengthless: () => null,
    big: (argument) => bigResult(readU32(argument, 0)),
    count: (_argument, { log }) => encodeU32(log.runs("count")),
    add(argument) {
      const numbers = new DataView(argument.buffer, argument.byteOffset, 8);
      return encodeU32((numbers.getInt32(0, true) + numbers.getInt32(4, true)) >>> 0);
    },
    fail() {
      throw new Error("a function that raises");
    },
    frames(argument, { schedule, streams }) {
      const count = readU32(argument, 0);
      schedule(() => streams.write(numberedFrames(count)));
      return argument;
    },
  };
}

export const FRAME_BYTES = 1024;

function* numberedFrames(count: number): Generator<Uint8Array> {
  for (let number = 0; number < count; number++) yield new Uint8Array(FRAME_BYTES).fill(number & 255);
  yield EMPTY;
}
