// A TypeScript slave with the functions that the recorded slave offered, on a link of the far end.
import { createSlave } from "@rpcgen/runtime";

/** Processors are slow here: a result is held as long as it takes. */
export const HOLD_MS = 20_000;

/** Serves until the link is closed. */
export async function serveRecordedFunctions(link, framesHex = []) {
  const slave = createSlave(link, { onError: () => {}, sendTimeoutMs: HOLD_MS });
  slave.register("echo", (argument) => argument.slice());
  slave.register("add", (argument) => {
    const view = new DataView(argument.buffer, argument.byteOffset);
    return int32(view.getInt32(0, true) + view.getInt32(4, true));
  });
  slave.register("big", (argument) => {
    const size = new DataView(argument.buffer, argument.byteOffset).getUint32(0, true);
    return new Uint8Array(size).map((_, index) => index * 7 + 1);
  });
  slave.register("stream_out", (_, context) => {
    slave.writeStream(
      context,
      framesHex.map((hex) => Buffer.from(hex, "hex")),
      { endMark: false },
    );
    return new Uint8Array(0);
  });
  await slave.serve().catch(() => {}); // its link was closed
}

function int32(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
