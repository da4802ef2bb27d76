/** The camera library's `stream_writer` and `stream_reader` over UART, for scheduled callbacks of a modelled slave. */

import { crc16 } from "../packet/crc16.js";
import {
  encodePacket,
  encodeU32,
  Magic,
  PACKET_OVERHEAD,
  readU16,
  readU32,
  SIZE_PAYLOAD,
} from "../packet/packet.js";
import { FIRST_STREAM_TOKEN, nextStreamToken } from "../packet/stream-tokens.js";
import type { StockUart } from "./stock-uart.js";

export interface StockStreams {
  /** Sends frames until there are none or the stream breaks; an iterator that throws ends it, as there. */
  write(frames: Iterable<Uint8Array>): Promise<void>;
  /** Reads frames until the stream breaks; `onFrame` throws to stop it. */
  read(onFrame: (frame: Uint8Array) => void, queueDepth?: number): Promise<void>;
  /** Cut-through. */
  put(bytes: Uint8Array): Promise<void>;
  get(size: number): Promise<Uint8Array | null>;
}

/** Over UART the library polls so long for a first byte; the 2 ms rules hold for the others. */
const POLL_MS = 1000;
const DEEPEST_QUEUE = 255;

export function createStockStreams(uart: StockUart): StockStreams {
  const header = async (magic: Magic): Promise<number | null> => {
    const packet = await uart.read(SIZE_PAYLOAD + PACKET_OVERHEAD, POLL_MS);
    return packet !== null && isAccepted(packet, magic) ? readU32(packet, 2) : null;
  };
  return {
    async write(frames) {
      const asked = await header(Magic.STREAM_SETUP);
      if (asked === null) return;
      const depth = Math.max(1, Math.min(asked, DEEPEST_QUEUE));
      let credits = depth;
      let token = FIRST_STREAM_TOKEN;
      for (const frame of frames) {
        if (credits <= depth >> 1) {
          const credit = await uart.read(1, POLL_MS);
          if (credit === null || credit[0] !== token) return;
          token = nextStreamToken(token);
          credits += 1;
        }
        await uart.put(encodePacket(Magic.STREAM_FRAME, encodeU32(frame.length)));
        await uart.put(frame);
        credits -= 1;
      }
    },
    async read(onFrame, queueDepth = 1) {
      await uart.put(encodePacket(Magic.STREAM_SETUP, encodeU32(queueDepth)));
      for (let token = FIRST_STREAM_TOKEN; ; token = nextStreamToken(token)) {
        const size = await header(Magic.STREAM_FRAME);
        const frame = size === null ? null : await uart.read(size, POLL_MS);
        if (frame === null) return;
        onFrame(frame);
        await uart.put(Uint8Array.of(token));
      }
    },
    put: (bytes) => uart.put(bytes),
    get: (size) => uart.read(size, POLL_MS),
  };
}

/** Stock peers take a stream's packet whose magic or crc is right. */
function isAccepted(packet: Uint8Array, magic: Magic): boolean {
  const end = packet.length - 2;
  return readU16(packet, 0) === magic || crc16(packet, undefined, 0, end) === readU16(packet, end);
}
