/**
 * The slave's side of the virtual SPI controller (lab/kernel/virtual_spi.c) for a process that connects to
 * a socket (bus-messages.mjs). Takes transfer after transfer from the kernel, and what belongs to one
 * chip-select frame together.
 *
 * node spi-slave-bus.mjs <socket of the bus>
 */
import { open } from "node:fs/promises";
import { createServer } from "node:net";
import { createMessageReader, encodeMessage } from "./bus-messages.mjs";

/** The module's `struct transfer_header`. */
const HEADER_BYTES = 16;
const HELD_AT = 13;
/** More than spidev's buffer can be set to in one transfer. */
const LARGEST_BYTES = 1 << 20;
/** What the slave sends when it has nothing more to send in a frame. */
const IDLE = 0xff;

const counts = { transactions: 0, written: 0, read: 0, refused: 0 };
let slave = null;
let ready = null;

createServer((socket) => {
  slave = socket;
  ready = null;
  const onMessage = (kind, payload) => {
    if (kind === "D") ready = Buffer.from(payload);
    else if (kind === "C") {
      ready = null;
      socket.write(encodeMessage("c"));
    } else if (kind === "Q") socket.write(encodeMessage("q", Buffer.from(JSON.stringify(counts))));
  };
  socket.on("data", createMessageReader(onMessage));
  socket.on("error", () => {});
  socket.on("close", () => {
    if (slave === socket) slave = ready = null;
  });
}).listen(process.argv[2] ?? "/run/spi-bus");

const device = await open("/dev/virtual-spi", "r+");
const buffer = Buffer.alloc(HEADER_BYTES + LARGEST_BYTES);
console.log("SPI slave's side open");
for (;;) {
  const frame = { answer: ready, at: 0, received: [] };
  ready = null;
  while (await transfer(frame)) {}
  counts.transactions += 1;
  if (frame.answer === null) counts.refused += 1;
  else slave?.write(encodeMessage("d", Buffer.concat(frame.received).subarray(0, frame.answer.length)));
}

/** Answers one transfer; true if another one of the same frame follows. */
async function transfer(frame) {
  const { bytesRead } = await device.read(buffer, 0, buffer.length, null);
  // The slave may have become ready while the kernel had nothing for it.
  if (frame.at === 0 && frame.answer === null) {
    frame.answer = ready;
    ready = null;
  }
  const length = bytesRead - HEADER_BYTES;
  const answer = Buffer.alloc(length, IDLE);
  if (frame.answer) answer.set(frame.answer.subarray(frame.at, frame.at + length));
  frame.at += length;
  frame.received.push(Buffer.from(buffer.subarray(HEADER_BYTES, bytesRead)));
  const isHeld = buffer[HELD_AT] === 1;
  await device.write(answer);
  counts.written += length;
  counts.read += length;
  return isHeld;
}
