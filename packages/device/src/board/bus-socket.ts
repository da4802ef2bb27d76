/**
 * A bus of the virtual camera for other processes: a socket that one of them connects to. On CAN it carries records of
 * 16 bytes, each a `struct can_frame` of Linux, both ways. On I2C and SPI it carries requests and answers, each behind
 * eight bytes, little-endian:
 *
 *     u8 tag · u8 address · u16 holdMs · u32 length · data
 *
 * Tags: 1 a write with its data, 2 a read of `length` bytes with no data, 3 a transfer on SPI with its data, 0x10 "not
 * acknowledged", 0x11 "acknowledged" with what was read. `holdMs`: how long the other side may let the request wait
 * until it is ready. Both sides may ask, the camera where its script is master; each has one request open at the most.
 */
import { createServer, type Socket } from "node:net";
import type { BusDevice, BusTransaction } from "./bus-channel.js";
import { CAN_RECORD_BYTES, toCanFrame, toCanRecord } from "./can-port.js";
import type { CanFrame, PortFaces } from "./port.js";
import { closed, listening } from "./tcp-port.js";

const HEADER_BYTES = 8;
const WRITE = 1;
const READ = 2;
const SHIFT = 3;
const REFUSED = 0x10;
const ACKNOWLEDGED = 0x11;
/** What the camera's own requests may wait. */
const HOLD_MS = 8;

export interface BusSocket {
  /** `tcp://127.0.0.1:7000`, or `unix:///path`. */
  readonly path: string;
  /** For the options of the camera: what its script sends goes to whoever is connected, and is lost without. */
  readonly onFrame: (frame: CanFrame) => Promise<void>;
  readonly device: BusDevice;
  /** Begins to pass requests on to the camera. */
  start(camera: Pick<PortFaces, "can" | "i2c" | "spi">): void;
  close(): Promise<void>;
}

/** @param at A port of this machine, 0 for a free one, or the path of a Unix socket. */
export async function serveBusSocket(at: number | string): Promise<BusSocket> {
  let peer: Socket | null = null;
  let camera: Pick<PortFaces, "can" | "i2c" | "spi"> | null = null;
  let answered: ((answer: Uint8Array | null) => void) | null = null;

  const onAnswer = (answer: Uint8Array | null): void => {
    answered?.(answer);
    answered = null;
  };
  const server = createServer({ noDelay: true }, (socket) => {
    // The newest counts: an older one may have gone silently.
    peer?.destroy();
    peer = socket;
    socket.on("error", () => {});
    socket.on("close", () => {
      if (peer !== socket) return;
      peer = null;
      onAnswer(null);
    });
    void serve(socket);
  });
  const serve = async (socket: Socket): Promise<void> => {
    const input = createInput(socket);
    try {
      if (camera?.can != null) {
        for (;;) await camera.can.send(toCanFrame(await input.take(CAN_RECORD_BYTES)));
      }
      for (;;) {
        const header = new DataView((await input.take(HEADER_BYTES)).buffer);
        const tag = header.getUint8(0);
        const length = header.getUint32(4, true);
        const data = tag === READ || tag === REFUSED ? null : await input.take(length);
        if (tag === REFUSED || tag === ACKNOWLEDGED) onAnswer(data);
        else await answerRequest(socket, tag, header, data ?? new Uint8Array(0));
      }
    } catch {
      // The connection ended.
    }
  };
  const answerRequest = async (
    socket: Socket,
    tag: number,
    header: DataView,
    data: Uint8Array,
  ): Promise<void> => {
    const address = header.getUint8(1);
    const holdMs = header.getUint16(2, true);
    let answer: Uint8Array | null = null;
    if (tag === WRITE && (await camera?.i2c?.write(address, data, holdMs))) answer = new Uint8Array(0);
    if (tag === READ) answer = (await camera?.i2c?.read(address, header.getUint32(4, true), holdMs)) ?? null;
    if (tag === SHIFT) answer = (await camera?.spi?.shift(data, holdMs)) ?? null;
    socket.write(message(answer === null ? REFUSED : ACKNOWLEDGED, address, 0, answer ?? new Uint8Array(0)));
  };

  await listening(server, at);
  const address = server.address();
  const path =
    typeof address === "object" && address !== null
      ? `tcp://127.0.0.1:${address.port}`
      : `unix://${address ?? at}`;
  return {
    path,
    async onFrame(frame) {
      peer?.write(toCanRecord(frame));
    },
    device: (transaction) =>
      new Promise((resolve) => {
        if (peer === null) resolve(null);
        else {
          answered = resolve;
          peer.write(requestOf(transaction, camera?.spi != null));
        }
      }),
    start(started) {
      camera = started;
    },
    close: () => closed(server, peer === null ? [] : [peer]),
  };
}

function requestOf({ address, sent, receivedLength }: BusTransaction, isSpi: boolean): Uint8Array {
  if (isSpi) return message(SHIFT, 0, HOLD_MS, sent ?? new Uint8Array(receivedLength));
  if (sent !== null) return message(WRITE, address, HOLD_MS, sent);
  const request = message(READ, address, HOLD_MS, new Uint8Array(0));
  new DataView(request.buffer).setUint32(4, receivedLength, true);
  return request;
}

function message(tag: number, address: number, holdMs: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, tag);
  view.setUint8(1, address);
  view.setUint16(2, holdMs, true);
  view.setUint32(4, data.length, true);
  bytes.set(data, HEADER_BYTES);
  return bytes;
}

/** Exact pieces of what a socket brings; `take` rejects when it ends before. */
function createInput(socket: Socket) {
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let rest = new Uint8Array(0);
  return {
    async take(byteLength: number): Promise<Uint8Array<ArrayBuffer>> {
      const taken = new Uint8Array(byteLength);
      let count = 0;
      while (count < byteLength) {
        if (rest.length === 0) {
          const { done, value } = await chunks.next();
          if (done === true) throw new Error("the connection ended");
          rest = new Uint8Array(value);
        }
        const part = rest.subarray(0, byteLength - count);
        taken.set(part, count);
        rest = rest.subarray(part.length);
        count += part.length;
      }
      return taken;
    },
  };
}
