/**
 * Where an encoder writes. Small messages share a slab: an `ArrayBuffer` of its own costs more than packing
 * such a message does. No byte of a slab is handed out twice; each result is a view of its own bytes, as those
 * of Node's `Buffer` are. What is written into is not zeros: encoders write every byte.
 */
import { Misfit } from "./misfit.js";

/** A packet's size field counts 32 bits, its crc's two bytes and then some included. */
const LARGEST_MESSAGE = 2 ** 32 - 5;

const SLAB_BYTES = 16_384;

/** The slab for the next message. While one is written there is none, so that a getter may encode, too. */
let spare: Writer | null = null;

export class Writer {
  bytes: Uint8Array;
  view: DataView;
  /** Of the buffer. */
  size: number;
  /** Where the message begins. */
  start: number;

  constructor(bytes: Uint8Array, view: DataView, start: number) {
    this.bytes = bytes;
    this.view = view;
    this.size = bytes.length;
    this.start = start;
  }

  /** Makes sure that `size` bytes fit in at `at`. Both `bytes` and `view` may be others afterwards. */
  room(at: number, size: number): DataView {
    if (at + size > this.size) grow(this, at + size);
    return this.view;
  }

  /** The message, which ends at `end`. The writer is not to be used again. */
  finish(end: number): Uint8Array {
    const { start } = this;
    if (this.size !== SLAB_BYTES || end > SLAB_BYTES) return fitted(this, end);
    this.start = end;
    spare = this;
    return new Uint8Array(this.view.buffer, start, end - start);
  }
}

/** For a message of `size` bytes, or which begins with as many: there is room for those. */
export function startMessage(size: number): Writer {
  const to = spare;
  // A buffer that someone transferred has no length any more.
  if (to === null || size > to.bytes.length - to.start) return newWriter(size);
  spare = null;
  return to;
}

function newWriter(size: number): Writer {
  if (size > LARGEST_MESSAGE) throw tooLarge(size);
  const bytes = new Uint8Array(Math.max(size, SLAB_BYTES));
  return new Writer(bytes, new DataView(bytes.buffer), 0);
}

/** The message moves out of the slab and keeps its offsets, which those who write it hold. */
function grow(to: Writer, length: number): void {
  const { bytes, view, start } = to;
  if (length - start > LARGEST_MESSAGE) throw tooLarge(length - start);
  const grown = new Uint8Array(Math.max(length, 2 * bytes.length));
  grown.set(bytes.subarray(start), start);
  to.bytes = grown;
  to.view = new DataView(grown.buffer);
  to.size = grown.length;
  if (bytes.length === SLAB_BYTES && spare === null) spare = new Writer(bytes, view, start);
}

/** Of a buffer that no other message is in. What is much too large is not kept alive. */
function fitted({ bytes, start }: Writer, end: number): Uint8Array {
  // Only in spite of `room`: a value that changed while it was written.
  if (end > bytes.length) throw new Misfit("", "changed while it was encoded");
  const size = end - start;
  return bytes.length - size > size / 4 ? bytes.slice(start, end) : bytes.subarray(start, end);
}

function tooLarge(size: number): Misfit {
  return new Misfit("", `${size} bytes are more than a message can have`);
}
