// A slave with the timing of the camera's own library, in a process of its own behind a pseudo terminal that is
// `--delay` ms away: it waits 2 ms for a byte and discards what it has before each try. Prints the path, then serves.
// Its garbage is collected in up to `--garbage` ms: 0.1 is what MicroPython takes on a computer, 3 a camera.
import { createRandom, createStockSlave, createTimedLine, standardFunctions } from "@rpcgen/runtime/testing";
import { createExactClock } from "./exact-clock.mjs";
import { openPty } from "./open-pty.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const clock = createExactClock();
const line = createTimedLine({ clock, oneWayMs: option("delay", 0) });
const pty = openPty((chunk) => line.a.send(chunk));
createStockSlave({
  end: line.b,
  functions: standardFunctions(),
  random: createRandom(1),
  garbageMs: option("garbage", 0.1),
  receiveBytes: 64,
});
process.stdout.write(`${pty.path}\n`);

const first = new Uint8Array(1);
for (;;) {
  await line.a.link.getBytes(first, Number.POSITIVE_INFINITY);
  const bytes = new Uint8Array(1 + line.a.link.available);
  bytes.set(first);
  await line.a.link.getBytes(bytes.subarray(1), 0);
  await pty.write(bytes);
}
