/**
 * What moving a large message costs the process it is in: memory held meanwhile, and bytes copied in JavaScript. One
 * watch at a time; the far end's process loads this file too.
 */

const LOOK_EVERY_MS = 100;
/** A look collects garbage, which takes an emulated processor long: the process is there for the message. */
const SHARE_OF_LOOKS = 1 / 20;
const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
const { set, slice } = typedArray;

let watch = null;

export function beginWatch() {
  const base = heldBytes();
  watch = { base, most: base, copied: 0, timer: null };
  lookAgainIn(LOOK_EVERY_MS);
  typedArray.set = function (source, offset) {
    watch.copied += source.length;
    return set.call(this, source, offset);
  };
  typedArray.slice = function (...range) {
    const made = slice.apply(this, range);
    watch.copied += made.length;
    return made;
  };
}

/** `{ heldBytes, copiedBytes }` since the beginning; what was held before does not count. */
export function endWatch() {
  Object.assign(typedArray, { set, slice });
  clearTimeout(watch.timer);
  look();
  return { heldBytes: watch.most - watch.base, copiedBytes: watch.copied };
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
