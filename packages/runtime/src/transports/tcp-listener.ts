/** Listening for TCP connections, each of which becomes a link. */
import type { Link } from "../link/link.js";
import { hostTurn } from "./brief-pause.js";
import { checkPort } from "./check-port.js";
import { explainNetwork, placeOf } from "./network-errors.js";
import { checkAborted, openError } from "./open-error.js";
import { createSocketLink } from "./socket-link.js";
import type { NetworkHost, TcpServer, TcpSocket } from "./sockets.js";
import { DEFAULT_PORT } from "./tcp-connect.js";

export interface TcpListenOptions {
  /** The address to listen at; every one of this machine by default. */
  readonly host?: string;
  /** 0x1DBA (7610) by default; 0 takes a free one. */
  readonly port?: number;
}

export interface TcpListener extends AsyncDisposable {
  /** The port that is listened at. */
  readonly port: number;
  /** The next connection as a link; rejects with `aborted` by the signal, with `closed` after `close`. */
  accept(signal?: AbortSignal): Promise<Link>;
  /** Stops listening; links that were accepted live on. */
  close(): Promise<void>;
}

/** `listenTcp` on any sockets. */
export async function acceptTcp(
  options: TcpListenOptions,
  { clock, sockets }: NetworkHost,
): Promise<TcpListener> {
  const { host, port = DEFAULT_PORT } = options;
  checkPort(port, 0);
  const arrived: TcpSocket[] = [];
  const waiting: ((socket: TcpSocket | null) => void)[] = [];
  const server = sockets.createServer({ noDelay: true }, (socket) => {
    const next = waiting.shift();
    if (next !== undefined) return next(socket);
    socket.on("error", () => {});
    arrived.push(socket);
  });
  await listen(server, host, port);
  const address = server.address();
  let closed = false;

  function nextSocket(signal: AbortSignal | undefined): Promise<TcpSocket | null> {
    for (let socket = arrived.shift(); socket !== undefined; socket = arrived.shift()) {
      if (!socket.destroyed) return Promise.resolve(socket);
    }
    return new Promise((resolve) => {
      const settle = (socket: TcpSocket | null) => {
        signal?.removeEventListener("abort", giveUp);
        resolve(socket);
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(settle), 1);
        settle(null);
      };
      signal?.addEventListener("abort", giveUp);
      waiting.push(settle);
    });
  }

  const listener: TcpListener = {
    port: typeof address === "object" && address !== null ? address.port : port,
    async accept(signal) {
      checkAborted(signal);
      if (closed) throw openError("closed", "the listener was closed");
      const socket = await nextSocket(signal);
      checkAborted(signal);
      if (socket === null) throw openError("closed", "the listener was closed");
      const where = placeOf(socket.remoteAddress ?? "?", socket.remotePort ?? 0);
      return createSocketLink(socket, where, clock, () => {});
    },
    close() {
      closed = true;
      for (const socket of arrived.splice(0)) socket.destroy();
      for (const next of waiting.splice(0)) next(null);
      // Its callback would wait for the end of every connection; the port is free in the next turn.
      server.close();
      return hostTurn(clock);
    },
    [Symbol.asyncDispose]: () => listener.close(),
  };
  return listener;
}

export function listen(server: TcpServer, host: string | undefined, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(explainNetwork(error, placeOf(host ?? "*", port)));
    server.once("error", fail);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.removeListener("error", fail);
      server.on("error", () => {});
      resolve();
    });
  });
}
