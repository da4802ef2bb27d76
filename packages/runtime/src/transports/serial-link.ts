/** A link over an open serial port: what UART and USB links have in common. Nothing polls. */
import { type Clock, systemClock } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link, LinkTraits } from "../link/link.js";
import { createStreamLink } from "../link/stream-link.js";
import { createDirectBinding } from "./direct-binding.js";
import { type LatencySystem, linuxLatencySystem, tuneLatencyTimer } from "./latency-timer.js";
import { checkAborted } from "./open-error.js";
import {
  explainFailure,
  explainOpening,
  loadSerialPort,
  type Port,
  type SerialPackage,
  unplugged,
} from "./serial-port.js";
import { checkSerialSettings, type SerialSettings } from "./serial-settings.js";

/** What may take the place of the package, of the system and of the host's clock. */
export interface SerialSurroundings {
  readonly load?: () => Promise<SerialPackage>;
  readonly latency?: LatencySystem;
  readonly clock?: Clock;
}

export interface SerialOpening {
  readonly path: string;
  readonly baudRate: number;
  readonly settings: SerialSettings;
  readonly traits: Partial<Omit<LinkTraits, "framing">>;
  readonly signal: AbortSignal | undefined;
  lost(error: RpcError): void;
}

const READ_BYTES = 65_536;

/** Opens the port. Rejects like `openUart`. */
export async function openSerialLink(
  opening: SerialOpening,
  surroundings: SerialSurroundings,
): Promise<Link> {
  const { path, signal, baudRate } = opening;
  checkSerialSettings(path, baudRate, opening.settings);
  checkAborted(signal);
  const { SerialPort } = await (surroundings.load ?? loadSerialPort)();
  const port = await openPort(SerialPort, opening);
  try {
    await setUp(port, opening, surroundings.latency ?? linuxLatencySystem);
    checkAborted(signal);
  } catch (error) {
    await closePort(port);
    throw explainOpening(error, path);
  }
  return createSerialLink(port, opening, surroundings.clock ?? systemClock);
}

async function openPort(SerialPort: SerialPackage["SerialPort"], opening: SerialOpening): Promise<Port> {
  const { path, baudRate } = opening;
  const { dtr: _, rts: __, lowLatency: ___, onHint: ____, ...settings } = opening.settings;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(explainOpening(error, path));
    try {
      const port = new SerialPort({
        lock: true,
        highWaterMark: READ_BYTES,
        ...settings,
        path,
        baudRate,
        autoOpen: false,
        ...(SerialPort.binding === undefined ? {} : { binding: createDirectBinding(SerialPort.binding) }),
      });
      port.open((error) => (error === null ? resolve(port) : fail(error)));
    } catch (error) {
      // The package checks some settings itself.
      fail(error);
    }
  });
}

/** Modem lines and latency: what an adapter has beyond its data lines, and a pseudo terminal has not. */
async function setUp(port: Port, opening: SerialOpening, latency: LatencySystem): Promise<void> {
  const { dtr, rts, lowLatency = true, onHint = warn } = opening.settings;
  const lines = { ...(dtr === undefined ? {} : { dtr }), ...(rts === undefined ? {} : { rts }) };
  if (dtr !== undefined || rts !== undefined) await setFlags(port, lines);
  if (!lowLatency) return;
  const timer = await tuneLatencyTimer(opening.path, latency, () =>
    setFlags(port, { ...lines, lowLatency: true }),
  );
  if (timer !== null && timer.hint !== null) onHint(timer.hint);
}

function setFlags(port: Port, flags: Parameters<Port["set"]>[0]): Promise<void> {
  return new Promise((resolve, reject) => {
    port.set(flags, (error) => (error ? reject(error) : resolve()));
  });
}

const warn = (hint: string): void => process.emitWarning(hint, { type: "LinkHint" });

function createSerialLink(port: Port, opening: SerialOpening, clock: Clock): Link {
  const { path, traits, lost } = opening;
  const stream = createStreamLink({
    clock,
    traits,
    write: (data, timeoutMs, signal) =>
      write(port, clock, data, timeoutMs, signal).catch((error: Error) => {
        throw explainFailure(error, path);
      }),
    close: () => closePort(port),
    lost,
    pause: () => void port.pause(),
    resume: () => void port.resume(),
  });
  port.on("data", (chunk) => stream.receive(chunk, true));
  port.on("error", (error) => stream.fail(explainFailure(error, path)));
  // A terminal that has hung up reads as if it had ended.
  port.on("end", () => stream.fail(unplugged(path)));
  port.on("close", (error) => stream.fail(unplugged(path, error ?? undefined)));
  return stream.link;
}

function write(
  port: Port,
  clock: Clock,
  data: Uint8Array,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (isTaken: boolean, error?: Error | null) => {
      cancel();
      signal?.removeEventListener("abort", giveUp);
      if (error) reject(error);
      else resolve(isTaken);
    };
    const giveUp = () => settle(false);
    const cancel = Number.isFinite(timeoutMs) ? clock.after(timeoutMs, giveUp) : () => {};
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
