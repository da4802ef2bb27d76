// A TypeScript slave in a process of its own, behind a pseudo terminal: prints the path, then serves.
import { createSlave, createStreamLink, systemClock } from "@rpcgen/runtime";
import { registerAll } from "./functions.mjs";
import { openPty } from "./open-pty.mjs";

const pty = openPty((chunk) => stream.receive(chunk));
const stream = createStreamLink({ clock: systemClock, write: pty.write, close: async () => {} });
const slave = createSlave(stream.link);
registerAll(slave);
process.stdout.write(`${pty.path}\n`);
await slave.serve();
