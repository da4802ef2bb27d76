/** The slave of the campaign with an interface that comes and goes; it goes on serving whatever happens. */
import { createSlave } from "@rpcgen/runtime";
import { openCan } from "@rpcgen/runtime/can";

/**
 * Longer than the second that the master counts on: where a guest gets no processor for a second, that must not be what
 * makes a slave forget a call and run it again.
 */
const HOLD_MS = 20_000;
const runs = new Map();

/** Serves for ever; `countOf` tells from beside the bus how often a call ran. */
export async function startFlapSlave(options) {
  const link = await openCan(options);
  const slave = createSlave(link, { onError: () => {}, sendTimeoutMs: HOLD_MS });
  slave.register("count", (argument) => {
    const number = new DataView(argument.buffer, argument.byteOffset).getUint32(0, true);
    runs.set(number, countOf(number) + 1);
    return argument.slice();
  });
  slave.register("numbers", (_, context) => {
    slave.writeStream(context, numbers());
    return new Uint8Array(0);
  });
  void slave.serve();
}

export const countOf = (number) => runs.get(number) ?? 0;

function* numbers() {
  for (let number = 1; ; number += 1) {
    const frame = new Uint8Array(64);
    new DataView(frame.buffer).setUint32(0, number, true);
    yield frame;
  }
}
