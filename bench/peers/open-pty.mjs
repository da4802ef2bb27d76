// One pseudo terminal for a slave in a process of its own: its path, a way to write, and what comes.
// `close` hangs up. Only the sockets of node-pty's terminal are used: its own destroy() signals processes.
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { WriteStream } from "node:tty";
import pty from "@lydell/node-pty";

/** `onData` gets each chunk as it comes; `write` resolves when the terminal has taken the bytes. */
export function openPty(onData) {
  const { master, slave: unread, fd, ptsName } = pty.open({ encoding: null });
  const kept = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY);
  unread.destroy();
  execFileSync("stty", ["-F", ptsName, "raw", "-echo"]);
  let writer = null;
  master.on("data", onData);
  master.resume();
  return {
    path: ptsName,
    /** Does not block, until `write` is used, which holds up the whole program while the terminal is full. */
    fd,
    async close() {
      closeSync(kept);
      master.destroy();
    },
    write(data) {
      writer ??= new WriteStream(fd);
      return new Promise((resolve) => writer.write(data, () => resolve(true)));
    },
  };
}
