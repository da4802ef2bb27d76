/**
 * An SPI bus whose slave is a process that connects to a socket (bus-messages.mjs). What belongs to one
 * chip-select frame is one transaction, however many transfers the kernel makes of it.
 *
 * node spi-bus.mjs <socket of the bus>
 */
import { createServer } from "node:net";
import { createMessageReader, encodeMessage } from "./bus-messages.mjs";
import { serveVirtualSpi } from "./virtual-spi.mjs";

/** What the slave sends when it has nothing more to send in a frame. */
const IDLE = 0xff;
/** So long a frame waits for the slave to be ready: processes take turns here that have a processor each elsewhere. */
const HOLD_MS = 50;

const counts = { transactions: 0, written: 0, read: 0, refused: 0 };
let slave = null;
let ready = null;
let onReady = () => {};

createServer((socket) => {
  slave = socket;
  ready = null;
  const onMessage = (kind, payload) => {
    if (kind === "D") {
      ready = Buffer.from(payload);
      onReady();
    } else if (kind === "C") {
      ready = null;
      socket.write(encodeMessage("c"));
    } else if (kind === "Q") socket.write(encodeMessage("q", Buffer.from(JSON.stringify(counts))));
  };
  socket.on("data", createMessageReader(onMessage));
  socket.on("error", () => {});
  socket.on("close", () => {
    if (slave === socket) slave = ready = null;
  });
}).listen(process.argv[2]);

let frame = null;
await serveVirtualSpi(async (received, isHeld) => {
  frame ??= { answer: await take(), at: 0, received: [] };
  const answer = Buffer.alloc(received.length, IDLE);
  if (frame.answer) answer.set(frame.answer.subarray(frame.at, frame.at + received.length));
  frame.at += received.length;
  frame.received.push(Buffer.from(received));
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
  const { answer, received } = frame;
  frame = null;
  counts.transactions += 1;
  if (answer === null) counts.refused += 1;
  else slave?.write(encodeMessage("d", Buffer.concat(received).subarray(0, answer.length)));
}
