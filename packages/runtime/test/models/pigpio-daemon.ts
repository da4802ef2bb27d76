/**
 * A model of the pigpio daemon with the I2C slave of a Raspberry Pi behind it: its socket protocol, the chip's
 * two FIFOs of 16 bytes, and a master at the other end of the wire. As in the daemon, a look at the chip goes
 * on as long as the bus is busy; the model's master waits for that, where a real one would go on clocking.
 */
import { createServer, type Server, type Socket } from "node:net";

export interface PigpioDaemon {
  readonly port: number;
  /** The address that the chip listens to; null while it does not. */
  readonly address: number | null;
  /** A write transaction of the master; true once the slave has had every byte. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** A read transaction; null while the FIFO is empty, where a real chip would give zeros. */
  read(length: number): Promise<Uint8Array | null>;
  /** Refuses from now on, as a daemon without the rights does. */
  refuse(): void;
  close(): Promise<void>;
}

const CMD_BSCX = 114;
const FIFO_BYTES = 16;
const REFUSED = -1;
const ENABLE = 0x01;
const BREAK = 0x80;

export async function startPigpioDaemon(): Promise<PigpioDaemon> {
  let transmit: number[] = [];
  let wire: number[] = [];
  let wanted = 0;
  let read: number[] = [];
  let isRefusing = false;
  let settled = () => {};
  let address: number | null = null;
  const sockets = new Set<Socket>();

  function look(control: number, bytes: Uint8Array): Buffer {
    if ((control & ENABLE) === 0) {
      address = null;
      return Buffer.alloc(0);
    }
    address = (control >> 16) & 127;
    if (control & BREAK) {
      transmit = [];
      wire = [];
    }
    let copied = 0;
    const received: number[] = [];
    // The bus is busy as long as the master has bytes to write, or wants some that are there.
    while (true) {
      while (copied < bytes.length && transmit.length < FIFO_BYTES) transmit.push(bytes[copied++] as number);
      if (wire.length > 0 && received.length < 512) received.push(...wire.splice(0, FIFO_BYTES));
      else if (read.length < wanted && transmit.length > 0) {
        read.push(...transmit.splice(0, wanted - read.length));
      } else break;
    }
    settled();
    const answer = Buffer.alloc(4 + received.length);
    const isBusy = wire.length > 0 || (read.length < wanted && wanted > 0 && read.length > 0);
    answer.writeUInt32LE(
      ((copied << 16) | (transmit.length === 0 ? 0x10 : 0) | (isBusy ? 0x20 : 0)) >>> 0,
      0,
    );
    answer.set(received, 4);
    return answer;
  }

  function answer(socket: Socket, request: Buffer): void {
    const [command, control, length] = [0, 4, 12].map((at) => request.readUInt32LE(at)) as [
      number,
      number,
      number,
    ];
    const head = Buffer.from(request.subarray(0, 16));
    const bytes = request.subarray(16, 16 + length);
    if (command !== CMD_BSCX || isRefusing) {
      head.writeInt32LE(REFUSED, 12);
      socket.write(head);
      return;
    }
    const body = look(control, bytes);
    head.writeInt32LE(body.length, 12);
    socket.write(Buffer.concat([head, body]));
  }

  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 16) {
        const length = 16 + received.readUInt32LE(12);
        if (received.length < length) return;
        answer(socket, received.subarray(0, length));
        received = received.subarray(length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1" }, resolve));

  const untilSettled = async (isDone: () => boolean) => {
    while (!isDone() && address !== null) {
      await new Promise<void>((resolve) => {
        settled = resolve;
      });
    }
  };
  return {
    port: (server.address() as { port: number }).port,
    get address() {
      return address;
    },
    async write(bytes) {
      if (address === null) return false;
      wire.push(...bytes);
      await untilSettled(() => wire.length === 0);
      return true;
    },
    async read(length) {
      if (address === null || transmit.length === 0) return null;
      read = [];
      wanted = length;
      await untilSettled(() => read.length === length);
      const bytes = Uint8Array.from(read);
      wanted = 0;
      read = [];
      return bytes;
    },
    refuse() {
      isRefusing = true;
    },
    close() {
      address = null;
      settled();
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
