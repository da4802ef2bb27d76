// What a person writes who knows this one frame, trusts every value in it, and knows what is slow in JavaScript:
// an ArrayBuffer for each message, TextEncoder and TextDecoder for short texts. The bytes are those of rpcgen.
// It has no checks: no ranges, no lengths, no kinds.
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const SLAB_BYTES = 16_384;
let slab = new Uint8Array(SLAB_BYTES);
let view = new DataView(slab.buffer);
let free = 0;

export function encode(frame) {
  const { blobs, label, thumbnail } = frame;
  const most = 8 + 1 + 16 * blobs.length + 1 + 3 * label.length + 1 + thumbnail.length;
  if (free + most > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    view = new DataView(slab.buffer);
    free = 0;
  }
  const start = free;
  view.setBigUint64(start, frame.timeUs, true);
  view.setUint8(start + 8, blobs.length);
  let at = start + 9;
  for (let i = 0; i < blobs.length; i++) {
    const blob = blobs[i];
    view.setUint16(at, blob.x, true);
    view.setUint16(at + 2, blob.y, true);
    view.setUint16(at + 4, blob.w, true);
    view.setUint16(at + 6, blob.h, true);
    view.setFloat32(at + 8, blob.angle, true);
    view.setFloat32(at + 12, blob.score, true);
    at += 16;
  }
  const end = putText(at + 1, label);
  view.setUint8(at, end - at - 1);
  view.setUint8(end, thumbnail.length);
  slab.set(thumbnail, end + 1);
  free = end + 1 + thumbnail.length;
  return new Uint8Array(slab.buffer, start, free - start);
}

function putText(at, text) {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return at + encoder.encodeInto(text, slab.subarray(at)).written;
    slab[at + i] = unit;
  }
  return at + text.length;
}

export function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const timeUs = view.getBigUint64(0, true);
  const count = view.getUint8(8);
  const blobs = new Array(count);
  let at = 9;
  for (let i = 0; i < count; i++) {
    blobs[i] = {
      x: view.getUint16(at, true),
      y: view.getUint16(at + 2, true),
      w: view.getUint16(at + 4, true),
      h: view.getUint16(at + 6, true),
      angle: view.getFloat32(at + 8, true),
      score: view.getFloat32(at + 12, true),
    };
    at += 16;
  }
  const end = at + 1 + view.getUint8(at);
  const label = textOf(bytes, at + 1, end);
  const thumbnail = bytes.slice(end + 1, end + 1 + view.getUint8(end));
  return { timeUs, blobs, label, thumbnail };
}

/** Four characters a call, for as long as all are ASCII. */
function textOf(bytes, start, end) {
  let text = "";
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const a = bytes[at];
    const b = bytes[at + 1];
    const c = bytes[at + 2];
    const d = bytes[at + 3];
    if ((a | b | c | d) >= 0x80) return decoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(a, b, c, d);
  }
  for (; at < end; at++) {
    if (bytes[at] >= 0x80) return decoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(bytes[at]);
  }
  return text;
}
