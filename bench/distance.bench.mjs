// Calls to a stock-timed slave that is some milliseconds away, as behind a USB adapter: our master beside the stock one,
// which speaks step by step. The slave is a process of its own behind a pseudo terminal, with the delay both ways.
import { createMaster, systemClock } from "@rpcgen/runtime";
import { createStockMaster } from "@rpcgen/runtime/testing";
import { openUart } from "@rpcgen/runtime/uart";
import { median, quick, rounded } from "./measure.mjs";
import { PTY_BAUD_RATE, startSlave } from "./peers/start-slave.mjs";

const ONE_WAY_MS = quick ? [16] : [0, 4, 16];
const CALLS = quick ? 3 : 100;
/** Before what was learned counts. */
const LEARNING_CALLS = quick ? 2 : 60;
const STOCK_CALLS = quick ? 1 : 10;

const rows = [];
for (const oneWayMs of ONE_WAY_MS) {
  rows.push([`${oneWayMs} ms`, "learned", ...(await ours(oneWayMs, {}))]);
  rows.push([`${oneWayMs} ms`, "paired", ...(await ours(oneWayMs, { shape: "paired" }))]);
  rows.push([`${oneWayMs} ms`, "stock master, step by step", ...(await stock(oneWayMs))]);
}
console.log(
  JSON.stringify({
    title: "Calls from a distance",
    columns: ["one way", "master", "answered", "ms a call (median)", "tries a call"],
    rows,
    note: "32-byte echo over a pseudo terminal, which has no speed of its own. The slave has the stock library's timing and collects garbage in up to 0.1 ms, as MicroPython does on a computer.",
  }),
);

async function withLink(oneWayMs, body) {
  const slave = await startSlave("stock-slave-on-pty.mjs", ["--delay", oneWayMs]);
  const link = await openUart({ path: slave.path, baudRate: PTY_BAUD_RATE });
  try {
    return await body(link);
  } finally {
    await link.close();
    slave.stop();
  }
}

function ours(oneWayMs, options) {
  return withLink(oneWayMs, async (link) => {
    const master = createMaster(link, options);
    for (let call = 0; call < LEARNING_CALLS; call += 1)
      await master.call("echo", argumentOf(call)).catch(() => {});
    const before = triesOf(master);
    const result = await measure(CALLS, (argument) => master.call("echo", argument).catch(() => null));
    return [...result, rounded((triesOf(master) - before) / CALLS)];
  });
}

function triesOf(master) {
  return Object.values(master.stats.tries).reduce((sum, tries) => sum + tries, 0);
}

function stock(oneWayMs) {
  return withLink(oneWayMs, async (link) => {
    const master = createStockMaster({ end: { link, clock: systemClock }, kind: "desktop" });
    const result = await measure(STOCK_CALLS, (argument) => master.call("echo", argument));
    return [...result, rounded(master.tries / STOCK_CALLS)];
  });
}

async function measure(calls, call) {
  const times = [];
  for (let number = 0; number < calls; number += 1) {
    const argument = argumentOf(number);
    const startedMs = performance.now();
    const answer = await call(argument);
    if (answer === null) continue;
    if (Buffer.compare(answer, argument) !== 0) throw new Error("a wrong answer");
    times.push(performance.now() - startedMs);
  }
  return [`${times.length} of ${calls}`, times.length === 0 ? "" : rounded(median(times))];
}

function argumentOf(number) {
  const argument = new Uint8Array(32);
  new DataView(argument.buffer).setUint32(0, number, true);
  return argument;
}
