/** How the TCP connection of a network link comes about: the master listens, the slave connects. */
import { sleep } from "../clock.js";
import { type Connection, createConnection } from "./network-connection.js";
import { placeOf } from "./network-errors.js";
import type { NetworkHost } from "./sockets.js";
import { connectSocket } from "./tcp-connect.js";
import { listen } from "./tcp-listener.js";

export interface Remote {
  readonly address: string;
  readonly port: number;
}

/** A side's connection, and how it comes about. */
export interface TcpSide {
  readonly connection: Connection;
  close(): Promise<void>;
}

export interface MasterSide extends TcpSide {
  /**
   * Ends the connection with this number, so that nothing more comes by it; what was written still goes out. Only where
   * the other side is known to bear that: the former library loops for ever over a connection that was closed.
   */
  leave(connection: number): void;
}

export interface SlaveSide extends TcpSide {
  /** It heard from its master: it connects to it. */
  heardFrom(remote: Remote): void;
  /** The master that it heard from is one of this library: it is greeted. */
  greet(): void;
  /** Connects to the master of this library that it had, which may be there again. */
  connectAgain(): void;
  readonly master: Remote | null;
}

/** The former library's slave connects when it needs to; a master of it listens only while it waits. */
const CONNECT_AGAIN_MS = 100;
const CONNECT_TIMEOUT_MS = 1000;
/** A slave stops trying to connect when it has not heard from its master for so long. */
const FORGOTTEN_AFTER_MS = 5000;

export async function createMasterSide(
  options: { readonly myIp: string; readonly port: number; readonly remote: Remote },
  { clock, sockets }: NetworkHost,
): Promise<MasterSide> {
  const { myIp, port, remote } = options;
  const connection = createConnection(clock, "master");
  const server = sockets.createServer({ noDelay: true }, (socket) => {
    const from = socket.remoteAddress?.replace(/^::ffff:/, "");
    if (from === remote.address) connection.use(socket, placeOf(remote.address, remote.port));
    else socket.destroy();
  });
  await listen(server, myIp, port);
  return {
    connection,
    leave(number) {
      if (connection.isGreeted) connection.leave(number);
    },
    async close() {
      await Promise.all([connection.drop(), new Promise<void>((resolve) => server.close(() => resolve()))]);
    },
  };
}

export function createSlaveSide(machine: NetworkHost): SlaveSide {
  const { clock } = machine;
  const connection = createConnection(clock, "slave");
  const stop = new AbortController();
  let master: Remote | null = null;
  /** Until then a new connection is greeted: after that its master may be another one, of the former library. */
  let greetsUntil = Number.NEGATIVE_INFINITY;
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
      else {
        connection.use(socket, placeOf(host, port));
        if (clock.now() < greetsUntil) connection.sayHello();
      }
    }
    isConnecting = false;
  }

  return {
    connection,
    get master() {
      return master;
    },
    greet() {
      greetsUntil = clock.now() + FORGOTTEN_AFTER_MS;
      connection.sayHello();
    },
    connectAgain() {
      heardAt = clock.now();
      greetsUntil = heardAt + FORGOTTEN_AFTER_MS;
      void connect();
    },
    heardFrom(remote) {
      heardAt = clock.now();
      const isOther = master !== null && (master.address !== remote.address || master.port !== remote.port);
      if (isOther) {
        greetsUntil = Number.NEGATIVE_INFINITY;
        void connection.drop();
      }
      master = remote;
      if (!connection.isUp) void connect();
    },
    async close() {
      stop.abort();
      await connection.drop();
    },
  };
}
