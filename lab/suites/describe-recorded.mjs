/**
 * The recorded exchanges of stock peers on a real bus, both ways: our master with the recorded slave, and
 * the recorded master with our slave. Timing differs between machines, so what is said again counts once.
 */
import assert from "node:assert/strict";
import { createMaster, RpcError } from "@rpcgen/runtime";
import { playMaster } from "./recorded-master.mjs";
import { readExchanges } from "./recorded-turns.mjs";
import { tools } from "./test-tools.mjs";

const here = (file) => new URL(file, import.meta.url).href;

/**
 * `openMaster()` and `openSlave()` give the two ends' links, the latter at the far end; `slaveEnd` is the
 * name and arguments of the raw end that the recorded slave plays on; `frameMs` is longer than a frame of a stream
 * can take.
 */
export function describeRecorded(kind, { far, openMaster, openSlave, slaveEnd, frameMs = 3000 }) {
  tools.describe(`${kind}: recorded exchanges`, () => {
    for (const exchange of readExchanges(kind)) {
      tools.it(`${exchange.name}: our master with the recorded slave`, async () => {
        await far.call(here("recorded-slave.mjs"), "openEnd", ...slaveEnd);
        const played = far.call(here("recorded-slave.mjs"), "playSlave", exchange.turns);
        played.catch(() => {}); // awaited below
        const link = await openMaster();
        try {
          // Processors are slow here: the played slave holds what it has as long as it takes.
          const master = createMaster(link, { shape: "stepwise", peerHoldMs: 20_000 });
          const result = await speak(master, exchange, frameMs);
          assert.equal(result, exchange.resultHex);
          await played;
        } finally {
          await link.close();
        }
      });

      tools.it(`${exchange.name}: the recorded master with our slave`, async () => {
        const slave = await openSlave();
        const frames = exchange.stream?.framesHex ?? [];
        await far.start(slave, here("recorded-functions.mjs"), "serveRecordedFunctions", frames);
        const link = await openMaster();
        try {
          await playMaster(link, exchange.turns);
        } finally {
          await Promise.all([link.close(), slave.close()]);
        }
      });
    }
  });
}

async function speak(master, { call, stream }, frameMs) {
  const argument = Buffer.from(call.data_hex, "hex");
  // The slave's process may still be starting, and processors are slow here.
  const options = { sendTimeoutMs: 20_000, recvTimeoutMs: stream === null ? 20_000 : frameMs };
  if (stream === null) {
    return master.call(call.name, argument, options).then(toHex, (error) => {
      // An empty answer to a name that isn't there.
      if (error instanceof RpcError && error.code === "not-registered") return "";
      throw error;
    });
  }
  const reading = master.openStream(call.name, argument, { queueDepth: stream.queueDepth, ...options });
  const header = toHex(await reading.header);
  const frames = [];
  try {
    for await (const frame of reading) frames.push(toHex(frame));
  } catch (error) {
    // The recorded writer stops without an end mark; the frames are compared below.
    if (!(error instanceof RpcError)) throw error;
  }
  assert.deepEqual(frames, stream.framesHex);
  return header;
}

const toHex = (bytes) => Buffer.from(bytes).toString("hex");
