/** A pseudo terminal for tests: a path that opens like a serial port, and the other end of it as a link. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import type { ReadStream } from "node:tty";
import { systemClock } from "../src/clock.js";
import { RpcError } from "../src/errors.js";
import type { Link } from "../src/link/link.js";
import { createStreamLink } from "../src/link/stream-link.js";

export interface Pty {
  readonly path: string;
  /** The end that a device would have. */
  readonly link: Link;
  /** Takes both ends away, as an unplugged cable does. */
  unplug(): Promise<void>;
}

interface Terminal {
  readonly master: ReadStream;
  readonly slave: ReadStream;
  readonly fd: number;
  readonly ptsName: string;
}

/** A terminal's buffer is full: there is no event for room in it, so the device's end looks again. */
const FULL_RETRY_MS = 1;

/**
 * Only the two sockets of node-pty's terminal are used. Its own `destroy` and `kill` must never be called:
 * without a child process its pid is -1, and they would signal every process of this user.
 */
export function openPty(): Pty {
  const { open } = createRequire(import.meta.url)("@lydell/node-pty") as {
    open(options: { encoding: null }): Terminal;
  };
  const { master, slave, fd, ptsName: path } = open({ encoding: null });
  // The path must stay open while nobody has it open, or the pair would hang up. A socket would read from
  // it, so a plain descriptor takes its place.
  const kept = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  slave.destroy();
  execFileSync("stty", [process.platform === "darwin" ? "-f" : "-F", path, "raw", "-echo"]);

  const unplug = () =>
    new Promise<void>((resolve) => {
      if (master.destroyed) return resolve();
      master.once("close", () => resolve());
      closeSync(kept);
      master.destroy();
    });
  const stream = createStreamLink({
    clock: systemClock,
    async write(data) {
      for (let written = 0; written < data.length; ) {
        if (master.destroyed) throw new RpcError("closed", "unplugged", { phase: "open", executed: "no" });
        const count = writeSome(fd, data.subarray(written));
        if (count === 0) await new Promise((resolve) => setTimeout(resolve, FULL_RETRY_MS));
        written += count;
      }
      return true;
    },
    close: unplug,
    pause: () => void master.pause(),
    resume: () => void master.resume(),
  });
  master.on("data", (chunk) => stream.receive(chunk, true));
  master.on("error", () => {});
  return { path, link: stream.link, unplug };
}

/** Writes what fits now. The descriptor never blocks, where the socket's own writes would. */
function writeSome(fd: number, data: Uint8Array): number {
  try {
    return writeSync(fd, data);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}
