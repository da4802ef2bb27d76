/** The line as one end of a memory link: the host holds the other end. No pseudo terminal is needed. */
import { createMemoryLink, RpcError } from "@rpcgen/runtime";
import type { Line } from "./line.js";

/** As long as timers can wait: the board has no deadline of its own. */
const FOREVER_MS = 2 ** 31 - 1;

export function openMemoryLine(): Line {
  const [hostEnd, boardEnd] = createMemoryLink();

  const pump = async (onData: (data: Uint8Array) => Promise<void>): Promise<void> => {
    const first = new Uint8Array(1);
    for (;;) {
      if (!(await boardEnd.getBytes(first, FOREVER_MS))) continue;
      const data = new Uint8Array(1 + boardEnd.available);
      data.set(first);
      await boardEnd.getBytes(data.subarray(1), 0);
      await onData(data);
    }
  };

  return {
    path: null,
    link: hostEnd,
    async write(data) {
      await ignoreClosed(boardEnd.putBytes(data, FOREVER_MS));
    },
    start(onData) {
      void ignoreClosed(pump(onData));
    },
    close: () => boardEnd.close(),
  };
}

/** The end of the line is no failure here: the board simply hears and says nothing any more. */
async function ignoreClosed(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof RpcError && error.code === "closed")) throw error;
  }
}
