/**
 * The former network classes' manners, as far as the wire shows them. The slave reads what is up to 1,400
 * bytes from its UDP socket and more from a TCP connection that it makes only when it needs it; the master
 * listens for that connection only while it waits for a long message.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { connect, createServer, type Socket as TcpSocket } from "node:net";
import {
  decodePacket,
  encodeCommand,
  encodePacket,
  encodeU32,
  Magic,
  readU32,
} from "../../src/packet/packet.js";

const LARGEST_DATAGRAM = 1400;
const HOST = "127.0.0.1";
/** How long a slave holds a result that nobody asks for. */
const HOLD_MS = 1000;

interface Udp {
  readonly port: number;
  readonly socket: Socket;
  /** The next datagram, and where it came from. */
  next(): Promise<{ readonly bytes: Uint8Array; readonly from: RemoteInfo }>;
  /** Whether there is one within this time. */
  isReady(timeoutMs: number): Promise<boolean>;
  flush(): void;
  close(): Promise<void>;
}

async function bind(): Promise<Udp> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind({ port: 0, address: HOST }, resolve));
  type Datagram = { readonly bytes: Uint8Array; readonly from: RemoteInfo };
  const queue: Datagram[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (bytes, from) => {
    queue.push({ bytes, from });
    for (const wake of [...waiting]) wake();
  });
  const isReady = async (timeoutMs: number | null) => {
    if (queue.length > 0) return true;
    return new Promise<boolean>((resolve) => {
      const timer = timeoutMs === null ? undefined : setTimeout(() => wake(), timeoutMs);
      const wake = () => {
        waiting.delete(wake);
        clearTimeout(timer);
        resolve(queue.length > 0);
      };
      waiting.add(wake);
    });
  };
  return {
    port: socket.address().port,
    socket,
    async next() {
      await isReady(null);
      return queue.shift() as Datagram;
    },
    isReady,
    flush: () => void queue.splice(0),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function createExactReader(socket: TcpSocket): (length: number) => Promise<Uint8Array> {
  let received = Buffer.alloc(0);
  let wake = () => {};
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  return async (length) => {
    while (received.length < length) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const bytes = Uint8Array.from(received.subarray(0, length));
    received = received.subarray(length);
    return bytes;
  };
}

export interface StockNetworkSlave {
  readonly port: number;
  /** How often it had to connect. */
  readonly connections: number;
  close(): Promise<void>;
}

/** Echoes whatever it is called with, until it is closed. */
export async function startStockNetworkSlave(): Promise<StockNetworkSlave> {
  const udp = await bind();
  let tcp: TcpSocket | null = null;
  let read: (length: number) => Promise<Uint8Array> = () => Promise.reject(new Error("not connected"));
  const slave = { port: udp.port, connections: 0, close };
  let master: RemoteInfo | null = null;

  async function connected(): Promise<TcpSocket> {
    if (tcp !== null) return tcp;
    const { address: host, port } = master as RemoteInfo;
    const socket = connect({ host, port });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    slave.connections += 1;
    tcp = socket;
    read = createExactReader(socket);
    return socket;
  }

  async function get(length: number): Promise<Uint8Array> {
    if (length > LARGEST_DATAGRAM) {
      await connected();
      return read(length);
    }
    const { bytes, from } = await udp.next();
    master = from;
    return bytes.subarray(0, length);
  }

  async function put(bytes: Uint8Array): Promise<void> {
    if (bytes.length > LARGEST_DATAGRAM) (await connected()).write(bytes);
    else udp.socket.send(bytes, (master as RemoteInfo).port, HOST);
  }

  async function serve(): Promise<void> {
    for (;;) {
      udp.flush();
      const header = decodePacket(await get(12), Magic.COMMAND_HEADER);
      if (header === null) continue;
      await put(encodePacket(Magic.COMMAND_HEADER));
      const argument = decodePacket(await get(readU32(header, 4) + 4), Magic.COMMAND_DATA);
      if (argument === null) continue;
      await put(encodePacket(Magic.COMMAND_DATA));
      // A master whose machine was busy begins again, and is heard only once the result was given up.
      const heldUntil = Date.now() + HOLD_MS;
      while (await udp.isReady(heldUntil - Date.now())) {
        if (decodePacket(await get(4), Magic.RESULT_HEADER) === null) continue;
        await put(encodePacket(Magic.RESULT_HEADER, encodeU32(argument.length)));
        if (decodePacket(await get(4), Magic.RESULT_DATA) === null) continue;
        await put(encodePacket(Magic.RESULT_DATA, argument));
        break;
      }
    }
  }

  async function close(): Promise<void> {
    tcp?.destroy();
    await udp.close();
  }
  void serve().catch(() => {});
  return slave;
}

/** One call as the former master makes it; the result's bytes. */
export async function callAsStockMaster(
  slavePort: number,
  id: number,
  argument: Uint8Array,
): Promise<Uint8Array> {
  const udp = await bind();
  const say = (bytes: Uint8Array) => udp.socket.send(bytes, slavePort, HOST);
  try {
    say(encodePacket(Magic.COMMAND_HEADER, encodeCommand(id, argument.length)));
    await udp.next();
    say(encodePacket(Magic.COMMAND_DATA, argument));
    await udp.next();
    say(encodePacket(Magic.RESULT_HEADER));
    const header = decodePacket((await udp.next()).bytes, Magic.RESULT_HEADER);
    if (header === null) throw new Error("no result header");
    const length = readU32(header, 0) + 4;
    say(encodePacket(Magic.RESULT_DATA));
    const packet = length > LARGEST_DATAGRAM ? await acceptOnce(udp.port, length) : (await udp.next()).bytes;
    const result = decodePacket(packet, Magic.RESULT_DATA);
    if (result === null) throw new Error("no result");
    return Uint8Array.from(result);
  } finally {
    await udp.close();
  }
}

/** Listens only now, takes one connection, and reads so many bytes from it. */
async function acceptOnce(port: number, length: number): Promise<Uint8Array> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ port, host: HOST }, resolve));
  const socket = await new Promise<TcpSocket>((resolve) => server.once("connection", resolve));
  server.close();
  const bytes = await createExactReader(socket)(length);
  socket.destroy();
  return bytes;
}
