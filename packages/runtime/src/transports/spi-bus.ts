/** The shape of the `spi-device` package, as far as the SPI links use it, and spidev's own facts. */
import { readFile } from "node:fs/promises";
import { RpcError } from "../errors.js";
import { loadPackage } from "./load-package.js";
import { errnoOf, openError, textOf } from "./open-error.js";

export interface SpiTransfer {
  readonly byteLength: number;
  readonly sendBuffer?: Uint8Array;
  readonly receiveBuffer?: Uint8Array;
  readonly speedHz?: number;
  readonly microSecondDelay?: number;
  /** On the last transfer of a message: the device stays selected until the next one. */
  readonly chipSelectChange?: boolean;
}

export interface SpiDeviceOptions {
  readonly mode: number;
  readonly maxSpeedHz: number;
  readonly bitsPerWord: number;
}

export interface SpiDevice {
  transfer(message: SpiTransfer[], done: (error: Error | null | undefined) => void): unknown;
  close(done: (error: Error | null | undefined) => void): void;
}

export interface SpiPackage {
  open(
    bus: number,
    device: number,
    options: SpiDeviceOptions,
    done: (error: Error | null | undefined) => void,
  ): SpiDevice;
}

export const loadSpiDevice = (): Promise<SpiPackage> => loadPackage<SpiPackage>("spi-device", "SPI");

const BUFSIZ_PATH = "/sys/module/spidev/parameters/bufsiz";
/** spidev's own default. */
const DEFAULT_BUFFER_BYTES = 4096;

/** The kernel keeps a transfer's delay in 16 bits. */
const LONGEST_DELAY_US = 0xffff;

/** How many bytes spidev moves at once: its module parameter `bufsiz`. */
export async function readSpidevBufferBytes(): Promise<number> {
  const text = await readFile(BUFSIZ_PATH, "utf8").catch(() => "");
  const bytes = Number.parseInt(text, 10);
  return bytes > 0 ? bytes : DEFAULT_BUFFER_BYTES;
}

/** Mode 0 to 3 of the clock's polarity (idle level) and phase (which edge counts). */
export const spiMode = (polarity: 0 | 1, phase: 0 | 1): number => polarity * 2 + phase;

/** @throws RpcError `bad-argument`: from a URL or from JavaScript any number may come. */
export function checkSpiOptions(options: {
  readonly bus: number;
  readonly device: number;
  readonly polarity?: number;
  readonly phase?: number;
  readonly speedHz?: number;
  readonly selectDelayUs?: number;
  readonly largeTransfers?: string;
}): void {
  const { bus, device, polarity = 0, phase = 0, speedHz = 1, selectDelayUs = 0 } = options;
  for (const [name, value] of Object.entries({ bus, device })) {
    if (!Number.isInteger(value) || value < 0) {
      throw openError("bad-argument", `an SPI ${name} is a whole number, not ${value}`);
    }
  }
  for (const [name, value] of Object.entries({ polarity, phase })) {
    if (value !== 0 && value !== 1) throw openError("bad-argument", `SPI's ${name} is 0 or 1, not ${value}`);
  }
  if (!Number.isInteger(speedHz) || speedHz <= 0) {
    throw openError("bad-argument", `SPI's speedHz is a whole number above 0, not ${speedHz}`);
  }
  if (!Number.isInteger(selectDelayUs) || selectDelayUs < 0 || selectDelayUs > LONGEST_DELAY_US) {
    throw openError(
      "bad-argument",
      `SPI's selectDelayUs is a whole number from 0 to ${LONGEST_DELAY_US}, not ${selectDelayUs}`,
    );
  }
  const { largeTransfers = "refuse" } = options;
  if (largeTransfers !== "refuse" && largeTransfers !== "hold-select") {
    throw openError(
      "bad-argument",
      `SPI's largeTransfers is hold-select or refuse, not ${String(largeTransfers)}`,
    );
  }
}

export function openSpiDevice(
  spi: SpiPackage,
  place: { readonly bus: number; readonly device: number; readonly path: string },
  options: SpiDeviceOptions,
): Promise<SpiDevice> {
  return new Promise((resolve, reject) => {
    const device = spi.open(place.bus, place.device, options, (error) => {
      if (error) reject(explainSpi(error, place.path));
      else resolve(device);
    });
  });
}

const GONE = new Set(["ENODEV", "ESHUTDOWN", "ENXIO", "EBADF", "EPIPE"]);

export function explainSpi(error: unknown, path: string): RpcError {
  if (error instanceof RpcError) return error;
  const errno = errnoOf(error);
  switch (errno) {
    case "ENOENT":
      return openError(
        "link-failure",
        `${path}: there is no such device; switch SPI on (on a Raspberry Pi: sudo raspi-config nonint do_spi 0), or name the bus and device that ls /dev/spidev* shows`,
        error,
      );
    case "EACCES":
    case "EPERM":
      return openError(
        "link-failure",
        `${path}: no permission; join the group that owns it (sudo usermod -aG spi $USER, then log in again)`,
        error,
      );
    case "EBUSY":
      return openError("link-failure", `${path}: another program has it open; close that one first`, error);
    case "EMSGSIZE":
      return openError(
        "link-failure",
        `${path}: the transfer is larger than spidev's buffer; enlarge it (spidev.bufsiz=65536 on the kernel's command line, or options spidev bufsiz=65536 in /etc/modprobe.d/spidev.conf)`,
        error,
      );
  }
  if (errno !== null && GONE.has(errno)) {
    return openError("closed", `${path}: the controller was unplugged or switched off (${errno})`, error);
  }
  return openError("link-failure", `${path}: ${textOf(error)}`, error);
}
