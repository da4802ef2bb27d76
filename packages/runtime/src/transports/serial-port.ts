/** The shape of the `serialport` package, as far as the UART and USB links use it, and what its errors mean. */
import { RpcError } from "../errors.js";
import type { SerialBinding } from "./direct-binding.js";
import { loadPackage } from "./load-package.js";
import { openError, textOf } from "./open-error.js";

export interface Port {
  readonly isOpen: boolean;
  open(callback: (error: Error | null) => void): void;
  close(callback: (error: Error | null) => void): void;
  write(data: Uint8Array, callback: (error: Error | null | undefined) => void): unknown;
  set(
    flags: { readonly dtr?: boolean; readonly rts?: boolean; readonly lowLatency?: boolean },
    callback: (error: Error | null) => void,
  ): void;
  pause(): unknown;
  resume(): unknown;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  on(event: "close", listener: (error: Error | null) => void): unknown;
}

/** What the package knows of a port. Ids are hexadecimal digits. */
export interface PortInfo {
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
}

export interface SerialPackage {
  readonly SerialPort: {
    new (
      options: { readonly path: string; readonly baudRate: number; readonly autoOpen: false } & Record<
        string,
        unknown
      >,
    ): Port;
    list(): Promise<PortInfo[]>;
    /** Opens ports of this system. */
    readonly binding?: SerialBinding;
  };
}

export const loadSerialPort = (): Promise<SerialPackage> =>
  loadPackage<SerialPackage>("serialport", "A serial port");

/** The ports there are. On Linux the package asks udev, which containers often lack. */
export function listSerialPorts({ SerialPort }: SerialPackage): Promise<PortInfo[]> {
  return SerialPort.list().catch((error: unknown) => {
    const said = textOf(error);
    const isNoUdev = /udevadm ENOENT/.test(said);
    const why = isNoUdev ? "udevadm is missing: sudo apt install udev" : said;
    throw openError("link-failure", `the serial ports can't be listed (${why})`, error);
  });
}

/** What the package says in the system's words, by the meaning. The first that fits counts. */
const OPENING_ADVICE: readonly (readonly [RegExp, string])[] = [
  [/no such (file|device)|file not found/i, "there is no such port; is the cable in, and the path right?"],
  [/is a directory|inappropriate ioctl.* setting/i, "that is no serial port"],
  [
    /permission denied|access denied/i,
    "no permission; on Linux, join the group that owns it (sudo usermod -aG dialout $USER, then log in again)",
  ],
  [/lock|busy|temporarily unavailable/i, "another program has it open (EBUSY); close that one first"],
];

/** Why a port does not open: what the system said, and what to do about it. */
export function explainOpening(error: unknown, path: string): RpcError {
  if (error instanceof RpcError) return error;
  const said = textOf(error).replace(/^Error: /, "");
  const advice = OPENING_ADVICE.find(([pattern]) => pattern.test(said))?.[1] ?? said;
  return openError("link-failure", `${path}: ${advice}`, error);
}

/** A port that has gone tells so by whatever is tried on it first: a read that ends, or a write that fails. */
export function explainFailure(error: unknown, path: string): RpcError {
  const said = textOf(error);
  const isGone =
    /\b(EIO|ENXIO|ENODEV|EBADF)\b|input\/output error|no such device|bad file descriptor|not open/i;
  if (isGone.test(said)) return unplugged(path, error);
  return openError("link-failure", `${path}: ${said}`, error);
}

export const unplugged = (path: string, cause?: unknown): RpcError =>
  openError("closed", `${path} was closed or unplugged`, cause);
