/**
 * The TCP connection of a network link: the master listens, the slave connects. It comes and goes without
 * ending the link: what was cut off is missed by the protocol, which asks again.
 */
import { type Clock, sleep } from "../clock.js";
import { hostTurn } from "./brief-pause.js";
import { placeOf } from "./network-errors.js";
import type { NetworkStream } from "./network-stream.js";
import { closeSocket, writeSocket } from "./socket-link.js";
import type { NetworkHost, TcpSocket } from "./sockets.js";
import { connectSocket } from "./tcp-connect.js";
import { listen } from "./tcp-listener.js";

export interface Remote {
  readonly address: string;
  readonly port: number;
}

export interface TcpSide {
  /**
   * Waits for the connection and writes; false if that took too long. What belongs to a stream goes over the connection
   * that the stream has; once that is over it is lost, which a writer is told by false.
   */
  write(
    data: Uint8Array,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    stream: NetworkStream | null,
  ): Promise<boolean>;
  /** What it is told may be kept: nobody changes it any more. Connections are numbered. */
  onData(receive: (chunk: Uint8Array, connection: number) => void): void;
  /**
   * Ends the connection with this number, so that nothing more comes by it; what was written still goes out. Only where
   * the other side is known to bear that: the former library loops for ever over a connection that was closed.
   */
  leave(connection: number): void;
  /** From now on the former library's slave may connect, too. Ours has done so as soon as it heard of its master. */
  mayBeNeeded(): void;
  /** A slave hears from its master: it connects to it, anew if its connection is `doubtful`. */
  heardFrom(remote: Remote, isDoubtful?: boolean): void;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

interface Connection {
  readonly side: Omit<TcpSide, "heardFrom" | "close" | "leave" | "mayBeNeeded">;
  leave(connection: number): void;
  readonly isUp: boolean;
  /** The newest connection takes the place of the one before. */
  use(socket: TcpSocket, where: string): void;
  drop(): Promise<void>;
  /** Nothing of it is waited for; whoever has something to write waits for the next one. */
  giveUp(): void;
}

/** An idle connection whose other end is gone is noticed a little more than ten seconds later, on most systems. */
const KEEP_ALIVE_MS = 5000;
/** The former library's slave connects when it needs to; a master of it listens only while it waits. */
const CONNECT_AGAIN_MS = 100;
const CONNECT_TIMEOUT_MS = 1000;
/** A slave stops trying to connect when it has not heard from its master for so long. */
const FORGOTTEN_AFTER_MS = 5000;

export async function createMasterSide(
  options: { readonly myIp: string; readonly port: number; readonly remote: Remote },
  { clock, sockets }: NetworkHost,
): Promise<TcpSide> {
  const { myIp, port, remote } = options;
  const connection = createConnection(clock);
  let isNeeded = false;
  /** Who connects before there is any need for it is a slave of this library. */
  let bearsClosing = false;
  const server = sockets.createServer({ noDelay: true }, (socket) => {
    const from = socket.remoteAddress?.replace(/^::ffff:/, "");
    if (from === remote.address) bearsClosing ||= !isNeeded;
    if (from === remote.address) connection.use(socket, placeOf(remote.address, remote.port));
    else socket.destroy();
  });
  await listen(server, myIp, port);
  return {
    ...connection.side,
    heardFrom() {},
    leave(number) {
      if (bearsClosing) connection.leave(number);
    },
    mayBeNeeded() {
      isNeeded = true;
    },
    async close() {
      await Promise.all([connection.drop(), new Promise<void>((resolve) => server.close(() => resolve()))]);
    },
  };
}

export function createSlaveSide(machine: NetworkHost): TcpSide {
  const { clock } = machine;
  const connection = createConnection(clock);
  const stop = new AbortController();
  let master: Remote | null = null;
  let heardAt = Number.NEGATIVE_INFINITY;
  let isConnecting = false;

  async function connect(): Promise<void> {
    if (isConnecting) return;
    isConnecting = true;
    while (master !== null && !connection.isUp && !stop.signal.aborted) {
      if (clock.now() - heardAt > FORGOTTEN_AFTER_MS) break;
      const { address: host, port } = master;
      const options = { host, port, connectTimeoutMs: CONNECT_TIMEOUT_MS };
      const socket = await connectSocket(options, machine, stop.signal).catch(() => null);
      if (socket === null) await sleep(clock, CONNECT_AGAIN_MS, stop.signal);
      else if (stop.signal.aborted || master.address !== host || master.port !== port) socket.destroy();
      else connection.use(socket, placeOf(host, port));
    }
    isConnecting = false;
  }

  return {
    ...connection.side,
    // Which master this is nobody knows.
    leave() {},
    mayBeNeeded() {},
    heardFrom(remote, isDoubtful = false) {
      heardAt = clock.now();
      const isOther = master !== null && (master.address !== remote.address || master.port !== remote.port);
      if (isOther) void connection.drop();
      else if (isDoubtful) connection.giveUp();
      master = remote;
      if (!connection.isUp) void connect();
    },
    async close() {
      stop.abort();
      await connection.drop();
    },
  };
}

function createConnection(clock: Clock): Connection {
  let socket: TcpSocket | null = null;
  let place = "";
  let isPaused = false;
  let number = 0;
  let receive: (chunk: Uint8Array, connection: number) => void = () => {};
  const waiting = new Set<() => void>();
  const held: { readonly chunk: Uint8Array; readonly connection: number }[] = [];

  /** Datagrams that came before these bytes are delivered in this turn, these after it. */
  function hold(chunk: Uint8Array): void {
    held.push({ chunk, connection: number });
    if (held.length === 1) {
      void hostTurn(clock).then(() => {
        for (const each of held.splice(0)) receive(each.chunk, each.connection);
      });
    }
  }

  function connected(timeoutMs: number, signal: AbortSignal | undefined): Promise<TcpSocket | null> {
    if (socket !== null) return Promise.resolve(socket);
    if (signal?.aborted || timeoutMs <= 0) return Promise.resolve(null);
    return new Promise((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        cancel();
        signal?.removeEventListener("abort", wake);
        resolve(socket);
      };
      const cancel = clock.after(timeoutMs, wake);
      signal?.addEventListener("abort", wake);
      waiting.add(wake);
    });
  }

  async function end(): Promise<void> {
    const last = socket;
    socket = null;
    if (last !== null) await closeSocket(last, clock);
  }

  return {
    get isUp() {
      return socket !== null;
    },
    use(next, where) {
      socket?.destroy();
      socket = next;
      number += 1;
      place = where;
      next.setNoDelay(true);
      next.setKeepAlive(true, KEEP_ALIVE_MS);
      next.on("data", (chunk: Uint8Array) => {
        if (socket === next) hold(chunk);
      });
      next.on("error", () => {});
      next.on("close", () => {
        if (socket === next) socket = null;
      });
      if (isPaused) next.pause();
      for (const wake of [...waiting]) wake();
    },
    giveUp() {
      socket?.destroy();
      socket = null;
    },
    async drop() {
      for (const wake of [...waiting]) wake();
      await end();
    },
    leave(connection) {
      if (connection === number) void end();
    },
    side: {
      async write(data, timeoutMs, signal, stream) {
        const isOver = socket === null || stream?.connection !== number;
        if (stream !== null && stream.connection !== null && isOver) return stream.isReader;
        const deadline = clock.now() + timeoutMs;
        const current = await connected(timeoutMs, signal);
        if (current === null) return false;
        if (stream !== null) stream.connection ??= number;
        const leftMs = Math.max(0, deadline - clock.now());
        // A connection that breaks is made again; this message is lost, as a datagram may be.
        return writeSocket(current, place, clock, [data], leftMs, signal).catch(() => true);
      },
      onData(listener) {
        receive = listener;
      },
      pause() {
        isPaused = true;
        socket?.pause();
      },
      resume() {
        isPaused = false;
        socket?.resume();
      },
    },
  };
}
