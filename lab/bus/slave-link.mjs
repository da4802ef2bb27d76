/**
 * The slave's end of I2C or SPI as a link of the runtime, over the socket of a bus (bus-messages.mjs): a
 * read waits for the master's write, a write for the master's read, and each is one transaction.
 */
import { RpcError } from "@rpcgen/runtime";
import { connectToBus, encodeCount } from "./bus-messages.mjs";

/** i2c-dev makes no transaction longer than this: one of just this length may be a part of more. */
const I2C_DEV_LARGEST = 8192;
const WRITE_DONE = "r";

/** What to say for a read or write, which message says that a read is done, and what of it was only a part. */
const I2C = {
  read: (length) => ["W", encodeCount(length)],
  readDone: "w",
  write: (data) => ["O", data.subarray(0, I2C_DEV_LARGEST)],
  isPart: (length) => length === I2C_DEV_LARGEST,
};
const SPI = {
  read: (length) => ["D", new Uint8Array(length)],
  readDone: "d",
  write: (data) => ["O", data],
  isPart: () => false,
};

export function openI2cTarget(path, address) {
  const bus = connectToBus(path);
  bus.send("A", Uint8Array.of(address));
  return createSlaveLink(bus, I2C);
}

export function openSpiSlave(path) {
  return createSlaveLink(connectToBus(path), SPI);
}

function createSlaveLink(bus, dialect) {
  let isClosed = false;
  let turn = Promise.resolve();

  /** What ended the transaction, or null if none came in time. */
  async function transact([kind, payload], done, timeoutMs, signal) {
    if (signal?.aborted) return null;
    let cancelled = false;
    const cancel = () => {
      if (cancelled || isClosed) return;
      cancelled = true;
      bus.send("C");
    };
    const timer = setTimeout(cancel, timeoutMs);
    signal?.addEventListener("abort", cancel, { once: true });
    let ended = null;
    try {
      bus.send(kind, payload);
      for (;;) {
        const message = await bus.next();
        if (message === null || isClosed) throw closed();
        if (message.kind === done) ended = message.payload;
        // After a cancel its answer always comes, also when the transaction was quicker.
        if (message.kind === "c" || (ended !== null && !cancelled)) return ended;
      }
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** One at a time, and not once the link is closed. */
  function inTurn(work) {
    const result = turn.then(() => {
      if (isClosed) throw closed();
      return work();
    });
    turn = result.catch(() => {});
    return result;
  }

  return {
    traits: { framing: "exact", streamDepth: 1, largestTransfer: null },
    available: 0,
    getBytes: (into, timeoutMs, signal) =>
      inTurn(async () => {
        for (let at = 0; at < into.length; ) {
          const data = await transact(dialect.read(into.length - at), dialect.readDone, timeoutMs, signal);
          if (data === null) return false;
          into.set(data, at);
          at += data.length;
          if (at < into.length && !dialect.isPart(data.length)) return false;
        }
        return true;
      }),
    putBytes: (data, timeoutMs, signal) =>
      inTurn(async () => {
        for (let at = 0; at < data.length; ) {
          const taken = await transact(dialect.write(data.subarray(at)), WRITE_DONE, timeoutMs, signal);
          if (taken === null) return false;
          const count = taken.readUInt32LE();
          at += count;
          if (at < data.length && !dialect.isPart(count)) return false;
        }
        return true;
      }),
    flush: async () => {},
    /** What the bus has counted; it then knows what this end waits for. */
    counts: () => bus.counts(),
    async close() {
      isClosed = true;
      bus.close();
      await turn;
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

function closed() {
  return new RpcError("closed", "the link was closed", { phase: "open", executed: "unknown" });
}
