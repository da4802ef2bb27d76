/**
 * What moving a large message costs the process it is in: memory held meanwhile, and bytes copied in JavaScript. One
 * watch at a time; the far end's process loads this file too.
 */
import { countCopiedBytes } from "@rpcgen/runtime/testing";

const LOOK_EVERY_MS = 20;
/** A look collects garbage, which takes an emulated processor long: the process is there for the message. */
const SHARE_OF_LOOKS = 1 / 4;
/** The frames of CAN have so many bytes: there each copy of one is a part of the message. */
const SMALLEST_COPY_BYTES = 8;

let watch = null;

export async function beginWatch() {
  const base = await settledBytes();
  let end = null;
  const copied = countCopiedBytes(() => new Promise((resolve) => (end = resolve)), {
    smallestBytes: SMALLEST_COPY_BYTES,
  });
  watch = { base, most: base, timer: null, copied, end };
  lookAgainIn(LOOK_EVERY_MS);
}

/** `{ heldBytes, copiedBytes }` since the beginning; what was held before does not count. */
export async function endWatch() {
  const { base, timer, copied, end } = watch;
  clearTimeout(timer);
  look();
  end();
  return { heldBytes: watch.most - base, copiedBytes: await copied };
}

function lookAgainIn(ms) {
  watch.timer = setTimeout(() => {
    const startedMs = performance.now();
    look();
    lookAgainIn(Math.max(LOOK_EVERY_MS, (performance.now() - startedMs) / SHARE_OF_LOOKS));
  }, ms);
}

function look() {
  watch.most = Math.max(watch.most, heldBytes());
}

/** The same, once what was let go of before has been freed in the turns that it takes. */
export async function settledBytes() {
  for (let turn = 0; turn < 5; turn += 1) {
    heldBytes();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return heldBytes();
}

/** After collections, so what counts is what is held. */
function heldBytes() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
