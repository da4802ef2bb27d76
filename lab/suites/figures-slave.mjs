// What the figures are measured with: echo, a large result, and a stream.
import { createSlave } from "@rpcgen/runtime";

/** Longer than any call takes in a guest. */
export const HOLD_MS = 60_000;

/** Serves until the link is closed. */
export function serveFigures(link) {
  const slave = createSlave(link, { onError: () => {}, sendTimeoutMs: HOLD_MS });
  const numberAt = (argument, at) => new DataView(argument.buffer, argument.byteOffset).getUint32(at, true);
  slave.register("echo", (argument) => argument.slice());
  slave.register("large", (argument) => new Uint8Array(numberAt(argument, 0)).fill(0x5a));
  slave.register("frames", (argument, context) => {
    const frame = new Uint8Array(numberAt(argument, 0)).map((_, index) => index);
    slave.writeStream(context, repeat(frame, numberAt(argument, 4)));
    return new Uint8Array(0);
  });
  return slave.serve().catch(() => {});
}

function* repeat(frame, count) {
  for (let index = 0; index < count; index += 1) yield frame;
}
