/**
 * What moving a large message costs the process it is in: memory held meanwhile, and bytes copied in JavaScript. One
 * watch at a time; the far end's process loads this file too.
 */

const LOOK_EVERY_MS = 100;
const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
const { set, slice } = typedArray;

let watch = null;

export function beginWatch() {
  const base = heldBytes();
  watch = { base, most: base, copied: 0, timer: setInterval(look, LOOK_EVERY_MS) };
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
  clearInterval(watch.timer);
  look();
  return { heldBytes: watch.most - watch.base, copiedBytes: watch.copied };
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
