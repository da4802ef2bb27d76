/**
 * How the former network class is a slave: reads of up to 1,400 bytes are filled from datagrams, each waited for ten times as
 * long as the library's short timeout; there is a connection for more and for streams, made only when it is needed and closed
 * when anything goes wrong with it. Two of its faults are left out, since with them nothing else can be seen: it waits 100 s
 * for a long message, here as long as it was told to, and its flush never ends once its master closed the connection.
 */
import type { Clock } from "../../src/clock.js";
import type { StockPort } from "../../src/testing/index.js";
import { createNetworkRoute } from "../../src/transports/network-route.js";
import type { Sockets, TcpSocket } from "../../src/transports/sockets.js";
import { createStockWaits, readAfterDiscards, SHORT_TIMEOUT_MS } from "./stock-waits.js";

const LARGEST_DATAGRAM = 1400;
const TIMEOUT_SCALE = 10;
const LONGEST_SHORT_MS = 50;
/** Of a stream's beginning and of a credit. The library knows when it streams; commands of 8 bytes must not be used here. */
const STREAM_READS = [8, 1];

export interface StockNetworkOptions {
  readonly clock: Clock;
  readonly sockets: Sockets;
  readonly address: string;
  readonly port: number;
}

export function createStockNetwork({ clock, sockets, address, port }: StockNetworkOptions): StockPort {
  const waits = createStockWaits(clock);
  const route = createNetworkRoute();
  const datagrams: Uint8Array[] = [];
  /** Grows from try to try. */
  let shortMs = SHORT_TIMEOUT_MS;
  let master: { readonly address: string; readonly port: number } | null = null;
  let isStopped = false;
  let connection: { readonly socket: TcpSocket; bytes: Uint8Array } | null = null;

  const udp = sockets.createUdpSocket("udp4");
  udp.on("error", () => {});
  udp.on("message", (bytes, from) => {
    master = { address: from.address, port: from.port };
    datagrams.push(bytes);
    waits.wake();
  });
  udp.bind({ address, port, exclusive: true }, () => {});

  function dropConnection(): void {
    const last = connection;
    connection = null;
    last?.socket.destroy();
  }

  async function connected(until: number): Promise<NonNullable<typeof connection> | null> {
    if (connection !== null) return connection;
    if (master === null) return null;
    const socket = sockets.connect({ host: master.address, port: master.port, noDelay: true });
    let state: "waiting" | "up" | "over" = "waiting";
    const own = { socket, bytes: new Uint8Array(0) };
    socket.once("connect", () => {
      state = "up";
      waits.wake();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      state = "over";
      if (connection === own) connection = null;
      waits.wake();
    });
    socket.on("data", (chunk) => {
      own.bytes = Uint8Array.of(...own.bytes, ...chunk);
      waits.wake();
    });
    const isUp = () => state === "up";
    while (state === "waiting" && clock.now() < until) await waits.wait(until, true);
    if (isUp()) {
      connection = own;
      return own;
    }
    socket.destroy();
    return null;
  }

  async function readConnection(size: number, until: number): Promise<Uint8Array | null> {
    const own = await connected(until);
    if (own === null) return null;
    while (own.bytes.length < size) {
      if (connection !== own || clock.now() >= until) return null;
      await waits.wait(until, true);
    }
    const bytes = own.bytes.slice(0, size);
    own.bytes = own.bytes.slice(size);
    return bytes;
  }

  /** A datagram that is longer than what is still wanted is cut. */
  async function readDatagrams(size: number, eachMs: number): Promise<Uint8Array | null> {
    const bytes = new Uint8Array(size);
    for (let filled = 0; filled < size; ) {
      const until = clock.now() + eachMs;
      while (datagrams.length === 0) {
        if (clock.now() >= until) return null;
        await waits.wait(until, true);
      }
      const part = (datagrams.shift() as Uint8Array).subarray(0, size - filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }

  const stock: StockPort = {
    readAfterDiscard: (size, garbageMs, until) => readAfterDiscards(stock, clock, size, garbageMs, until),
    read(size, { timeoutMs = shortMs } = {}) {
      if (timeoutMs <= LONGEST_SHORT_MS) shortMs = timeoutMs;
      const isByTcp = size > LARGEST_DATAGRAM || STREAM_READS.includes(size);
      if (isByTcp) return readConnection(size, clock.now() + timeoutMs);
      return readDatagrams(size, shortMs * TIMEOUT_SCALE);
    },
    discard() {
      datagrams.splice(0);
      if (connection !== null) connection.bytes = new Uint8Array(0);
    },
    async put(bytes, timeoutMs = 1000) {
      if (master === null) return false;
      if (route.wayOf(bytes) === "udp") {
        udp.send(bytes, master.port, master.address, () => {});
        return true;
      }
      const own = await connected(clock.now() + timeoutMs);
      own?.socket.write(bytes);
      return own !== null;
    },
    sleep: (ms) => waits.wait(clock.now() + ms, false),
    stop() {
      if (isStopped) return;
      isStopped = true;
      waits.stop();
      dropConnection();
      udp.close();
    },
  };
  return stock;
}
