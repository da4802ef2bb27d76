/**
 * The one TCP connection of a network link. It comes and goes; the newest takes the place of the one before.
 *
 * Two ends of this library find each other out: a master sends datagrams of no bytes, which mean nothing to the former
 * library; a slave that got one answers hello, which no packet begins with, and says it as the first thing over its
 * connection; and the
 * master may take the connection over by answering hello, if it has said nothing else over it. From there on both speak
 * over this connection alone (`network-master.ts`, `network-slave.ts`).
 */
import type { Clock } from "../clock.js";
import { createWaiters } from "../link/waiters.js";
import { hostTurn } from "./brief-pause.js";
import type { NetworkStream } from "./network-stream.js";
import { closeSocket, writeSocket } from "./socket-link.js";
import type { TcpSocket } from "./sockets.js";

/** A connection that the two ends speak over alone. */
export interface OwnConnection {
  readonly socket: TcpSocket;
  readonly where: string;
  /** What came behind the byte by which it was taken over. */
  readonly received: Uint8Array;
}

export interface Connection {
  readonly isUp: boolean;
  /** The two ends speak over it alone. */
  readonly isOwn: boolean;
  /** When something came by it; when it was made, before that. */
  readonly heardAt: number;
  /** When a connection that was spoken over alone ended. */
  readonly ownEndedAt: number;
  /** The newest connection takes the place of the one before. */
  use(socket: TcpSocket, where: string): void;
  /** A slave says hello, if it has said nothing yet. */
  sayHello(): void;
  /** The slave has said hello over it, now or at its beginning. */
  readonly isGreeted: boolean;
  /** It is greeted, and this master has said nothing over it. */
  readonly isReady: boolean;
  /** Takes it over, if it is ready. */
  takeOver(): OwnConnection | null;
  /** Told when a slave said hello, when a master took the connection over, and when that one has ended. */
  watch(watcher: ConnectionWatcher): void;
  /** As `TcpSide` has them. */
  write(
    data: Uint8Array,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    stream: NetworkStream | null,
  ): Promise<boolean>;
  onData(receive: (chunk: Uint8Array, connection: number) => void): void;
  pause(): void;
  resume(): void;
  leave(connection: number): void;
  drop(): Promise<void>;
  /** Nothing of it is waited for; whoever has something to write waits for the next one. */
  giveUp(): void;
}

export interface ConnectionWatcher {
  onHello?(): void;
  onTakenOver?(own: OwnConnection): void;
  onOwnEnded?(): void;
}

interface Current {
  readonly socket: TcpSocket;
  readonly where: string;
  readonly number: number;
  /** Whether the other end may still say hello, as the first thing that it says. */
  greeting: "none" | "awaited" | "heard";
  /** So much of it came. */
  greetingBytes: number;
  /** This end has written something else over it. */
  isUsed: boolean;
  isOwn: boolean;
}

/** "rpcgen" and the greeting's version, between bytes that no packet of the protocol begins with. */
export const HELLO = Uint8Array.of(0, 0x72, 0x70, 0x63, 0x67, 0x65, 0x6e, 1);
/** An idle connection whose other end is gone is noticed a little more than ten seconds later, on most systems. */
const KEEP_ALIVE_MS = 5000;
const NOTHING = new Uint8Array(0);

/** Whether a datagram is a slave's hello, which says that its connection comes. */
export const isHello = (datagram: Uint8Array): boolean =>
  datagram.length === HELLO.length && datagram.every((byte, index) => byte === HELLO[index]);

export function createConnection(clock: Clock, role: "master" | "slave"): Connection {
  let current: Current | null = null;
  let isPaused = false;
  let number = 0;
  let heardAt = 0;
  let ownEndedAt = Number.NEGATIVE_INFINITY;
  let receive: (chunk: Uint8Array, connection: number) => void = () => {};
  let watcher: ConnectionWatcher = {};
  const waiters = createWaiters(clock);
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

  function take(own: Current, chunk: Uint8Array): void {
    heardAt = clock.now();
    if (own.isOwn || chunk.length === 0) return;
    if (own.greeting !== "awaited") {
      hold(chunk);
      return;
    }
    let at = 0;
    while (at < chunk.length && own.greetingBytes < HELLO.length && chunk[at] === HELLO[own.greetingBytes]) {
      at += 1;
      own.greetingBytes += 1;
    }
    const rest = chunk.subarray(at);
    if (own.greetingBytes === HELLO.length) greet(own, rest);
    else if (rest.length > 0) {
      // Whoever says anything else speaks as the former library does.
      own.greeting = "none";
      if (own.greetingBytes > 0) hold(HELLO.slice(0, own.greetingBytes));
      hold(rest);
    }
  }

  function greet(own: Current, rest: Uint8Array): void {
    own.greeting = "heard";
    if (role === "master") {
      watcher.onHello?.();
      take(own, rest);
    } else {
      own.isOwn = true;
      watcher.onTakenOver?.({ socket: own.socket, where: own.where, received: rest });
    }
  }

  function forget(own: Current): void {
    if (current !== own) return;
    current = null;
    if (!own.isOwn) return;
    ownEndedAt = clock.now();
    watcher.onOwnEnded?.();
  }

  async function connected(timeoutMs: number, signal: AbortSignal | undefined): Promise<Current | null> {
    if (current === null && !signal?.aborted && timeoutMs > 0) await waiters.wait(timeoutMs, signal);
    return current;
  }

  async function end(): Promise<void> {
    const last = current;
    if (last === null) return;
    forget(last);
    await closeSocket(last.socket, clock);
  }

  function isReady(): boolean {
    return current?.greeting === "heard" && !current.isUsed && !current.isOwn;
  }

  function giveUp(): void {
    const last = current;
    if (last === null) return;
    forget(last);
    last.socket.destroy();
  }

  return {
    get isUp() {
      return current !== null;
    },
    get isOwn() {
      return current?.isOwn === true;
    },
    get isGreeted() {
      return current?.greeting === "heard";
    },
    get isReady() {
      return isReady();
    },
    get heardAt() {
      return heardAt;
    },
    get ownEndedAt() {
      return ownEndedAt;
    },
    watch(next) {
      watcher = next;
    },
    use(socket, where) {
      giveUp();
      number += 1;
      heardAt = clock.now();
      const state = { greeting: "awaited", greetingBytes: 0, isUsed: false, isOwn: false } as const;
      const own: Current = { socket, where, number, ...state };
      current = own;
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      socket.on("data", (chunk: Uint8Array) => {
        if (current === own) take(own, chunk);
      });
      socket.on("error", () => {});
      socket.on("close", () => forget(own));
      if (isPaused) socket.pause();
      waiters.wakeAll();
    },
    sayHello() {
      if (current === null || current.isUsed) return;
      current.isUsed = true;
      current.socket.write(HELLO);
    },
    takeOver() {
      if (current === null || !isReady()) return null;
      current.isOwn = true;
      const { socket, where } = current;
      if (isPaused) socket.resume();
      socket.write(HELLO);
      return { socket, where, received: NOTHING };
    },
    giveUp,
    async drop() {
      waiters.wakeAll();
      await end();
    },
    leave(connection) {
      if (connection === number) void end();
    },
    async write(data, timeoutMs, signal, stream) {
      const isOver = current === null || stream?.connection !== number;
      if (stream !== null && stream.connection !== null && isOver) return stream.isReader;
      const deadline = clock.now() + timeoutMs;
      const own = await connected(timeoutMs, signal);
      if (own === null || own.isOwn) return false;
      own.isUsed = true;
      if (stream !== null) stream.connection ??= own.number;
      const leftMs = Math.max(0, deadline - clock.now());
      // A connection that breaks is made again; this message is lost, as a datagram may be.
      return writeSocket(own.socket, own.where, clock, [data], leftMs, signal).catch(() => true);
    },
    onData(listener) {
      receive = listener;
    },
    pause() {
      isPaused = true;
      if (current?.isOwn === false) current.socket.pause();
    },
    resume() {
      isPaused = false;
      if (current?.isOwn === false) current.socket.resume();
    },
  };
}
