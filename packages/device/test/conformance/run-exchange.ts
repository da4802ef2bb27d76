/** Runs one side of a recorded exchange with rpc.py in a real MicroPython, in virtual time. */
import { readFileSync } from "node:fs";
import { createBoard } from "../../src/board/board.js";
import type { BoardClock } from "../../src/board/board-clock.js";
import { collectBoardFiles } from "../../src/board/board-files.js";
import type { BoardWire } from "../../src/board/wire.js";
import type { BusExchange, Exchange } from "./exchange.js";
import { createReplayBus } from "./replay-bus.js";
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
export function replay(
  scriptName: string,
  setup: object,
  exchange: Pick<Exchange, "bytes">,
  options: ReplayOptions,
  kind: "uart" | "can" = "uart",
): Promise<Outcome> {
  const { uart, clock, difference } = createReplayUart(exchange, options);
  return runScript(scriptName, setup, { wire: { kind, bytes: uart }, clock, difference });
}

interface Other {
  readonly wire: BoardWire;
  readonly clock: BoardClock;
  difference(): string | null;
}

async function runScript(scriptName: string, setup: object, other: Other): Promise<Outcome> {
  const { wire, clock, difference } = other;
  const results: unknown[] = [];
  const frames: string[] = [];
  const script = readFileSync(new URL(scriptName, import.meta.url), "utf8");
  const { files, main } = await collectBoardFiles({ script });
  const board = await createBoard({
    wire,
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
export function runAsSlave(exchange: Exchange, kind: "uart" | "can" = "uart"): Promise<Outcome> {
  const setup = { ...slaveSetup(exchange, kind), runs_before: runsBefore(exchange) };
  return replay("slave_main.py", setup, exchange, { mine: "s2m", ...NOISE[exchange.name] }, kind);
}

/** Our master calls the recorded slave. */
export function runAsMaster(exchange: Exchange, kind: "uart" | "can" = "uart"): Promise<Outcome> {
  const setup = { calls: callsOf(exchange), stream: exchange.stream ?? null, link: kind };
  return replay("master_main.py", setup, exchange, { mine: "m2s" }, kind);
}

export function runAsBusSlave(exchange: BusExchange, kind: "i2c" | "spi"): Promise<Outcome> {
  const { bus, clock, difference } = createReplayBus(exchange, "slave");
  const setup = slaveSetup(exchange, kind);
  return runScript("slave_main.py", setup, { wire: { kind, bus }, clock, difference });
}

export function runAsBusMaster(exchange: BusExchange, kind: "i2c" | "spi"): Promise<Outcome> {
  const { bus, clock, difference } = createReplayBus(exchange, "master");
  const calls = [{ ...exchange.call, result_hex: exchange.result_hex }];
  const setup = { calls, stream: exchange.stream, link: kind };
  return runScript("master_main.py", setup, { wire: { kind, bus }, clock, difference });
}

function slaveSetup(exchange: Exchange | BusExchange, link: string) {
  return {
    link,
    runs_before: 0,
    frames_hex: exchange.stream?.frames_hex ?? [],
    // The recorded slaves filled their big results differently.
    big_hex: exchange.call.name === "big" ? exchange.result_hex : null,
  };
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
