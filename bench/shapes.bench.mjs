// The three ways to speak to a stock slave, and the one that is learned, at every distance: how many calls are
// answered, and how long one takes. In virtual time, with a modelled slave that collects garbage for up to 3 ms before
// each try, so the figures are the same on every machine. Draws the plot of the README.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMaster } from "@rpcgen/runtime";
import {
  createRandom,
  createStockSlave,
  createTimedLine,
  createVirtualClock,
  standardFunctions,
} from "@rpcgen/runtime/testing";
import { median, quick, rounded } from "./measure.mjs";
import { plotOf } from "./plot.mjs";

const PLOT = join(dirname(fileURLToPath(import.meta.url)), "..", "docs", "images", "calls-by-delay.svg");
const DELAYS_MS = quick ? [0, 16] : [0, 1, 2, 4, 7, 10, 16, 20, 25, 32, 40];
const CALLS = quick ? 5 : 300;
const LEARNING_CALLS = quick ? 2 : 200;
const SHAPES = [
  { name: "step by step", options: { shape: "stepwise" } },
  { name: "paired", options: { shape: "paired" } },
  { name: "one trip", options: { shape: "one-trip" } },
  { name: "learned", options: {} },
];

const series = [];
for (const { name, options } of SHAPES) {
  const points = [];
  for (const oneWayMs of DELAYS_MS) points.push({ oneWayMs, ...(await measure(oneWayMs, options)) });
  series.push({ name, points });
}
if (!quick) writeFileSync(PLOT, plotOf(series));
console.log(
  JSON.stringify({
    title: "Ways to speak, by distance",
    columns: ["one way", ...SHAPES.map(({ name }) => `${name}: answered, ms a call`)],
    rows: DELAYS_MS.map((oneWayMs, index) => [
      `${oneWayMs} ms`,
      ...series.map(({ points }) => {
        const { answered, ms } = points[index];
        return `${Math.round(answered * 100)} %${Number.isNaN(ms) ? "" : `, ${rounded(ms)}`}`;
      }),
    ]),
    note: "32-byte echo, virtual time, median; a modelled camera that collects garbage for up to 3 ms before each try.",
  }),
);

async function measure(oneWayMs, options) {
  const clock = createVirtualClock();
  const line = createTimedLine({ clock, oneWayMs });
  const slave = createStockSlave({
    end: line.b,
    functions: standardFunctions(),
    random: createRandom(3),
    receiveBytes: 64,
  });
  const master = createMaster(line.a.link, { clock, ...options });
  const argument = new Uint8Array(32);
  const view = new DataView(argument.buffer);
  const timesMs = [];
  let answered = 0;
  for (let call = 0; call < LEARNING_CALLS + CALLS; call += 1) {
    view.setUint32(0, call);
    const startedMs = clock.now();
    const answer = await clock.run(master.call("echo", argument).catch(() => null));
    if (call < LEARNING_CALLS || answer === null) continue;
    answered += 1;
    timesMs.push(clock.now() - startedMs);
  }
  await clock.run(master.close());
  slave.stop();
  return { answered: answered / CALLS, ms: timesMs.length === 0 ? Number.NaN : median(timesMs) };
}
