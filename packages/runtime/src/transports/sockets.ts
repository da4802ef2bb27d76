/**
 * The sockets that the network's links are made of: Node's own, or a test's model of them. This is a seam inside the
 * package and no part of its interface: who uses a link gives it options and a clock.
 */
import { createSocket, type RemoteInfo } from "node:dgram";
import { lookup } from "node:dns/promises";
import { connect, createServer } from "node:net";
import type { Clock } from "../clock.js";

/** What a link of the network needs of the machine that it runs on. */
export interface NetworkHost {
  readonly clock: Clock;
  readonly sockets: Sockets;
}

export interface Sockets {
  lookup(host: string): Promise<{ readonly address: string; readonly family: number }>;
  createUdpSocket(type: "udp4" | "udp6"): UdpSocket;
  connect(options: { readonly host: string; readonly port: number; readonly noDelay: true }): TcpSocket;
  createServer(options: { readonly noDelay: true }, onConnection: (socket: TcpSocket) => void): TcpServer;
}

/** Of Node's `dgram.Socket`. */
export interface UdpSocket {
  bind(options: { address: string; port: number; exclusive: true }, onBound: () => void): unknown;
  address(): { readonly port: number };
  send(data: Uint8Array, port: number, address: string, onSent: (error: Error | null) => void): void;
  close(onClosed?: () => void): unknown;
  on(event: "message", listener: (message: Uint8Array, from: RemoteInfo) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  once(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

/** Of Node's `net.Socket`. */
export interface TcpSocket {
  readonly destroyed: boolean;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  setNoDelay(isSet: boolean): unknown;
  setKeepAlive(isSet: boolean, initialDelayMs: number): unknown;
  pause(): unknown;
  resume(): unknown;
  cork(): void;
  uncork(): void;
  write(bytes: Uint8Array, onTaken?: (error?: Error | null) => void): unknown;
  end(onEnded: () => void): unknown;
  destroy(): unknown;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  once(event: "error", listener: (error: Error) => void): unknown;
  once(event: "connect" | "close", listener: () => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

/** Of Node's `net.Server`. */
export interface TcpServer {
  listen(options: { port: number; host?: string }, onListening: () => void): unknown;
  address(): { readonly port: number } | string | null;
  close(onClosed?: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  once(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

/** Those of the system. */
export const systemSockets: Sockets = {
  lookup,
  createUdpSocket: (type) => createSocket({ type }),
  connect,
  createServer,
};
