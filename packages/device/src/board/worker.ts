/** The board's thread: builds the board from what the main thread hands over, and runs the script. */
import { parentPort, workerData } from "node:worker_threads";
import { createSceneModule } from "../scene/index.js";
import { createBoard } from "./board.js";
import { createThreadClock } from "./board-clock.js";
import type { BoardMessage, BoardSetup } from "./board-messages.js";
import { createBusBoardEnd } from "./bus-channel.js";
import { createByteBoardEnd } from "./byte-channel.js";

const setup = workerData as BoardSetup;
const post = (message: BoardMessage): void => parentPort?.postMessage(message);

const { wire } = setup;
const board = await createBoard({
  wire:
    "bytes" in wire
      ? { kind: wire.kind, bytes: createByteBoardEnd(wire.bytes, post) }
      : { kind: wire.kind, bus: createBusBoardEnd(wire.bus, post) },
  clock: createThreadClock(),
  files: setup.files,
  heapBytes: setup.heapBytes,
  createModules: (memory) => ({ _scene: createSceneModule(memory, { seed: setup.seed }) }),
  onOutput: (text) => post({ kind: "output", text }),
});
post({ kind: "ended", error: board.run(setup.main) });
