/** What a serial port is opened with, and what of it can't be: from a URL or from JavaScript anything may come. */
import { openError } from "./open-error.js";

/** What the `serialport` package offers, by its names. */
export interface SerialSettings {
  readonly dataBits?: 5 | 6 | 7 | 8;
  readonly stopBits?: 1 | 1.5 | 2;
  readonly parity?: "none" | "even" | "odd" | "mark" | "space";
  /** Hardware flow control. */
  readonly rtscts?: boolean;
  /** Software flow control of what is written; it eats two values of a byte, which the protocol needs. */
  readonly xon?: boolean;
  /** Software flow control of what is read; as `xon`. */
  readonly xoff?: boolean;
  readonly xany?: boolean;
  /** Whether the modem lines drop on close; true by default. */
  readonly hupcl?: boolean;
  /** Keeps other programs off the port; true by default. */
  readonly lock?: boolean;
  /** How RTS is driven; Windows only. */
  readonly rtsMode?: "handshake" | "enable" | "toggle";
  /** The fewest bytes that a read waits for; Linux and macOS only. */
  readonly vmin?: number;
  /** Tenths of a second that a read waits between bytes; Linux and macOS only. */
  readonly vtime?: number;
  /** Bytes read at once; 65,536 by default. */
  readonly highWaterMark?: number;
  /** Level of the DTR line once the port is open; left as the system has it by default, which raises it. */
  readonly dtr?: boolean;
  /** Level of the RTS line; like `dtr`. */
  readonly rts?: boolean;
  /** Sets a USB adapter's latency timer to 1 ms; true by default. Linux only. */
  readonly lowLatency?: boolean;
  /** Told what would make the link faster; a warning of the process by default. */
  readonly onHint?: (hint: string) => void;
}

/** What each of these may be; the package opens the port with something else for all the rest, without a word. */
const CHOICES = {
  dataBits: [5, 6, 7, 8],
  stopBits: [1, 1.5, 2],
  parity: ["none", "even", "odd", "mark", "space"],
  rtsMode: ["handshake", "enable", "toggle"],
} as const;
/** From and to, of whole numbers; the terminal keeps the first two in a byte. */
const RANGES = { vmin: [0, 255], vtime: [0, 255], highWaterMark: [1, 0x4000_0000] } as const;

/** @throws RpcError `bad-argument` */
export function checkSerialSettings(path: string, baudRate: number, settings: SerialSettings): void {
  if (typeof path !== "string" || path === "") {
    throw openError("bad-argument", "a serial link needs the path of its port, such as /dev/ttyUSB0 or COM3");
  }
  if (!Number.isInteger(baudRate) || baudRate <= 0) {
    throw openError("bad-argument", `a baud rate is a whole number above 0, not ${baudRate}`);
  }
  for (const name of ["dataBits", "stopBits", "parity", "rtsMode"] as const) {
    const value: string | number | undefined = settings[name];
    const choices: readonly (string | number)[] = CHOICES[name];
    if (value !== undefined && !choices.includes(value)) {
      throw openError("bad-argument", `${name} is one of ${choices.join(", ")}, not ${value}`);
    }
  }
  for (const name of ["vmin", "vtime", "highWaterMark"] as const) {
    const value = settings[name];
    const [lowest, highest] = RANGES[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= lowest && value <= highest)) {
      throw openError("bad-argument", `${name} is a whole number from ${lowest} to ${highest}, not ${value}`);
    }
  }
}
