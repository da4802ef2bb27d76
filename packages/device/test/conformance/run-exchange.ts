/** Runs one side of a recorded exchange with rpc.py in a real MicroPython, in virtual time. */
import { readFileSync } from "node:fs";
import { createBoard } from "../../src/board/board.js";
import { collectBoardFiles } from "../../src/board/board-files.js";
import type { Exchange } from "./exchange.js";
import { createReplayUart, type ReplayOptions, ReplayOver } from "./replay-uart.js";

const HEAP_BYTES = 1 << 20;
/** The recording leaves out the noise itself; these are no part of any packet. */
const NOISE: Readonly<Record<string, Omit<ReplayOptions, "mine">>> = {
  noise_before_call: { noise: Uint8Array.from({ length: 11 }, (_, at) => 0x5a + at), noiseBeforeMs: 30 },
};

/** What became of a replay. */
export interface Outcome {
  readonly difference: string | null;
  /** Of a master: the answers as hex text, null where it gave up. */
  readonly results: readonly unknown[];
  readonly frames: readonly string[];
  readonly error: string | null;
}

/** Runs a script of this folder, which gets `setup`, against the other side of the exchange. */
export async function replay(
  scriptName: string,
  setup: object,
  exchange: Pick<Exchange, "bytes">,
  options: ReplayOptions,
): Promise<Outcome> {
  const { uart, clock, difference } = createReplayUart(exchange, options);
  const results: unknown[] = [];
  const frames: string[] = [];
  const script = readFileSync(new URL(scriptName, import.meta.url), "utf8");
  const { files, main } = await collectBoardFiles({ script });
  const board = await createBoard({
    wire: { kind: "uart", bytes: uart },
    clock,
    files,
    heapBytes: HEAP_BYTES,
    onOutput: () => {},
    createModules: () => ({
      _exchange: {
        setup: () => JSON.stringify(setup),
        result: (json: string) => void results.push(JSON.parse(json)),
        frame: (json: string) => void frames.push(JSON.parse(json)),
      },
    }),
  });
  return { error: runToTheEnd(() => board.run(main)), difference: difference(), results, frames };
}

/** A master ends by itself; a slave serves until the replay is over. */
function runToTheEnd(run: () => string | null): string | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof ReplayOver) return null;
    throw error;
  }
}

/** Our slave answers the recorded master. */
export function runAsSlave(exchange: Exchange): Promise<Outcome> {
  const setup = { runs_before: runsBefore(exchange), frames_hex: exchange.stream?.frames_hex ?? [] };
  return replay("slave_main.py", setup, exchange, { mine: "s2m", ...NOISE[exchange.name] });
}

/** Our master calls the recorded slave. */
export function runAsMaster(exchange: Exchange): Promise<Outcome> {
  const setup = { calls: callsOf(exchange), stream: exchange.stream ?? null };
  return replay("master_main.py", setup, exchange, { mine: "m2s" });
}

/** How often `count` had run when the recording began. */
function runsBefore(exchange: Exchange): number {
  const answer = exchange.bytes.findLast(({ dir, hex }) => dir === "s2m" && /^ba1d.{12}$/.test(hex));
  if (exchange.call.name !== "count" || answer === undefined) return 0;
  return Buffer.from(answer.hex, "hex").readUInt32LE(2) - (exchange.executions ?? 1);
}

export function callsOf({ call, result_hex, next_call, third_call }: Exchange) {
  return [{ ...call, result_hex }, ...(next_call ? [next_call] : []), ...(third_call ? [third_call] : [])];
}
