/**
 * A network in virtual time with the sockets of its hosts, as Node shows them. Datagrams come whole, late, twice or not at
 * all; connections are those of `timed-tcp.ts`. What befalls them is drawn by whoever made it.
 */
import { EventEmitter } from "node:events";
import type { Clock } from "../../src/clock.js";
import type { Sockets, TcpServer, TcpSocket, UdpSocket } from "../../src/transports/sockets.js";
import { systemError } from "./i2c-bus.js";
import { type TcpRoad, TimedTcpSocket, type WriteFate } from "./timed-tcp.js";

export type DialFate =
  | { readonly kind: "accepted"; readonly lateMs: number }
  /** As by a program that is not there at the moment, or whose queue is full. */
  | { readonly kind: "refused" };

/** What becomes of what is sent. */
export interface NetworkWeather {
  /** How late each copy of a datagram arrives, none: it is lost; or the system's error, and it is never sent. */
  datagram(bytes: Uint8Array, from: string): readonly number[] | { readonly errno: string };
  /** A datagram came before one that had been sent before it. */
  noteOvertaking?(): void;
  dial(): DialFate;
  write(bytes: Uint8Array, from: TimedTcpSocket): WriteFate;
}

export interface TimedNetworkOptions {
  readonly clock: Clock;
  readonly oneWayMs: number;
  readonly weather: NetworkWeather;
}

export interface TimedNetwork {
  /** The sockets of a host with this address. */
  host(address: string): Sockets;
  /** A program of this host was killed: its system ends its connections. */
  endConnections(address: string): void;
  /** Nothing gets through while this is true. What is written to connections comes later, when it is sent once more. */
  isCut: boolean;
  /** Connections that went on to nowhere are reset: the hosts are there again and know nothing of them. */
  forgetVanished(): void;
}

/** When bytes that were not acknowledged are sent again: after this, and twice as long each time. */
const FIRST_RETRANSMISSION_MS = 200;
const FIRST_FREE_PORT = 40_000;

interface Network extends TcpRoad {
  readonly weather: NetworkWeather;
  readonly bound: Map<string, Udp>;
  readonly listening: Map<string, Server>;
  /** Those that are over too: what they sent may still be under way. */
  readonly connections: TimedTcpSocket[];
  freePort: number;
}

const placeOf = (address: string, port: number): string => `${address} ${port}`;

export function createTimedNetwork({ clock, oneWayMs, weather }: TimedNetworkOptions): TimedNetwork {
  let cutAt: number | null = null;
  let closedUntil = 0;
  const network: Network = {
    clock,
    oneWayMs,
    weather,
    bound: new Map(),
    listening: new Map(),
    connections: [],
    freePort: FIRST_FREE_PORT,
    get closedUntil() {
      return cutAt === null ? closedUntil : Number.POSITIVE_INFINITY;
    },
    fateOfWrite: weather.write,
  };
  return {
    host: (address) => ({
      lookup: async (host) => ({ address: host, family: 4 }),
      createUdpSocket: () => new Udp(network, address),
      connect: ({ host, port }) => dial(network, address, host, port),
      createServer: (_, onConnection) => new Server(network, address, onConnection),
    }),
    endConnections(address) {
      for (const each of network.connections) if (each.name.startsWith(`${address} `)) each.destroy();
    },
    get isCut() {
      return cutAt !== null;
    },
    set isCut(value) {
      if (value === (cutAt !== null)) return;
      if (cutAt === null) {
        cutAt = clock.now();
        return;
      }
      let pauseMs = FIRST_RETRANSMISSION_MS;
      for (closedUntil = cutAt; closedUntil < clock.now(); pauseMs *= 2) closedUntil += pauseMs;
      cutAt = null;
      for (const each of network.connections) each.goOn();
    },
    forgetVanished() {
      for (const each of network.connections) each.knowNothing();
    },
  };
}

class Udp extends EventEmitter implements UdpSocket {
  #network: Network;
  #address: string;
  #port = 0;
  #isClosed = false;
  #sent = 0;
  /** The last of those sent that came, of each way. */
  #came = new Map<string, number>();

  constructor(network: Network, address: string) {
    super();
    this.#network = network;
    this.#address = address;
  }

  bind({ port }: { port: number }, onBound: () => void): void {
    const { bound } = this.#network;
    if (port === 0) this.#network.freePort += 1;
    this.#port = port === 0 ? this.#network.freePort : port;
    const place = placeOf(this.#address, this.#port);
    if (bound.has(place)) {
      queueMicrotask(() => this.emit("error", systemError("EADDRINUSE")));
      return;
    }
    bound.set(place, this);
    queueMicrotask(onBound);
  }

  address(): { readonly port: number } {
    return { port: this.#port };
  }

  send(data: Uint8Array, port: number, address: string, onSent: (error: Error | null) => void): void {
    const { clock, oneWayMs, weather, bound } = this.#network;
    if (this.#isClosed) throw systemError("ERR_SOCKET_DGRAM_NOT_RUNNING");
    const bytes = Uint8Array.from(data);
    const fate = weather.datagram(bytes, this.#address);
    if ("errno" in fate) {
      queueMicrotask(() => onSent(systemError(fate.errno)));
      return;
    }
    queueMicrotask(() => onSent(null));
    this.#sent += 1;
    const number = this.#sent;
    const place = placeOf(address, port);
    for (const lateMs of fate) {
      clock.after(oneWayMs + lateMs, () => {
        const receiver = bound.get(place);
        if (receiver === undefined || !Number.isFinite(this.#network.closedUntil)) return;
        const last = this.#came.get(place) ?? 0;
        if (number < last) weather.noteOvertaking?.();
        this.#came.set(place, Math.max(last, number));
        receiver.receive(bytes, this.#address, this.#port);
      });
    }
  }

  receive(bytes: Uint8Array, address: string, port: number): void {
    this.emit("message", Uint8Array.from(bytes), { address, port, family: "IPv4", size: bytes.length });
  }

  close(onClosed: () => void = () => {}): void {
    // As Node's: a second close throws.
    if (this.#isClosed) throw systemError("ERR_SOCKET_DGRAM_NOT_RUNNING");
    this.#isClosed = true;
    this.#network.bound.delete(placeOf(this.#address, this.#port));
    queueMicrotask(onClosed);
  }
}

class Server extends EventEmitter implements TcpServer {
  readonly accept: (socket: TcpSocket) => void;
  #network: Network;
  #address: string;
  #port = 0;

  constructor(network: Network, address: string, accept: (socket: TcpSocket) => void) {
    super();
    this.#network = network;
    this.#address = address;
    this.accept = accept;
  }

  listen({ port }: { port: number }, onListening: () => void): void {
    this.#port = port;
    const place = placeOf(this.#address, port);
    if (this.#network.listening.has(place)) {
      queueMicrotask(() => this.emit("error", systemError("EADDRINUSE")));
      return;
    }
    this.#network.listening.set(place, this);
    queueMicrotask(onListening);
  }

  address(): { readonly port: number } {
    return { port: this.#port };
  }

  close(onClosed: () => void = () => {}): void {
    this.#network.listening.delete(placeOf(this.#address, this.#port));
    queueMicrotask(onClosed);
  }
}

/** A connection's first packet crosses, its answer comes back. While nothing gets through it is sent again and again. */
function dial(network: Network, from: string, host: string, port: number): TcpSocket {
  const { clock, oneWayMs, weather, connections, listening } = network;
  network.freePort += 1;
  const own = network.freePort;
  const near = new TimedTcpSocket(network, `${from} ${own}`, { address: host, port });
  const fate = weather.dial();
  let pauseMs = FIRST_RETRANSMISSION_MS;

  function arrive(): void {
    if (near.destroyed) return;
    if (clock.now() < network.closedUntil) {
      const cancel = clock.after(pauseMs, arrive);
      near.once("close", cancel);
      pauseMs *= 2;
      return;
    }
    const server = fate.kind === "refused" ? undefined : listening.get(placeOf(host, port));
    if (server === undefined) {
      near.fail(systemError("ECONNREFUSED"));
      return;
    }
    const far = new TimedTcpSocket(network, `${host} ${port}`, { address: from, port: own });
    TimedTcpSocket.join(near, far);
    connections.push(near, far);
    server.accept(far);
    clock.after(oneWayMs, () => {
      if (!near.destroyed) near.emit("connect");
    });
  }

  const cancel = clock.after(oneWayMs + (fate.kind === "accepted" ? fate.lateMs : 0), arrive);
  near.once("close", cancel);
  return near;
}
