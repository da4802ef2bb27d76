/** The virtual camera: real MicroPython in a thread of its own, with one of its ports wired to a line or bus here. */
import { Worker } from "node:worker_threads";
import { collectBoardFiles, type FileSources } from "./board-files.js";
import type { BoardMessage, BoardSetup } from "./board-messages.js";
import type { BusDevice } from "./bus-channel.js";
import { createBusPort } from "./bus-port.js";
import { createBytePort } from "./byte-port.js";
import { createCanPort } from "./can-port.js";
import { openMemoryLine } from "./memory-line.js";
import type { CanFrame, Port, PortFaces } from "./port.js";
import { openPtyLine } from "./pty-line.js";
import { openTcpPort } from "./tcp-port.js";

const DEFAULT_HEAP_BYTES = 8 << 20;

export type VirtualLink =
  /** The UART, or the USB serial port: a pseudo terminal for other programs, or a link in this one. */
  | { readonly kind: "pty" | "memory"; readonly port?: "uart" | "usb" }
  /** The network: a TCP port of this machine, a free one where it is left out or 0. */
  | { readonly kind: "tcp"; readonly port?: number }
  /** The CAN controller; `onFrame` gets what the board sends. */
  | { readonly kind: "can"; readonly onFrame: (frame: CanFrame) => void | Promise<void> }
  /** An I2C or SPI bus; `device` answers a script that is master there. */
  | { readonly kind: "i2c" | "spi"; readonly device?: BusDevice };

export interface VirtualCameraOptions extends FileSources {
  /** The port that is wired, and what to; the others hang in the air. */
  readonly link: VirtualLink;
  /** Decides the scene before the lens; 1 by default. */
  readonly seed?: number;
  /** Gets what the script prints, and the traceback if it fails. */
  readonly onOutput?: (text: string) => void;
  /** Size of the Python heap at the start; 8 MiB by default. */
  readonly heapBytes?: number;
  /** Stops the camera when it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Of the faces one is there: `path`, of a pseudo terminal or a TCP port; `link`, for `createMaster` or `createSlave`;
 * `can`, `i2c` or `spi`, the bus as others on it see it.
 */
export interface VirtualCamera extends AsyncDisposable, PortFaces {
  /**
   * Resolves when the script has ended or the camera was stopped, and everything is released. `error` is
   * the traceback as MicroPython prints it; null for a normal end, `SystemExit` or a stop.
   */
  readonly exited: Promise<{ readonly error: string | null }>;
  /** Ends the script wherever it is, and releases port and thread. Resolves with `exited`. */
  stop(): Promise<void>;
}

/**
 * Starts a script on a virtual camera. Resolves once the port is open; the script is then starting.
 * `rpc`, `machine`, `csi` and `image` are there for it; Python files beside the script come first.
 * Rejects if the script can't be read, the port can't be opened, or the signal is aborted already.
 */
export async function startVirtualCamera(options: VirtualCameraOptions): Promise<VirtualCamera> {
  options.signal?.throwIfAborted();
  const { files, main } = await collectBoardFiles(options);
  const port = await openPort(options.link);
  const setup: BoardSetup = {
    wire: port.channel,
    files,
    main,
    heapBytes: options.heapBytes ?? DEFAULT_HEAP_BYTES,
    seed: options.seed ?? 1,
  };
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: setup });
  let isStopped = false;
  const exited = connect(worker, port, options.onOutput ?? (() => {}), () => isStopped);

  const stop = async (): Promise<void> => {
    isStopped = true;
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
  return { ...port.faces, exited, stop, [Symbol.asyncDispose]: stop };
}

async function openPort(link: VirtualLink): Promise<Port> {
  switch (link.kind) {
    case "pty":
      return createBytePort(link.port ?? "uart", await openPtyLine());
    case "memory":
      return createBytePort(link.port ?? "uart", openMemoryLine());
    case "tcp":
      return openTcpPort(link.port ?? 0);
    case "can":
      return createCanPort(link.onFrame);
    case "i2c":
    case "spi":
      return createBusPort(link.kind, link.device);
  }
}

/** Joins thread and port until the thread ends, then closes the port; resolves with how the script ended. */
async function connect(
  worker: Worker,
  port: Port,
  onOutput: (text: string) => void,
  isStopped: () => boolean,
): Promise<{ readonly error: string | null }> {
  let error: string | null = null;
  worker.on("message", (message: BoardMessage) => {
    if (message.kind === "output") onOutput(message.text);
    else if (message.kind === "ended") error = message.error;
    else port.receive(message);
  });
  port.start();
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("exit", () => resolve());
    });
    if (error !== null) onOutput(error);
    // What the script wrote last is still on its way; who stops it does not wait for a bus that takes nothing.
    if (!isStopped()) await port.drained();
    return { error };
  } finally {
    await port.close();
  }
}
