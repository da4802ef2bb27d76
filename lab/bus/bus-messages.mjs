/**
 * How a slave's process reaches a bus of the laboratory: over a local socket, in messages of
 * `kind u8 · length u32 · payload`, little-endian. Kinds are letters, capital towards the bus.
 *
 * | kind | payload | meaning |
 * |---|---|---|
 * | `A` | address u8 | I2C: answer at this address from now on |
 * | `W` | count u32 | I2C: ready for a write of the master of so many bytes |
 * | `O` | bytes | ready for a read of the master, with these bytes; on SPI for a chip-select frame as long as they are |
 * | `D` | bytes | SPI: the same, and what the master sends meanwhile is wanted |
 * | `C` | | no longer ready; answered by `c` |
 * | `Q` | | ask for what the bus has counted |
 * | `w` | bytes | the master has written these |
 * | `r` | count u32 | the master has read so many |
 * | `d` | bytes | SPI: what the master sent in the frame for which `D` was ready |
 * | `c` | | from here on nothing comes of what was ready before |
 * | `q` | JSON | transactions, bytes and refusals since the start |
 *
 * `W`, `O` and `D` hold for one transaction. A slave that is not ready is no slave: the bus refuses (I2C)
 * or the master reads all ones (SPI).
 */
import { connect } from "node:net";

const HEADER_BYTES = 5;

/** Writes one message in one piece, its payload as it is: what a link is said to copy is not copied here. */
export function writeMessage(socket, kind, payload = new Uint8Array(0)) {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(kind.charCodeAt(0), 0);
  header.writeUInt32LE(payload.length, 1);
  socket.cork();
  socket.write(header);
  if (payload.length > 0) socket.write(payload);
  socket.uncork();
}

/** Payload of `W` and `r`. */
export function encodeCount(count) {
  const payload = Buffer.alloc(4);
  payload.writeUInt32LE(count);
  return payload;
}

/** A function that takes what comes over a socket and calls `onMessage(kind, payload)` for each whole message. */
export function createMessageReader(onMessage) {
  let chunks = [];
  let length = 0;
  let wanted = HEADER_BYTES;
  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < wanted) return;
    let pending = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    for (;;) {
      wanted = pending.length < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + pending.readUInt32LE(1);
      if (pending.length < wanted) break;
      const [kind, payload] = [String.fromCharCode(pending[0]), pending.subarray(HEADER_BYTES, wanted)];
      pending = pending.subarray(wanted);
      onMessage(kind, payload);
    }
    chunks = [pending];
    length = pending.length;
  };
}

/**
 * A slave's end of a bus: `send(kind, payload)`; `next()` for the next message as `{ kind, payload }`; and
 * `counts()`, whose answer comes when the bus has taken in everything sent before.
 */
export function connectToBus(path) {
  const socket = connect(path);
  const received = [];
  const waiting = [];
  const counting = [];
  const take = (message) => {
    if (message?.kind === "q") counting.shift()(JSON.parse(`${message.payload}`));
    else if (waiting.length > 0) waiting.shift()(message);
    else received.push(message);
  };
  socket.on(
    "data",
    createMessageReader((kind, payload) => take({ kind, payload })),
  );
  socket.on("error", () => {}); // "close" follows
  socket.on("close", () => take(null));
  return {
    send: (kind, payload) => writeMessage(socket, kind, payload),
    /** Null when the bus is gone. */
    next: () =>
      new Promise((resolve) => (received.length > 0 ? resolve(received.shift()) : waiting.push(resolve))),
    counts() {
      writeMessage(socket, "Q");
      return new Promise((resolve) => counting.push(resolve));
    },
    close: () => socket.destroy(),
  };
}
