// What a person writes who knows this one frame and trusts every value in it.
const text = new TextEncoder();
const fromUtf8 = new TextDecoder();

export function encodeByHand(frame) {
  const label = text.encode(frame.label);
  const count = frame.blobs.length;
  const bytes = new Uint8Array(8 + 1 + count * 16 + 1 + label.length + 1 + frame.thumbnail.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, frame.timeUs, true);
  bytes[8] = count;
  let at = 9;
  for (const blob of frame.blobs) {
    view.setUint16(at, blob.x, true);
    view.setUint16(at + 2, blob.y, true);
    view.setUint16(at + 4, blob.w, true);
    view.setUint16(at + 6, blob.h, true);
    view.setFloat32(at + 8, blob.angle, true);
    view.setFloat32(at + 12, blob.score, true);
    at += 16;
  }
  bytes[at] = label.length;
  bytes.set(label, at + 1);
  at += 1 + label.length;
  bytes[at] = frame.thumbnail.length;
  bytes.set(frame.thumbnail, at + 1);
  return bytes;
}

export function decodeByHand(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const timeUs = view.getBigUint64(0, true);
  const blobs = [];
  let at = 9;
  for (let left = view.getUint8(8); left > 0; left -= 1) {
    blobs.push({
      x: view.getUint16(at, true),
      y: view.getUint16(at + 2, true),
      w: view.getUint16(at + 4, true),
      h: view.getUint16(at + 6, true),
      angle: view.getFloat32(at + 8, true),
      score: view.getFloat32(at + 12, true),
    });
    at += 16;
  }
  const labelLength = view.getUint8(at);
  const label = fromUtf8.decode(bytes.subarray(at + 1, at + 1 + labelLength));
  at += 1 + labelLength;
  const thumbnail = bytes.slice(at + 1, at + 1 + view.getUint8(at));
  return { timeUs, blobs, label, thumbnail };
}
