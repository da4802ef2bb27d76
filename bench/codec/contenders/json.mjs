// JSON, which has neither 64-bit numbers nor bytes: those go as text.
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encode({ timeUs, blobs, label, thumbnail }) {
  const bytes = Buffer.from(thumbnail.buffer, thumbnail.byteOffset, thumbnail.length);
  return encoder.encode(
    JSON.stringify({ timeUs: String(timeUs), blobs, label, thumbnail: bytes.toString("base64") }),
  );
}

export function decode(bytes) {
  const { timeUs, blobs, label, thumbnail } = JSON.parse(decoder.decode(bytes));
  return { timeUs: BigInt(timeUs), blobs, label, thumbnail: Buffer.from(thumbnail, "base64") };
}
