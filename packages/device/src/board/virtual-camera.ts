/** The virtual camera: real MicroPython in a thread of its own, with its UART wired to a line here. */
import { Worker } from "node:worker_threads";
import type { Link } from "@rpcgen/runtime";
import { collectBoardFiles, type FileSources } from "./board-files.js";
import type { BoardMessage, BoardSetup } from "./board-messages.js";
import type { Line } from "./line.js";
import { openMemoryLine } from "./memory-line.js";
import { openPtyLine } from "./pty-line.js";
import { createUartChannel, createUartHostEnd } from "./uart-channel.js";

const DEFAULT_HEAP_BYTES = 8 << 20;

export interface VirtualCameraOptions extends FileSources {
  /** What the UART is wired to: a pseudo terminal for other programs, or a link in this one. */
  readonly link: { readonly kind: "pty" } | { readonly kind: "memory" };
  /** Decides the scene before the lens; 1 by default. */
  readonly seed?: number;
  /** Gets what the script prints, and the traceback if it fails. */
  readonly onOutput?: (text: string) => void;
  /** Size of the Python heap at the start; 8 MiB by default. */
  readonly heapBytes?: number;
  /** Stops the camera when it aborts. */
  readonly signal?: AbortSignal;
}

export interface VirtualCamera extends AsyncDisposable {
  /** The pseudo terminal's path; null with a memory link. */
  readonly path: string | null;
  /** The host's end of the memory link, for `createMaster` or `createSlave`; null with a pseudo terminal. */
  readonly link: Link | null;
  /**
   * Resolves when the script has ended or the camera was stopped, and everything is released. `error` is
   * the traceback as MicroPython prints it; null for a normal end, `SystemExit` or a stop.
   */
  readonly exited: Promise<{ readonly error: string | null }>;
  /** Ends the script wherever it is, and releases line and thread. Resolves with `exited`. */
  stop(): Promise<void>;
}

/**
 * Starts a script on a virtual camera. Resolves once the line is open; the script is then starting.
 * `rpc`, `machine`, `csi` and `image` are there for it; Python files beside the script come first.
 * Rejects if the script can't be read, the line can't be opened, or the signal is aborted already.
 */
export async function startVirtualCamera(options: VirtualCameraOptions): Promise<VirtualCamera> {
  options.signal?.throwIfAborted();
  const { files, main } = await collectBoardFiles(options);
  const line = await (options.link.kind === "pty" ? openPtyLine() : openMemoryLine());
  const setup: BoardSetup = {
    uart: createUartChannel(),
    files,
    main,
    heapBytes: options.heapBytes ?? DEFAULT_HEAP_BYTES,
    seed: options.seed ?? 1,
  };
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: setup });
  const exited = connect(worker, setup, line, options.onOutput ?? (() => {}));

  const stop = async (): Promise<void> => {
    await worker.terminate();
    await exited;
  };
  const stopOnAbort = (): void => void stop();
  options.signal?.addEventListener("abort", stopOnAbort, { once: true });
  void exited.finally(() => options.signal?.removeEventListener("abort", stopOnAbort));
  if (options.signal?.aborted) {
    await stop();
    options.signal.throwIfAborted();
  }
  return { path: line.path, link: line.link, exited, stop, [Symbol.asyncDispose]: stop };
}

/** Joins thread and line until the thread ends, then closes the line; resolves with how the script ended. */
async function connect(
  worker: Worker,
  setup: BoardSetup,
  line: Line,
  onOutput: (text: string) => void,
): Promise<{ readonly error: string | null }> {
  const uart = createUartHostEnd(setup.uart, line.write);
  let error: string | null = null;
  worker.on("message", (message: BoardMessage) => {
    if (message.kind === "output") onOutput(message.text);
    else if (message.kind === "ended") error = message.error;
    else uart.receive(message);
  });
  line.start(uart.deliver);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("exit", () => resolve());
    });
    if (error !== null) onOutput(error);
    // What the script wrote last is still on its way.
    await uart.drained();
    return { error };
  } finally {
    await line.close();
  }
}
