/**
 * How the camera's own library reads a CAN bus: a message of n bytes is frames of 8, 8, … and n mod 8, and any other
 * frame ends it; its controller keeps three frames, and the timeouts that it is given hold.
 */
import type { Clock } from "../../src/clock.js";
import type { StockPort } from "../../src/testing/index.js";
import type { CanMessage } from "../../src/transports/can-channel.js";
import { createStockWaits, readAfterDiscards, SHORT_TIMEOUT_MS } from "./stock-waits.js";
import type { CanBoard } from "./timed-can-bus.js";

const FIFO_FRAMES = 3;
const FRAME_BYTES = 8;

export interface StockCanOptions {
  readonly clock: Clock;
  readonly board: CanBoard;
  readonly messageId: number;
}

export function createStockCan({ clock, board, messageId: id }: StockCanOptions): StockPort {
  const waits = createStockWaits(clock);
  const fifo: Uint8Array[] = [];
  board.isOn = true;
  board.onFrame = (message: CanMessage) => {
    if (message.err || message.ext || message.rtr || message.id !== id) return;
    // What finds the FIFO full is lost.
    if (fifo.length < FIFO_FRAMES) fifo.push(message.data);
    waits.wake();
  };

  const port: StockPort = {
    readAfterDiscard: (size, garbageMs, until) => readAfterDiscards(port, clock, size, garbageMs, until),
    async read(size, { timeoutMs = SHORT_TIMEOUT_MS } = {}) {
      const until = clock.now() + timeoutMs;
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size; ) {
        const frame = fifo.shift();
        if (frame === undefined) {
          if (clock.now() >= until) return null;
          await waits.wait(until, true);
          continue;
        }
        if (frame.length !== Math.min(FRAME_BYTES, size - at)) return null;
        bytes.set(frame, at);
        at += frame.length;
      }
      return bytes;
    },
    discard: () => void fifo.splice(0),
    async put(bytes, timeoutMs = 1000) {
      const until = clock.now() + timeoutMs;
      let left = Math.ceil(bytes.length / FRAME_BYTES);
      for (let at = 0; at < bytes.length; at += FRAME_BYTES) {
        const data = bytes.subarray(at, at + FRAME_BYTES);
        void board.send({ id, ext: false, rtr: false, data }).then(() => {
          left -= 1;
          if (left === 0) waits.wake();
        });
      }
      while (left > 0) {
        if (clock.now() >= until) {
          board.clear();
          return false;
        }
        await waits.wait(until, true);
      }
      return true;
    },
    sleep: (ms) => waits.wait(clock.now() + ms, false),
    stop() {
      waits.stop();
      board.onFrame = () => {};
      board.isOn = false;
    },
  };
  return port;
}
