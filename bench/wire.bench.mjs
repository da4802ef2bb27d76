// How much of a serial wire a large message has to itself, and how often its bytes are copied in memory on their way
// from one program into the other.
import { createMaster, createMemoryLink, createSlave } from "@rpcgen/runtime";
import { createTimedLine } from "@rpcgen/runtime/testing";
import { quick, rounded } from "./measure.mjs";
import { createExactClock } from "./peers/exact-clock.mjs";

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
  ]);
}
rows.push(["in memory", "", "", rounded(await copiesOfMessage())]);
console.log(
  JSON.stringify({
    title: "The wire",
    columns: ["message", "share of the wire, result", "share of the wire, argument", "copies of a result"],
    rows,
    note: "The wire is paced, with our peers at both ends; its share is the time that the message's bytes take against the time of the call. Copies are counted on a memory link, sender and receiver together, while one result of 16 MiB goes over.",
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

/** Counts the bytes of every copy that is large enough to be the message, whoever makes it. */
async function copiesOfMessage() {
  const [masterEnd, slaveEnd] = createMemoryLink();
  const result = new Uint8Array(LARGE_BYTES).fill(7);
  const slave = createSlave(slaveEnd, { maxMessageBytes: 2 * LARGE_BYTES });
  slave.register("give", () => result);
  const serving = slave.serve().catch(() => {});
  const master = createMaster(masterEnd, { maxMessageBytes: 2 * LARGE_BYTES });
  await master.call("give", new Uint8Array(0), { recvTimeoutMs: 60_000 });
  const prototype = Object.getPrototypeOf(Uint8Array.prototype);
  const { set, slice, fill, copyWithin } = prototype;
  let copied = 0;
  prototype.set = function (source, offset) {
    if (source.length >= 4096) copied += source.length;
    return set.call(this, source, offset);
  };
  prototype.slice = function (...range) {
    const made = slice.apply(this, range);
    if (made.length >= 4096) copied += made.length;
    return made;
  };
  prototype.copyWithin = function (...range) {
    copied += this.length;
    return copyWithin.apply(this, range);
  };
  try {
    await master.call("give", new Uint8Array(0), { recvTimeoutMs: 60_000 });
  } finally {
    Object.assign(prototype, { set, slice, fill, copyWithin });
  }
  await master.close();
  await serving;
  return copied / LARGE_BYTES;
}
