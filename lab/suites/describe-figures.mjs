/**
 * What a link costs: what crosses the bus for a call, how fast calls and streams are in the guest, and what
 * memory a link and a message hold.
 */
import assert from "node:assert/strict";
import { createMaster } from "@rpcgen/runtime";
import { HOLD_MS } from "./figures-slave.mjs";
import { reportFigure } from "./results.mjs";
import { figureTools } from "./test-tools.mjs";
import { beginWatch, endWatch, settledBytes } from "./watch-process.mjs";

const CALLS = 40;
const ARGUMENT = new Uint8Array(32).map((_, index) => index * 7);
const FRAME_BYTES = 1024;
const FRAMES = 40;
const STREAMS = 3;
const PATIENT = { sendTimeoutMs: 60_000, recvTimeoutMs: 60_000 };
const LINKS = 16;
const here = (file) => new URL(file, import.meta.url).href;

/**
 * `openMaster()`, `openSlave()` as for the recorded exchanges; `counts(slave)` resolves with
 * `{ transactions, bytes }` since the start, as the bus or the kernel counts them; `unit` is what it calls the
 * former; `largeBytes` of a result.
 */
export function describeFigures(name, { far, openMaster, openSlave, counts, unit, largeBytes }) {
  figureTools.it(`${name}: figures`, async () => {
    const slave = await openSlave();
    await far.start(slave, here("figures-slave.mjs"), "serveFigures");
    const link = countTurns(await openMaster());
    // Not left to choose, so that the figures are those of one way to speak: two packets at a time, where the link can.
    const master = createMaster(link, { shape: "paired", peerHoldMs: HOLD_MS });
    try {
      await measureCalls(name, { master, link, unit, counts: () => counts(slave) });
      await measureStreams(name, master);
      await measureLinks(name, openMaster);
      await measureMessage(name, master, far, largeBytes);
    } finally {
      await master.close();
      await slave.close();
    }
  });
}

/** Bytes, frames and turns of a call in which nothing had to be said again, which is the one with the least. */
async function measureCalls(name, { master, link, unit, counts }) {
  const least = { bytes: Infinity, transactions: Infinity, turns: Infinity };
  const tookMs = [];
  for (let call = 0; call < CALLS; call += 1) {
    const before = { ...(await counts()), turns: link.turns };
    const startedMs = performance.now();
    assert.deepEqual(await master.call("echo", ARGUMENT, PATIENT), ARGUMENT);
    tookMs.push(performance.now() - startedMs);
    const after = { ...(await counts()), turns: link.turns };
    for (const key of Object.keys(least)) least[key] = Math.min(least[key], after[key] - before[key]);
  }
  reportFigure(name, "payload of an echo of 32 bytes, bytes", ARGUMENT.length * 2);
  reportFigure(name, "bytes on the bus for it", least.bytes);
  reportFigure(name, "frames or transactions for it", `${least.transactions} ${unit}`);
  reportFigure(name, "turnarounds for it", least.turns);
  reportFigure(name, "calls a second, in the guest", (1000 / median(tookMs)).toFixed(1));
}

async function measureStreams(name, master) {
  const argument = uint32s(FRAME_BYTES, FRAMES);
  const perSecond = [];
  for (let stream = 0; stream < STREAMS; stream += 1) {
    let frames = 0;
    let startedMs = 0;
    for await (const frame of master.openStream("frames", argument, { queueDepth: 4, ...PATIENT })) {
      assert.equal(frame.length, FRAME_BYTES);
      if (frames === 0) startedMs = performance.now();
      frames += 1;
    }
    assert.equal(frames, FRAMES);
    perSecond.push(((frames - 1) * 1000) / (performance.now() - startedMs));
  }
  const frames = median(perSecond);
  reportFigure(name, "frames of 1 KiB a second, in the guest", frames.toFixed(1));
  reportFigure(name, "the same in MB a second", ((frames * FRAME_BYTES) / 1e6).toFixed(3));
}

async function measureLinks(name, openMaster) {
  const opened = [];
  const openAll = async () => {
    for (let link = 0; link < LINKS; link += 1) opened.push(await openMaster());
  };
  await openAll(); // the first ones bring code with them
  const base = await settledBytes();
  await openAll();
  const held = (await settledBytes()) - base;
  reportFigure(name, "memory that an open link holds, KiB", (held / LINKS / 1024).toFixed(0));
  for (const link of opened) await link.close();
}

async function measureMessage(name, master, far, largeBytes) {
  const argument = uint32s(largeBytes);
  // Code and its caches are there after the first one; and until the next call a slave keeps the result of the last.
  await master.call("large", argument, PATIENT);
  await master.call("echo", ARGUMENT, PATIENT);
  await far.call(here("watch-process.mjs"), "beginWatch");
  await beginWatch();
  const result = await master.call("large", argument, PATIENT);
  const sender = await far.call(here("watch-process.mjs"), "endWatch");
  const receiver = await endWatch();
  assert.equal(result.length, largeBytes);
  const inSize = (bytes) => (bytes / largeBytes).toFixed(1);
  const size = `${Math.round(largeBytes / 1024)} KiB`;
  reportFigure(
    name,
    "copies of a result, both sides together",
    `${inSize(sender.copiedBytes + receiver.copiedBytes)} (${size})`,
  );
  reportFigure(
    name,
    "memory held for it in its size, slave and master",
    `${inSize(sender.heldBytes)} + ${inSize(receiver.heldBytes)}`,
  );
}

/** The link with a count of how often something was read after something was written. */
function countTurns(link) {
  let turns = 0;
  let hasWritten = false;
  const { getBytes, putBytes } = link;
  return Object.create(link, {
    turns: { get: () => turns },
    getBytes: {
      async value(into, ...limits) {
        const isFilled = await getBytes.call(link, into, ...limits);
        if (isFilled && hasWritten) {
          turns += 1;
          hasWritten = false;
        }
        return isFilled;
      },
    },
    putBytes: {
      value(...args) {
        hasWritten = true;
        return putBytes.apply(link, args);
      },
    },
  });
}

function uint32s(...values) {
  const bytes = new Uint8Array(4 * values.length);
  for (const [index, value] of values.entries()) new DataView(bytes.buffer).setUint32(4 * index, value, true);
  return bytes;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
