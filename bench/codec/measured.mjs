// One codec in a process of its own, so that no other teaches V8 anything about the values that they share. It
// checks that every frame comes back as it was, then measures when it is told to.
import { pathToFileURL } from "node:url";
import { checkRoundTrip, frames } from "./frames.mjs";

/** Calls between two looks at the clock, which takes a while itself. */
const BATCH = 16;

/** Batches between two looks at the processor's time, which takes longer. */
const BATCHES = 64;

const [name, path] = process.argv.slice(2);
const { prepare = (frame) => frame, encode, decode } = await import(pathToFileURL(path).href);
const inputs = frames.map((frame) => prepare(frame));
checkRoundTrip(name, { encode, decode, inputs });
const messages = inputs.map((input) => encode(input));
const work = { encode: [encode, inputs], decode: [decode, messages] };

/** The last result, so that none can be left out. */
export let last;

process.on("message", ({ what, ms }) => process.send(measure(...work[what], ms)));
process.send({ byteLength: messages[0].length });

/**
 * For `ms` of the processor's time: calls a second of that time (the clock's would count whatever else the machine
 * does; garbage collection counts), and the µs, by the clock, that 99 of 100 calls stay below (by batches).
 */
function measure(call, values, ms) {
  const times = [];
  const before = process.cpuUsage();
  let usedUs = 0;
  while (usedUs < 1000 * ms) {
    for (let batch = 0; batch < BATCHES; batch++) times.push(timeOfBatch(call, values));
    const { user, system } = process.cpuUsage(before);
    usedUs = user + system;
  }
  const perSecond = (1e6 * BATCH * times.length) / usedUs;
  times.sort((a, b) => a - b);
  return { perSecond, p99Us: (1000 * times[Math.floor(0.99 * times.length)]) / BATCH };
}

function timeOfBatch(call, values) {
  const startedMs = performance.now();
  for (let i = 0; i < BATCH; i++) last = call(values[i % values.length]);
  return performance.now() - startedMs;
}
