/**
 * A link over a serial port: a UART, a USB adapter, the virtual COM port of a camera, a pseudo terminal.
 * The `serialport` package does the work and is loaded when a port is opened; nothing polls.
 */
import { systemClock } from "../clock.js";
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { createStreamLink } from "../link/stream-link.js";
import { loadSerialPort, type Port, type SerialPortConstructor } from "./load-serial-port.js";

export interface UartOptions {
  /** `/dev/ttyACM0`, `COM3`, … */
  readonly path: string;
  /** Bits a second; 9,600 by default, as in the camera's library. Without meaning on a virtual COM port. */
  readonly baudRate?: number;
  readonly dataBits?: 5 | 6 | 7 | 8;
  readonly stopBits?: 1 | 1.5 | 2;
  readonly parity?: "none" | "even" | "odd" | "mark" | "space";
  /** Hardware flow control. */
  readonly rtscts?: boolean;
  /** Whether the modem lines drop on close. */
  readonly hupcl?: boolean;
  /** Keeps other programs off the port; true by default. */
  readonly lock?: boolean;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

const DEFAULT_BAUD_RATE = 9600;
/** A start bit, eight of data, a stop bit. */
const BITS_PER_BYTE = 10;

/**
 * Opens a serial port. Rejects with an `RpcError` of phase `open`: `link-failure` with what the system
 * said as its cause, `missing-package` without `serialport`, `aborted` by the signal.
 */
export async function openUart(options: UartOptions): Promise<Link> {
  const { signal, baudRate = DEFAULT_BAUD_RATE } = options;
  checkAborted(signal);
  const port = await openPort(await loadSerialPort(), { ...options, baudRate });
  if (signal?.aborted) await closePort(port);
  checkAborted(signal);

  const stream = createStreamLink({
    clock: systemClock,
    traits: { bytesPerMs: baudRate / BITS_PER_BYTE / 1000 },
    write: (data, timeoutMs, writeSignal) =>
      write(port, data, timeoutMs, writeSignal).catch((error: Error) => {
        throw lineError(options.path, error);
      }),
    close: () => closePort(port),
    pause: () => void port.pause(),
    resume: () => void port.resume(),
  });
  port.on("data", stream.receive);
  port.on("error", (error) => stream.fail(lineError(options.path, error)));
  port.on("close", (error: Error | null) => stream.fail(unplugged(options.path, error ?? undefined)));
  return stream.link;
}

async function openPort(
  SerialPort: SerialPortConstructor,
  options: UartOptions & { readonly baudRate: number },
): Promise<Port> {
  const { signal: _, lock = true, ...settings } = options;
  const port = new SerialPort({ ...settings, lock, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(explain(error, options.path))));
  });
  return port;
}

function write(port: Port, data: Uint8Array, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (isTaken: boolean, error?: Error | null) => {
      cancel();
      signal?.removeEventListener("abort", giveUp);
      if (error) reject(error);
      else resolve(isTaken);
    };
    const giveUp = () => settle(false);
    const cancel = Number.isFinite(timeoutMs) ? systemClock.after(timeoutMs, giveUp) : () => {};
    signal?.addEventListener("abort", giveUp);
    port.write(Buffer.from(data.buffer, data.byteOffset, data.length), (error) => settle(true, error));
  });
}

function closePort(port: Port): Promise<void> {
  return new Promise((resolve) => {
    if (!port.isOpen) resolve();
    else port.close(() => resolve());
  });
}

/** What the system said, and what to do about it. */
function explain(error: Error, path: string): RpcError {
  const said = error.message;
  const advice = /no such file|file not found/i.test(said)
    ? "there is no such port; is the cable in, and the path right?"
    : /permission denied|access denied/i.test(said)
      ? "no permission; on Linux, join the group that owns it (`sudo usermod -aG dialout $USER`, then log in again)"
      : /lock|busy|temporarily unavailable/i.test(said)
        ? "another program has it open; close that one first"
        : said;
  return openError("link-failure", `${path}: ${advice}`, error);
}

/** A port that has gone tells so by whatever is tried on it first: a read that ends, or a write that fails. */
function lineError(path: string, error: Error): RpcError {
  const isGone =
    /\b(EIO|ENXIO|ENODEV|EBADF)\b|input\/output error|no such device|bad file descriptor|not open/i;
  if (isGone.test(error.message)) return unplugged(path, error);
  return openError("link-failure", `${path}: ${error.message}`, error);
}

function unplugged(path: string, cause: unknown): RpcError {
  return openError("closed", `${path} was closed or unplugged`, cause);
}

function openError(code: "link-failure" | "closed" | "aborted", message: string, cause: unknown): RpcError {
  return new RpcError(code, message, { phase: "open", executed: "no", cause });
}

function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw openError("aborted", "opening the port was aborted", signal.reason);
}
