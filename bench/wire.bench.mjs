// How much of a serial wire a large message has to itself, and how often its bytes are copied in memory on their way
// from one program into the other.
import { writeSync } from "node:fs";
import { createMaster, createMemoryLink, createSlave, createStreamLink, systemClock } from "@rpcgen/runtime";
import { listenTcp, openTcp } from "@rpcgen/runtime/network";
import { countCopiedBytes, createTimedLine } from "@rpcgen/runtime/testing";
import { openUart } from "@rpcgen/runtime/uart";
import { quick, rounded } from "./measure.mjs";
import { createExactClock } from "./peers/exact-clock.mjs";
import { openPty } from "./peers/open-pty.mjs";
import { PTY_BAUD_RATE } from "./peers/start-slave.mjs";

const MESSAGE_BYTES = quick ? 4096 : 64 * 1024;
const LARGE_BYTES = quick ? 1 << 20 : 16 << 20;
const BITS_A_BYTE = 10;

const rows = [];
for (const baudRate of [115_200, 921_600]) {
  const result = await shareOfWire(baudRate, "result");
  const argument = await shareOfWire(baudRate, "argument");
  rows.push([
    `${MESSAGE_BYTES / 1024} KiB at ${baudRate.toLocaleString("en-US")} baud`,
    percent(result),
    percent(argument),
    "",
    "",
  ]);
}
for (const [name, openEnds] of [
  ["memory link", async () => createMemoryLink()],
  ["pseudo terminal", openTerminal],
  ["TCP", openConnection],
]) {
  const { ofResult, ofArgument } = await copiesOver(openEnds);
  rows.push([`${LARGE_BYTES >> 20} MiB, ${name}`, "", "", rounded(ofResult), rounded(ofArgument)]);
}
console.log(
  JSON.stringify({
    title: "The wire",
    columns: [
      "message",
      "share of the wire, result",
      "share of the wire, argument",
      "copies of a result",
      "copies of an argument",
    ],
    rows,
    note: "The wire is paced, with our peers at both ends; its share is the time that the message's bytes take against the time of the call. Copies are those in the programs' memory, sender and receiver together.",
  }),
);

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}

async function shareOfWire(baudRate, which) {
  const clock = createExactClock();
  const line = createTimedLine({ clock, oneWayMs: 0, baudRate });
  const slave = createSlave(line.b.link, { clock });
  slave.register("take", () => new Uint8Array(0));
  slave.register("give", () => new Uint8Array(MESSAGE_BYTES));
  const serving = slave.serve().catch(() => {});
  const master = createMaster(line.a.link, { clock });
  const limits = { sendTimeoutMs: 60_000, recvTimeoutMs: 60_000 };
  const argument = new Uint8Array(which === "argument" ? MESSAGE_BYTES : 0);
  const call = () => master.call(which === "argument" ? "take" : "give", argument, limits);
  await master.call("take", new Uint8Array(0), limits);
  const startedMs = performance.now();
  await call();
  const tookMs = performance.now() - startedMs;
  await master.close();
  await serving;
  return (MESSAGE_BYTES * BITS_A_BYTE * 1000) / baudRate / tookMs;
}

/** How often one large message is copied each way, its sender and its receiver together. */
async function copiesOver(openEnds) {
  const [masterEnd, slaveEnd] = await openEnds();
  const message = new Uint8Array(LARGE_BYTES).fill(7);
  const slave = createSlave(slaveEnd, { maxMessageBytes: 2 * LARGE_BYTES });
  slave.register("give", () => message);
  slave.register("take", () => new Uint8Array(0));
  const serving = slave.serve().catch(() => {});
  const master = createMaster(masterEnd, { maxMessageBytes: 2 * LARGE_BYTES });
  const call = async (name, argument) => {
    const options = { sendTimeoutMs: 60_000, recvTimeoutMs: 60_000, repeatable: true };
    return countCopiedBytes(() => master.call(name, argument, options));
  };
  await call("take", new Uint8Array(0));
  const given = await call("give", new Uint8Array(0));
  const taken = await call("take", message);
  await master.close();
  await slaveEnd.close();
  await serving;
  return { ofResult: given / LARGE_BYTES, ofArgument: taken / LARGE_BYTES };
}

async function openTerminal() {
  const pty = openPty((chunk) => stream.receive(chunk, true));
  const stream = createStreamLink({
    clock: systemClock,
    write: (data) => writeAll(pty.fd, data),
    close: pty.close,
  });
  return [await openUart({ path: pty.path, baudRate: PTY_BAUD_RATE }), stream.link];
}

/** Both ends are in this program: the one must not hold up the other. */
async function writeAll(fd, data) {
  for (let written = 0; written < data.length; ) {
    try {
      written += writeSync(fd, data, written);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      await new Promise(setImmediate);
    }
  }
  return true;
}

async function openConnection() {
  const listener = await listenTcp({ host: "127.0.0.1", port: 0 });
  const ends = await Promise.all([openTcp({ host: "127.0.0.1", port: listener.port }), listener.accept()]);
  await listener.close();
  return ends;
}
