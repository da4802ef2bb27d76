/**
 * The line as a pseudo terminal: programs open its path like a serial port, come and go. This side
 * keeps the slave end open too, so the line outlives its clients.
 */
import { execFile } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { platform } from "node:os";
import type { ReadStream } from "node:tty";
import { promisify } from "node:util";
import type { Line } from "./line.js";

/** A terminal's buffer is full: Node has no event for room in it, so the writer looks again this much later. */
const RETRY_MS = 1;
/** What nobody reads for so long is lost, as on a UART with nothing connected. */
const UNREAD_MS = 1000;

export async function openPtyLine(): Promise<Line> {
  const { master, kept, fd, path } = openPair();
  const release = (): void => {
    master.destroy();
    closeSync(kept);
  };
  try {
    // Bytes as they are: no echo, no line editing, no control characters.
    await promisify(execFile)("stty", [platform() === "darwin" ? "-f" : "-F", path, "raw", "-echo"]);
  } catch (error) {
    release();
    throw new Error(`the pseudo terminal ${path} could not be set to raw bytes`, { cause: error });
  }
  let closed = false;
  /** Whether anyone took the bytes last time; while nobody does, the board is not held up again. */
  let isRead = true;

  return {
    path,
    link: null,
    async write(data) {
      let written = 0;
      let movedAt = performance.now();
      while (written < data.length && !closed) {
        const count = writeSome(fd, data.subarray(written));
        written += count;
        if (count > 0) {
          isRead = true;
          movedAt = performance.now();
        } else if (!isRead || performance.now() - movedAt > UNREAD_MS) {
          isRead = false;
          return;
        } else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    },
    start(onData) {
      master.on("data", (data: Uint8Array) => {
        master.pause();
        void onData(data).then(() => master.resume());
      });
      master.resume();
    },
    async close() {
      if (closed) return;
      closed = true;
      const released = new Promise((resolve) => master.once("close", resolve));
      release();
      await released;
    },
  };
}

interface Pair {
  readonly master: ReadStream;
  /** The slave end, held open and never read: what comes there belongs to the clients. */
  readonly kept: number;
  readonly fd: number;
  readonly path: string;
}

/**
 * Only the two sockets are kept of node-pty's terminal. Its own `destroy()` and `kill()` must never be
 * called: it has no child process, its pid is -1, and they would signal every process of this user.
 */
function openPair(): Pair {
  const { open } = createRequire(import.meta.url)("@lydell/node-pty") as {
    open(options: { encoding: null }): {
      readonly master: ReadStream;
      readonly slave: ReadStream;
      readonly fd: number;
      readonly ptsName: string;
    };
  };
  const { master, slave, fd, ptsName: path } = open({ encoding: null });
  // Set flowing, and a socket may read ahead even when paused: a plain descriptor takes the slave's place.
  const kept = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  slave.destroy();
  master.pause();
  return { master, kept, fd, path };
}

/** Writes what fits now; 0 if nothing does. The descriptor never blocks. */
function writeSome(fd: number, data: Uint8Array): number {
  try {
    return writeSync(fd, data);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}
