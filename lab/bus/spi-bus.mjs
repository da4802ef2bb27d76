/**
 * An SPI bus whose slave is a process that connects to a socket (bus-messages.mjs). What belongs to one
 * chip-select frame is one transaction, however many transfers the kernel makes of it.
 *
 * node spi-bus.mjs <socket of the bus>
 */
import { createServer } from "node:net";
import { createMessageReader, encodeCount, writeMessage } from "./bus-messages.mjs";
import { serveVirtualSpi } from "./virtual-spi.mjs";

/** What the slave sends when it has nothing more to send in a frame. */
const IDLE = 0xff;
/** So long a frame waits for the slave to be ready: processes take turns here that have a processor each elsewhere. */
const HOLD_MS = 50;

const counts = { transactions: 0, written: 0, read: 0, refused: 0 };
let slave = null;
let ready = null;
/** The chip-select frame that is under way. */
let frame = null;
let onReady = () => {};

createServer((socket) => {
  slave = socket;
  ready = null;
  const onMessage = (kind, payload) => {
    if (kind === "D" || kind === "O") {
      ready = { socket, bytes: payload, isListening: kind === "D", isOver: false };
      onReady();
    } else if (kind === "C") {
      ready = null;
      if (frame?.ready) frame.ready.isOver = true;
      writeMessage(socket, "c");
    } else if (kind === "Q") writeMessage(socket, "q", Buffer.from(JSON.stringify(counts)));
  };
  socket.on("data", createMessageReader(onMessage));
  socket.on("error", () => {});
  socket.on("close", () => {
    if (slave === socket) slave = ready = null;
  });
}).listen(process.argv[2]);

await serveVirtualSpi(async (received, isHeld) => {
  frame ??= { ready: await take(), at: 0, received: [] };
  const answer = Buffer.alloc(received.length, IDLE);
  if (frame.ready) answer.set(frame.ready.bytes.subarray(frame.at, frame.at + received.length));
  frame.at += received.length;
  if (frame.ready?.isListening) frame.received.push(Buffer.from(received));
  counts.written += received.length;
  counts.read += received.length;
  if (!isHeld) endFrame();
  return answer;
});
console.log("SPI slave's side open");

async function take() {
  if (slave !== null && ready === null) {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, HOLD_MS);
      onReady = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  const taken = ready;
  ready = null;
  return taken;
}

function endFrame() {
  const { ready: answered, at, received } = frame;
  frame = null;
  counts.transactions += 1;
  if (answered === null) counts.refused += 1;
  else if (!answered.isOver) tellSlave(answered, at, received);
}

function tellSlave({ socket, bytes, isListening }, clocked, received) {
  if (isListening) writeMessage(socket, "d", Buffer.concat(received).subarray(0, bytes.length));
  else writeMessage(socket, "r", encodeCount(Math.min(clocked, bytes.length)));
}
