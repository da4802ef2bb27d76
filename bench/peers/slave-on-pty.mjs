// A TypeScript slave in a process of its own, behind a pseudo terminal: prints the path, then serves.
// Only the sockets of node-pty's terminal are used: its own destroy() signals processes.
import { execFileSync } from "node:child_process";
import { constants, openSync } from "node:fs";
import { WriteStream } from "node:tty";
import pty from "@lydell/node-pty";
import { createSlave, createStreamLink, systemClock } from "@rpcgen/runtime";
import { registerAll } from "./functions.mjs";

const { master, slave: unread, fd, ptsName } = pty.open({ encoding: null });
openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY);
unread.destroy();
execFileSync("stty", ["-F", ptsName, "raw", "-echo"]);

const writer = new WriteStream(fd);
const stream = createStreamLink({
  clock: systemClock,
  write: (data) => new Promise((resolve) => writer.write(data, () => resolve(true))),
  close: async () => {},
});
master.on("data", (chunk) => stream.receive(chunk));
master.resume();

const slave = createSlave(stream.link);
registerAll(slave);
process.stdout.write(`${ptsName}\n`);
await slave.serve();
