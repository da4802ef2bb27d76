/** What a link could be opened on, on this machine: serial ports, CAN interfaces, I2C buses, SPI devices. */
import { readdir, readFile } from "node:fs/promises";
import type { RpcError } from "../errors.js";
import { type CanSystem, linuxCanSystem, readCanInterface } from "./can-interface.js";
import type { LinkKind } from "./link-url.js";
import { listSerialPorts, loadSerialPort, type SerialPackage } from "./serial-port.js";
import { boardOf } from "./usb-boards.js";

export interface ListedPort {
  readonly kind: LinkKind;
  /** What `openLink` takes. */
  readonly url: string;
  /** For people: what it is, and its state. */
  readonly description: string;
  /** The board behind a USB serial port, where its ids are known; null otherwise. */
  readonly board: string | null;
}

export interface ListPortsOptions {
  /** Told of what could not be looked at, such as a missing package; silence by default. */
  readonly onProblem?: (problem: RpcError) => void;
}

/** What may take the place of the package and of the system. */
export interface ListSurroundings {
  readonly load?: () => Promise<SerialPackage>;
  readonly can?: CanSystem;
  /** The names in a folder; none where there is no such folder. */
  readonly names?: (folder: string) => Promise<readonly string[]>;
  /** The text of a file, or null. */
  readonly readText?: (path: string) => Promise<string | null>;
}

const namesIn = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);
const textOfFile = (path: string): Promise<string | null> => readFile(path, "utf8").catch(() => null);

/** Known boards first, then the other ports, in the order of their names. Opens nothing. */
export async function listPorts(
  options: ListPortsOptions = {},
  surroundings: ListSurroundings = {},
): Promise<ListedPort[]> {
  const { load = loadSerialPort, can = linuxCanSystem } = surroundings;
  const { names = namesIn, readText = textOfFile } = surroundings;
  const parts = await Promise.all([
    listSerial(load).catch((error: RpcError) => {
      options.onProblem?.(error);
      return listSerialByName(names);
    }),
    listCan(names, can),
    listI2c(names, readText),
    listSpi(names),
  ]);
  return parts.flat();
}

async function listSerial(load: () => Promise<SerialPackage>): Promise<ListedPort[]> {
  const found = await listSerialPorts(await load());
  const ports = found.map((port): ListedPort => {
    const board = boardOf(port);
    const isUsb = board !== null || /ttyACM|usbmodem/.test(port.path);
    const what = board ?? port.manufacturer ?? "serial port";
    const serial = port.serialNumber === undefined ? "" : `, serial number ${port.serialNumber}`;
    const ids = port.vendorId === undefined ? "" : ` (${port.vendorId}:${port.productId ?? "?"}${serial})`;
    const kind = isUsb ? "usb" : "uart";
    return { kind, url: `${kind}://${port.path}`, description: `${what}${ids}`, board };
  });
  return ports.sort((a, b) => Number(a.board === null) - Number(b.board === null) || compare(a.url, b.url));
}

/** Without the package, or without udev: what is surely a serial port by its name. */
async function listSerialByName(
  names: (folder: string) => Promise<readonly string[]>,
): Promise<ListedPort[]> {
  const ports = sorted(await names("/dev")).filter((name) => /^tty(ACM|USB|AMA)\d+$/.test(name));
  return ports.map((name) => {
    const kind = name.startsWith("ttyACM") ? "usb" : "uart";
    return { kind, url: `${kind}:///dev/${name}`, description: "serial port", board: null };
  });
}

async function listCan(
  names: (folder: string) => Promise<readonly string[]>,
  system: CanSystem,
): Promise<ListedPort[]> {
  const ports: ListedPort[] = [];
  for (const name of sorted(await names("/sys/class/net"))) {
    const face = await readCanInterface(system, name);
    if (face === null) continue;
    const rate =
      face.bitRate === null ? (face.isVirtual ? "virtual" : "no bit rate") : `${face.bitRate} bit/s`;
    const options = face.bitRate === null ? "" : `?bitRate=${face.bitRate}`;
    const state = face.isUp ? (face.state ?? "up").toLowerCase() : "down";
    ports.push({
      kind: "can",
      url: `can://${name}${options}`,
      description: `CAN interface, ${state}, ${rate}`,
      board: null,
    });
  }
  return ports;
}

async function listI2c(
  names: (folder: string) => Promise<readonly string[]>,
  readText: (path: string) => Promise<string | null>,
): Promise<ListedPort[]> {
  const ports: ListedPort[] = [];
  for (const entry of sorted(await names("/dev"))) {
    const number = /^i2c-(\d+)$/.exec(entry)?.[1];
    if (number === undefined) continue;
    const name = (await readText(`/sys/class/i2c-dev/${entry}/name`))?.trim();
    ports.push({
      kind: "i2c",
      url: `i2c://${number}`,
      description: `I2C bus${name ? `, ${name}` : ""}`,
      board: null,
    });
  }
  return ports;
}

async function listSpi(names: (folder: string) => Promise<readonly string[]>): Promise<ListedPort[]> {
  return sorted(await names("/dev")).flatMap((entry) => {
    const place = /^spidev(\d+\.\d+)$/.exec(entry)?.[1];
    return place === undefined
      ? []
      : [{ kind: "spi", url: `spi://${place}`, description: "SPI device", board: null }];
  });
}

const compare = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });
const sorted = (names: readonly string[]): string[] => [...names].sort(compare);
