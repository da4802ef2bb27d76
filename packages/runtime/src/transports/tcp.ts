/**
 * Plain TCP: one connection for both directions, as between two programs of this library, or to a serial
 * server (ser2net, an ESP bridge) that passes bytes on as they are.
 */
import { createServer, type Server, type Socket, connect as startConnecting } from "node:net";
import { type Clock, systemClock } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { explainNetwork, placeOf } from "./network-errors.js";
import { checkAborted, openError } from "./open-error.js";
import { createSocketLink } from "./socket-link.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export interface TcpOptions {
  readonly host: string;
  /** 0x1DBA (7610) by default, as the former network classes. */
  readonly port?: number;
  /** How long connecting may take; 5,000 by default. */
  readonly connectTimeoutMs?: number;
  /** Comes back by itself after a failure; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
}

export const DEFAULT_PORT = 0x1dba;
const DEFAULT_CONNECT_TIMEOUT_MS = 5000;

/**
 * Connects to a program that listens. Rejects with an `RpcError` of phase `open`: `link-failure` with what
 * the system said as its cause, `aborted` by the signal.
 */
export function openTcp(options: TcpOptions, clock: Clock = systemClock): Promise<Link> {
  return withReconnect(
    async ({ signal, lost }) => {
      const { host, port = DEFAULT_PORT } = options;
      const socket = await connectSocket({ ...options, host, port }, clock, signal);
      return createSocketLink(socket, placeOf(host, port), clock, lost);
    },
    options,
    clock,
  );
}

/** A socket that is connected. Rejects like `openTcp`. */
export function connectSocket(
  options: { readonly host: string; readonly port: number; readonly connectTimeoutMs?: number },
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<Socket> {
  const { host, port, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const where = placeOf(host, port);
  return new Promise((resolve, reject) => {
    checkAborted(signal);
    const socket = startConnecting({ host, port, noDelay: true });
    const settle = (error: RpcError | null) => {
      cancel();
      signal?.removeEventListener("abort", abort);
      socket.removeListener("error", fail);
      if (error === null) return resolve(socket);
      // A socket whose connecting was given up may still tell of it.
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const fail = (error: Error) => settle(explainNetwork(error, where));
    const abort = () => settle(openError("aborted", "opening the link was aborted", signal?.reason));
    const giveUp = () =>
      settle(openError("link-failure", `${where}: no answer within ${connectTimeoutMs} ms (ETIMEDOUT)`));
    const cancel = clock.after(connectTimeoutMs, giveUp);
    signal?.addEventListener("abort", abort);
    socket.once("error", fail);
    socket.once("connect", () => settle(null));
  });
}

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

/** Listens for connections: the slave's end, usually. Rejects like `openTcp`. */
export async function listenTcp(
  options: TcpListenOptions = {},
  clock: Clock = systemClock,
): Promise<TcpListener> {
  const { host, port = DEFAULT_PORT } = options;
  const arrived: Socket[] = [];
  const waiting: ((socket: Socket | null) => void)[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    const next = waiting.shift();
    if (next !== undefined) return next(socket);
    socket.on("error", () => {});
    arrived.push(socket);
  });
  await listen(server, host, port);
  const address = server.address();
  let closed = false;

  function nextSocket(signal: AbortSignal | undefined): Promise<Socket | null> {
    for (let socket = arrived.shift(); socket !== undefined; socket = arrived.shift()) {
      if (!socket.destroyed) return Promise.resolve(socket);
    }
    return new Promise((resolve) => {
      const settle = (socket: Socket | null) => {
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
      return new Promise((resolve) => setImmediate(resolve));
    },
    [Symbol.asyncDispose]: () => listener.close(),
  };
  return listener;
}

export function listen(server: Server, host: string | undefined, port: number): Promise<void> {
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
