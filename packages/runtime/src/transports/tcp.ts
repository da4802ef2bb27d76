/**
 * Plain TCP: one connection for both directions, as between two programs of this library, or to a serial
 * server (ser2net, an ESP bridge) that passes bytes on as they are.
 */
import { type Clock, systemClock } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { placeOf } from "./network-errors.js";
import { checkAborted, openError } from "./open-error.js";
import { createSocketLink } from "./socket-link.js";
import { type NetworkHost, systemSockets } from "./sockets.js";
import { connectSocket, DEFAULT_PORT } from "./tcp-connect.js";
import { acceptTcp, type TcpListener, type TcpListenOptions } from "./tcp-listener.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export type { TcpListener, TcpListenOptions } from "./tcp-listener.js";

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

/**
 * Connects to a program that listens. Rejects with an `RpcError` of phase `open`: `link-failure` with what
 * the system said as its cause, `aborted` by the signal.
 */
export function openTcp(options: TcpOptions, clock: Clock = systemClock): Promise<Link> {
  return dialTcp(options, { clock, sockets: systemSockets });
}

/** Listens for connections: the slave's end, usually. Rejects like `openTcp`. */
export function listenTcp(options: TcpListenOptions = {}, clock: Clock = systemClock): Promise<TcpListener> {
  return acceptTcp(options, { clock, sockets: systemSockets });
}

/** `openTcp` on any sockets. */
export function dialTcp(options: TcpOptions, machine: NetworkHost): Promise<Link> {
  const { clock } = machine;
  return withReconnect(
    async ({ signal, lost }) => {
      const { host, port = DEFAULT_PORT } = options;
      const socket = await connectSocket({ ...options, host, port }, machine, signal);
      return createSocketLink(socket, placeOf(host, port), clock, lost);
    },
    options,
    clock,
  );
}

export interface TcpAcceptOptions extends TcpListenOptions {
  /** Goes on listening, and takes the next connection once one is over; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up waiting for the first connection. */
  readonly signal?: AbortSignal;
}

/**
 * Listens and waits for a master. With `reconnect` it goes on listening, and a newer connection takes the place of the
 * one before: a master that dials again has lost it, whatever this side knows of that.
 */
export async function openTcpSlave(
  options: TcpAcceptOptions,
  machine: NetworkHost = { clock: systemClock, sockets: systemSockets },
): Promise<Link> {
  const { reconnect = false, signal } = options;
  checkAborted(signal);
  const listener = await acceptTcp(options, machine);
  if (reconnect === false) return listener.accept(signal).finally(() => listener.close());
  const stop = new AbortController();
  let next: Promise<Link> | null = null;
  const open = async (signalled: AbortSignal | undefined, lost: (error: RpcError) => void): Promise<Link> => {
    const link = await (next ?? listener.accept(signalled ?? stop.signal));
    next = listener.accept(stop.signal);
    next.then(
      () => lost(openError("closed", "the other side connected anew")),
      () => {},
    );
    return link;
  };
  // Whoever waits for a connection has no reason to pause first.
  const pauses = { firstPauseMs: 0, longestPauseMs: 0, ...(reconnect === true ? {} : reconnect) };
  const link = await withReconnect(
    (opening) => open(opening.signal, opening.lost),
    { reconnect: pauses, ...(signal === undefined ? {} : { signal }) },
    machine.clock,
  ).catch(async (error: unknown) => {
    await listener.close();
    throw error;
  });
  const closeLine = link.close;
  return Object.assign(link, {
    async close() {
      stop.abort();
      await closeLine();
      await listener.close();
      const unused = await next?.catch(() => null);
      await unused?.close();
    },
  });
}
