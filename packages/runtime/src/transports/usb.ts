/**
 * A link over the USB port of a board, which shows up as a serial port. It may be named by its path or found
 * by its USB ids, and is found again by them when it comes back under another path. There is no bit rate on
 * the wire; the one that the port is opened with is only a number that the board may look at.
 */
import { systemClock } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { openError } from "./open-error.js";
import { openSerialLink, type SerialSurroundings } from "./serial-link.js";
import { listSerialPorts, loadSerialPort, type PortInfo, type SerialPackage } from "./serial-port.js";
import type { SerialSettings } from "./serial-settings.js";
import { boardOf } from "./usb-boards.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export interface UsbOptions extends SerialSettings {
  /** `/dev/ttyACM0`, `COM3`, …; without path and ids: the one board there is. */
  readonly path?: string;
  /** Hexadecimal digits, or a number. */
  readonly vendorId?: string | number;
  readonly productId?: string | number;
  /** Which of several alike. */
  readonly serialNumber?: string;
  /** 115,200 by default. OpenMV's firmware speaks another protocol at 921,600. */
  readonly baudRate?: number;
  /** Comes back by itself, also under another path; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

const DEFAULT_BAUD_RATE = 115_200;
/** The rate at which OpenMV's firmware takes the host for its editor. */
const EDITOR_BAUD_RATE = 921_600;

/**
 * Opens the board's port. Rejects like `openUart`; where the ids fit no port or several, the message says
 * which ports there are.
 */
export function openUsb(options: UsbOptions = {}, surroundings: SerialSurroundings = {}): Promise<Link> {
  const { path, vendorId, productId, serialNumber, baudRate = DEFAULT_BAUD_RATE, ...rest } = options;
  const { reconnect: _, signal: __, ...settings } = rest;
  const load = surroundings.load ?? loadSerialPort;
  let wanted: Wanted = { path, vendorId: hex(vendorId), productId: hex(productId), serialNumber };
  return withReconnect(
    async ({ signal, lost }) => {
      if (baudRate === EDITOR_BAUD_RATE) {
        throw openError(
          "bad-argument",
          "at 921600 baud OpenMV's firmware speaks its editor's protocol; take any other rate",
        );
      }
      const found = await findPort(await load(), wanted);
      // From now on it is this board that is meant, wherever it turns up.
      if (found.serialNumber !== undefined && found.vendorId !== undefined) {
        const { vendorId, productId, serialNumber } = found;
        wanted = { path: undefined, vendorId, productId, serialNumber };
      }
      const opening = { path: found.path, baudRate, settings, traits: {}, signal, lost };
      return openSerialLink(opening, surroundings);
    },
    options,
    surroundings.clock ?? systemClock,
  );
}

interface Wanted {
  readonly path: string | undefined;
  readonly vendorId: string | undefined;
  readonly productId: string | undefined;
  readonly serialNumber: string | undefined;
}

const HEX_DIGITS = 4;
const hex = (id: string | number | undefined): string | undefined =>
  typeof id === "number" ? id.toString(16).padStart(HEX_DIGITS, "0") : id?.replace(/^0x/i, "");

async function findPort(serial: SerialPackage, wanted: Wanted): Promise<PortInfo> {
  // A list may be long in coming or impossible (no udev); a path needs none to be opened.
  const listed = await listSerialPorts(serial).catch((error: RpcError) => {
    if (wanted.path !== undefined) return [];
    throw openError("link-failure", `${error.message}; or name the path`, error.cause);
  });
  if (wanted.path !== undefined) {
    return listed.find(({ path }) => path === wanted.path) ?? { path: wanted.path };
  }
  const fitting = listed.filter((port) => fits(port, wanted));
  const [found, other] = fitting;
  if (found !== undefined && other === undefined) return found;
  const what = describe(wanted);
  if (found === undefined) {
    const usb = listed.filter(({ vendorId }) => vendorId !== undefined);
    const there =
      usb.length === 0 ? "no USB serial port is there" : `there is: ${usb.map(nameOf).join(", ")}`;
    throw openError("link-failure", `${what} is not connected; ${there}`);
  }
  throw openError(
    "link-failure",
    `${what} is connected ${fitting.length} times: ${fitting.map(nameOf).join(", ")}; name the path or the serialNumber`,
  );
}

const same = (wanted: string | undefined, has: string | undefined): boolean =>
  wanted === undefined || wanted.toLowerCase() === has?.toLowerCase();

function fits(port: PortInfo, wanted: Wanted): boolean {
  const isNamed = wanted.vendorId ?? wanted.productId ?? wanted.serialNumber;
  if (isNamed === undefined) return boardOf(port) !== null;
  return (
    same(wanted.vendorId, port.vendorId) &&
    same(wanted.productId, port.productId) &&
    same(wanted.serialNumber, port.serialNumber)
  );
}

function describe({ vendorId, productId, serialNumber }: Wanted): string {
  if ((vendorId ?? productId ?? serialNumber) === undefined) return "a board with known USB ids";
  const ids = `${vendorId ?? "any"}:${productId ?? "any"}`;
  return serialNumber === undefined
    ? `USB device ${ids}`
    : `USB device ${ids} with serial number ${serialNumber}`;
}

function nameOf(port: PortInfo): string {
  const ids = `${port.vendorId ?? "?"}:${port.productId ?? "?"}`;
  const serial = port.serialNumber === undefined ? "" : `, serial number ${port.serialNumber}`;
  return `${port.path} (${boardOf(port) ?? port.manufacturer ?? "unknown"}, ${ids}${serial})`;
}
