/**
 * What a link costs: what crosses the bus for a call, how fast calls and streams are in the guest, and what
 * memory a link and a message hold.
 */
import assert from "node:assert/strict";
import { createMaster } from "@rpcgen/runtime";
import { reportFigure } from "./results.mjs";
import { tools } from "./test-tools.mjs";

const CALLS = 50;
const ARGUMENT = new Uint8Array(32).map((_, index) => index * 7);
const FRAME_BYTES = 1024;
const FRAMES = 40;
const PATIENT = { sendTimeoutMs: 60_000, recvTimeoutMs: 60_000 };
const LINKS = 8;

/**
 * `openMaster()`, `openSlave()` as for the recorded exchanges; `counts(slave)` resolves with
 * `{ transactions, bytes }` since the start, as the bus or the kernel counts them; `largeBytes` of a result.
 */
export function describeFigures(name, { far, openMaster, openSlave, counts, unit, largeBytes }) {
  tools.it(`${name}: figures`, async () => {
    const slave = await openSlave();
    await far.start(slave, new URL("figures-slave.mjs", import.meta.url).href, "serveFigures");
    const master = createMaster(await openMaster());
    try {
      for (let call = 0; call < 10; call += 1) await master.call("echo", ARGUMENT, PATIENT);
      const before = await counts(slave);
      const startedMs = performance.now();
      for (let call = 0; call < CALLS; call += 1)
        assert.deepEqual(await master.call("echo", ARGUMENT, PATIENT), ARGUMENT);
      const seconds = (performance.now() - startedMs) / 1000;
      const after = await counts(slave);
      const perCall = (key) => ((after[key] - before[key]) / CALLS).toFixed(1);
      reportFigure(name, "payload of a 32-byte echo, bytes", ARGUMENT.length * 2);
      reportFigure(name, "bytes on the bus for it", perCall("bytes"));
      reportFigure(name, "frames or transactions for it", `${perCall("transactions")} ${unit}`);
      reportFigure(name, "calls a second", (CALLS / seconds).toFixed(1));
      await measureStream(name, master);
      await measureMemory(name, master, openMaster, largeBytes);
    } finally {
      await master.close();
      await slave.close();
    }
  });
}

async function measureStream(name, master) {
  const argument = new Uint8Array(8);
  new DataView(argument.buffer).setUint32(0, FRAME_BYTES, true);
  new DataView(argument.buffer).setUint32(4, FRAMES, true);
  const startedMs = performance.now();
  let frames = 0;
  for await (const frame of master.openStream("frames", argument, { queueDepth: 4, ...PATIENT })) {
    assert.equal(frame.length, FRAME_BYTES);
    frames += 1;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  assert.equal(frames, FRAMES);
  reportFigure(name, "stream of 1 KiB frames, frames a second", (frames / seconds).toFixed(1));
  reportFigure(name, "the same in MB a second", ((frames * FRAME_BYTES) / seconds / 1e6).toFixed(3));
}

async function measureMemory(name, master, openMaster, largeBytes) {
  const links = [await openMaster()]; // the first one brings code with it
  const base = heldBytes();
  while (links.length <= LINKS) links.push(await openMaster());
  reportFigure(name, "memory an open link holds, KiB", ((heldBytes() - base) / LINKS / 1024).toFixed(0));
  for (const link of links) await link.close();

  const argument = new Uint8Array(4);
  new DataView(argument.buffer).setUint32(0, largeBytes, true);
  const before = heldBytes();
  let most = before;
  const looking = setInterval(() => {
    most = Math.max(most, heldBytes());
  }, 5);
  const result = await master.call("large", argument, PATIENT);
  clearInterval(looking);
  assert.equal(result.length, largeBytes);
  reportFigure(
    name,
    `most memory held for a result of ${largeBytes} bytes, in its size`,
    ((most - before) / largeBytes).toFixed(2),
  );
}

/** After collections, so what counts is what is held. */
function heldBytes() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
