/** The board's thread: builds the board from what the main thread hands over, and runs the script. */
import { parentPort, workerData } from "node:worker_threads";
import { createSceneModule } from "../scene/index.js";
import { createBoard } from "./board.js";
import { createThreadClock } from "./board-clock.js";
import type { BoardMessage, BoardSetup } from "./board-messages.js";
import { createUartBoardEnd } from "./uart-channel.js";

const setup = workerData as BoardSetup;
const post = (message: BoardMessage): void => parentPort?.postMessage(message);

const board = await createBoard({
  uart: createUartBoardEnd(setup.uart, post),
  clock: createThreadClock(),
  files: setup.files,
  heapBytes: setup.heapBytes,
  createModules: (memory) => ({ _scene: createSceneModule(memory, { seed: setup.seed }) }),
  onOutput: (text) => post({ kind: "output", text }),
});
post({ kind: "ended", error: board.run(setup.main) });
