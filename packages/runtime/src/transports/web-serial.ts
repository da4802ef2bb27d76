/**
 * A link over a serial port of the browser (Web Serial). The page asks its visitor for the port, since only a
 * click may; the link opens it, reads it, and lets go of it on close, also while a read is pending. It needs
 * nothing of Node.
 */
import { type Clock, systemClock } from "../clock.js";
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { createStreamLink, type StreamLink } from "../link/stream-link.js";
import { type Opening, type ReconnectChoice, withReconnect } from "./with-reconnect.js";

/** As much of the browser's `SerialPort` as the link uses. */
export interface WebSerialPort {
  open(options: WebSerialSettings & { readonly baudRate: number }): Promise<void>;
  close(): Promise<void>;
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  setSignals?(signals: {
    readonly dataTerminalReady?: boolean;
    readonly requestToSend?: boolean;
  }): Promise<void>;
}

export interface WebSerialSettings {
  readonly dataBits?: 7 | 8;
  readonly stopBits?: 1 | 2;
  readonly parity?: "none" | "even" | "odd";
  /** Bytes that the browser holds for the page; 65,536 by default. */
  readonly bufferSize?: number;
  readonly flowControl?: "none" | "hardware";
}

export interface WebSerialOptions extends WebSerialSettings {
  /** From `navigator.serial.requestPort()` or `getPorts()`, not opened yet. */
  readonly port: WebSerialPort;
  /** 115,200 by default. Without meaning on a virtual COM port. */
  readonly baudRate?: number;
  /** Level of the DTR line once it is open; true by default: some boards send nothing without it. */
  readonly dtr?: boolean;
  /** Comes back by itself when the same port is plugged in again; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

const DEFAULT_BAUD_RATE = 115_200;
const DEFAULT_BUFFER_BYTES = 65_536;
/** A start bit, eight of data, a stop bit. */
const BITS_PER_BYTE = 10;

/**
 * Opens the port. Rejects with an `RpcError` of phase `open`: `link-failure` with the browser's error as its
 * cause where it is open elsewhere or gone, `aborted` by the signal.
 */
export function openWebSerial(options: WebSerialOptions, clock: Clock = systemClock): Promise<Link> {
  return withReconnect((opening) => openOnce(options, opening, clock), options, clock);
}

async function openOnce(options: WebSerialOptions, { signal, lost }: Opening, clock: Clock): Promise<Link> {
  const { port, dtr = true, baudRate = DEFAULT_BAUD_RATE } = options;
  const { port: _, dtr: __, reconnect: ___, signal: ____, ...settings } = options;
  checkAborted(signal);
  try {
    await port.open({ bufferSize: DEFAULT_BUFFER_BYTES, ...settings, baudRate });
  } catch (error) {
    throw explainOpening(error);
  }
  // Not every adapter has the line.
  await port.setSignals?.({ dataTerminalReady: dtr }).catch(() => {});
  if (signal?.aborted) await port.close();
  checkAborted(signal);
  return createWebSerialLink(port, baudRate, clock, lost);
}

function createWebSerialLink(
  port: WebSerialPort,
  baudRate: number,
  clock: Clock,
  lost: (error: RpcError) => void,
): Link {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let isClosing = false;
  /** Writes keep their order, and the port is not closed under one. */
  let lastWrite: Promise<unknown> = Promise.resolve();
  let resumeReading: (() => void) | null = null;
  let isPaused = false;

  const stream: StreamLink = createStreamLink({
    clock,
    traits: { bytesPerMs: baudRate / BITS_PER_BYTE / 1000 },
    async write(data, timeoutMs, signal) {
      // The stream may hold the bytes for longer than the caller does.
      const bytes = data.slice();
      const written = lastWrite.then(() => write(port, bytes));
      lastWrite = written.catch(() => {});
      return withinTime(clock, written, timeoutMs, signal);
    },
    async close() {
      isClosing = true;
      resumeReading?.();
      // Ends a pending read, which would keep the port locked.
      await reader?.cancel().catch(() => {});
      await reading;
      await lastWrite;
      await port.close().catch(() => {});
    },
    lost,
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      resumeReading?.();
    },
  });

  /** Until the link is closed or the port is gone. An error of the line (a parity error) starts it anew. */
  async function read(): Promise<void> {
    let failure: unknown;
    while (port.readable !== null && !isClosing) {
      reader = port.readable.getReader();
      try {
        while (true) {
          const { value, done } = await reader.read();
          if (done) break;
          stream.receive(value);
          if (isPaused && !isClosing)
            await new Promise<void>((resolve) => {
              resumeReading = resolve;
            });
        }
      } catch (error) {
        failure = error;
      } finally {
        reader.releaseLock();
        reader = null;
      }
    }
    if (!isClosing) stream.fail(failed("closed", "the serial port was unplugged", failure));
  }

  const reading = read();
  return stream.link;
}

async function write(port: WebSerialPort, bytes: Uint8Array): Promise<void> {
  if (port.writable === null) throw failed("closed", "the serial port was unplugged");
  const writer = port.writable.getWriter();
  try {
    await writer.write(bytes);
  } catch (error) {
    throw failed("closed", "the serial port was unplugged", error);
  } finally {
    writer.releaseLock();
  }
}

/** True once the work is done; false when that took too long. Rejects as the work does. */
function withinTime(
  clock: Clock,
  work: Promise<void>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      settle();
      resolve(false);
    };
    const cancel = Number.isFinite(timeoutMs) ? clock.after(timeoutMs, giveUp) : () => {};
    signal?.addEventListener("abort", giveUp);
    const settle = () => {
      cancel();
      signal?.removeEventListener("abort", giveUp);
    };
    work.then(() => resolve(true), reject).finally(settle);
  });
}

function explainOpening(error: unknown): RpcError {
  const { name, message } = error as { readonly name?: string; readonly message?: string };
  if (name === "InvalidStateError") {
    return failed("link-failure", "this page has the serial port open already; close that link first", error);
  }
  if (name === "NetworkError") {
    return failed(
      "link-failure",
      "the serial port does not open; is another program or page using it, or the cable out?",
      error,
    );
  }
  return failed("link-failure", `the serial port does not open: ${message ?? String(error)}`, error);
}

const failed = (code: "closed" | "link-failure" | "aborted", message: string, cause?: unknown): RpcError =>
  new RpcError(code, message, { phase: "open", executed: "no", cause });

function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw failed("aborted", "opening the link was aborted", signal.reason);
}
