/** The door to the optional `serialport` package, and as much of its shape as the UART link needs. */
import { RpcError } from "../errors.js";

export interface Port {
  readonly isOpen: boolean;
  open(callback: (error: Error | null) => void): void;
  close(callback: (error: Error | null) => void): void;
  write(data: Uint8Array, callback: (error: Error | null | undefined) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "close", listener: (error: Error | null) => void): unknown;
}

export type SerialPortConstructor = new (
  options: { readonly path: string; readonly baudRate: number; readonly autoOpen: false } & Record<
    string,
    unknown
  >,
) => Port;

const importSerialPort = (): Promise<unknown> => import("serialport");

/** Rejects with `missing-package` where it is not installed, and says how to install it. */
export async function loadSerialPort(
  load: () => Promise<unknown> = importSerialPort,
): Promise<SerialPortConstructor> {
  try {
    const { SerialPort } = (await load()) as { SerialPort: SerialPortConstructor };
    return SerialPort;
  } catch (cause) {
    throw new RpcError(
      "missing-package",
      "serial ports need the package serialport, which is not installed or not usable here: npm install serialport",
      { phase: "open", executed: "no", cause },
    );
  }
}
