/**
 * A link over a serial port: a UART, a USB adapter, a pseudo terminal. The `serialport` package does the work
 * and is loaded when a port is opened.
 */
import { systemClock } from "../clock.js";
import type { Link } from "../link/link.js";
import { openSerialLink, type SerialSurroundings } from "./serial-link.js";
import type { SerialSettings } from "./serial-settings.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export interface UartOptions extends SerialSettings {
  /** `/dev/ttyUSB0`, `COM3`, … */
  readonly path: string;
  /** Bits a second; 9,600 by default, as in the camera's library. Without meaning on a virtual COM port. */
  readonly baudRate?: number;
  /** Comes back by itself after a failure; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

const DEFAULT_BAUD_RATE = 9600;
/** A start bit, eight of data, a stop bit. */
const BITS_PER_BYTE = 10;

/**
 * Opens a serial port, for this program alone. Rejects with an `RpcError` of phase `open`: `link-failure` with
 * what the system said as its cause, `missing-package` without `serialport`, `aborted` by the signal.
 */
export function openUart(options: UartOptions, surroundings: SerialSurroundings = {}): Promise<Link> {
  const { path, baudRate = DEFAULT_BAUD_RATE, reconnect: _, signal: __, ...settings } = options;
  const traits = { bytesPerMs: baudRate / BITS_PER_BYTE / 1000 };
  return withReconnect(
    ({ signal, lost }) => openSerialLink({ path, baudRate, settings, traits, signal, lost }, surroundings),
    options,
    surroundings.clock ?? systemClock,
  );
}
