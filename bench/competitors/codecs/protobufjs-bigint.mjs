// protobufjs knows 64-bit numbers as pairs of 32 bits. All codecs here take and give a bigint, so it gets and
// gives one by the shortest way there is.

export function encoderOf(Type) {
  return ({ timeUs, blobs, label, thumbnail }) => {
    const bits = { low: Number(BigInt.asIntN(32, timeUs)), high: Number(BigInt.asIntN(32, timeUs >> 32n)) };
    return Type.encode({ timeUs: bits, blobs, label, thumbnail }).finish();
  };
}

export function decoderOf(Type) {
  return (bytes) => {
    const message = Type.decode(bytes);
    const { low, high } = message.timeUs;
    message.timeUs = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    return message;
  };
}
