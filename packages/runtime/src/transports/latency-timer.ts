/**
 * The latency timer of USB serial adapters on Linux: an FTDI chip holds what came in back for up to 16 ms by
 * default. It is set to 1 ms where that is allowed; where it is not, a hint says what would do it.
 */
import { readFile, realpath, writeFile } from "node:fs/promises";
import { basename } from "node:path";

export interface LatencySystem {
  /** The device behind a path that may be a link (`/dev/serial/by-id/…`). */
  realPath(path: string): Promise<string>;
  /** The text of a file, or null where there is none. */
  readText(path: string): Promise<string | null>;
  /** Rejects where it is not allowed. */
  writeText(path: string, text: string): Promise<void>;
}

export const linuxLatencySystem: LatencySystem = {
  realPath: (path) => realpath(path),
  readText: (path) => readFile(path, "utf8").catch(() => null),
  writeText: (path, text) => writeFile(path, text),
};

export const WANTED_LATENCY_MS = 1;

export interface LatencyTimer {
  /** How long the adapter holds bytes back now, in milliseconds. */
  readonly ms: number;
  /** What to do about it; null where it is as wanted. */
  readonly hint: string | null;
}

/**
 * Reads the timer and sets it if it is longer than wanted. Null where the port has none (it is no such
 * adapter, or the system no Linux).
 *
 * @param setLowLatency Asks the driver by the open port, which needs no root; rejects where it refuses.
 */
export async function tuneLatencyTimer(
  path: string,
  system: LatencySystem,
  setLowLatency: () => Promise<void>,
): Promise<LatencyTimer | null> {
  const device = basename(await system.realPath(path).catch(() => path));
  const file = `/sys/bus/usb-serial/devices/${device}/latency_timer`;
  const read = async () => Number.parseInt((await system.readText(file)) ?? "", 10);
  let ms = await read();
  if (Number.isNaN(ms)) return null;
  if (ms <= WANTED_LATENCY_MS) return { ms, hint: null };
  await system
    .writeText(file, String(WANTED_LATENCY_MS))
    .catch(setLowLatency)
    .catch(() => {});
  ms = await read();
  if (ms <= WANTED_LATENCY_MS) return { ms, hint: null };
  return {
    ms,
    hint: `${path}: the adapter holds bytes back for up to ${ms} ms; calls are faster after: echo ${WANTED_LATENCY_MS} | sudo tee ${file}`,
  };
}
