/**
 * A process of its own that waits in the kernel for the master's clock. A transfer of a controller in slave
 * mode can't be taken back and blocks its thread until it is clocked; a process can be ended, and does not
 * keep the program that started it from ending. Started by `spi-slave.ts`, with the device as arguments.
 */
import { loadPackage } from "./load-package.js";
import type { SpiTransfer } from "./spi-bus.js";

interface SyncDevice {
  transferSync(message: SpiTransfer[]): unknown;
}

interface SyncSpiPackage {
  openSync(
    bus: number,
    device: number,
    options: { readonly mode: number; readonly maxSpeedHz: number; readonly bitsPerWord: number },
  ): SyncDevice;
}

/** What the process answers: that it is ready, what it received, or what failed. */
export type SpiSlaveAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly received: Uint8Array }
  | { readonly kind: "failed"; readonly code: string | null; readonly message: string };

const [bus, device, mode, speedHz, packagePath] = process.argv.slice(2);
const answer = (message: SpiSlaveAnswer): void => void process.send?.(message);

function tell(error: unknown): void {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  answer({ kind: "failed", code: typeof code === "string" ? code : null, message: String(message) });
}

try {
  const load = packagePath === undefined ? undefined : () => import(packagePath);
  const spi = await loadPackage<SyncSpiPackage>("spi-device", "SPI", load);
  const options = { mode: Number(mode), maxSpeedHz: Number(speedHz), bitsPerWord: 8 };
  const opened = spi.openSync(Number(bus), Number(device), options);
  process.on("message", (bytes: Uint8Array) => {
    const received = Buffer.alloc(bytes.length);
    try {
      opened.transferSync([
        { byteLength: bytes.length, sendBuffer: Buffer.from(bytes), receiveBuffer: received },
      ]);
      answer({ kind: "done", received });
    } catch (error) {
      tell(error);
    }
  });
  process.on("disconnect", () => process.exit());
  answer({ kind: "ready" });
} catch (error) {
  tell(error);
}
