/**
 * One TCP connection in virtual time: two sockets as Node shows them, and a pipe each way. Bytes keep their order and
 * are never damaged; they come in whatever pieces, may be late, and a connection may be reset in the middle of a
 * message or go on to nowhere without a word.
 */
import { EventEmitter } from "node:events";
import type { Clock } from "../../src/clock.js";
import type { TcpSocket } from "../../src/transports/sockets.js";
import { systemError } from "./i2c-bus.js";

/** What becomes of the bytes of one write. */
export type WriteFate =
  /** They come in these pieces, each so late; a piece that is late holds up what is behind it. */
  | {
      readonly kind: "arrives";
      readonly pieces: readonly { readonly bytes: number; readonly lateMs: number }[];
    }
  /** So many come, then both ends learn that the connection is reset. */
  | { readonly kind: "reset"; readonly bytes: number }
  /** So many come, and nothing after that, in either direction; each end learns of it so late. */
  | {
      readonly kind: "vanishes";
      readonly bytes: number;
      readonly writerAfterMs: number;
      readonly readerAfterMs: number;
    };

export interface TcpRoad {
  readonly clock: Clock;
  readonly oneWayMs: number;
  /** Nothing crosses before this time, which may be infinite. */
  readonly closedUntil: number;
  fateOfWrite(bytes: Uint8Array, from: TimedTcpSocket): WriteFate;
}

/** What a writer's system and a reader's take before a write has to wait. */
const BUFFER_BYTES = 16 * 1024;
const KEEP_ALIVES_MS = 10_000;
const FIN = "FIN";
const RESET = "RESET";
type Item = Uint8Array | typeof FIN | typeof RESET;

export class TimedTcpSocket extends EventEmitter implements TcpSocket {
  destroyed = false;
  readonly name: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  isNoDelay = false;
  keepAliveMs: number | null = null;
  #road: TcpRoad;
  #other: TimedTcpSocket | null = null;
  #isPaused = false;
  #isCorked = false;
  #hasEnded = false;
  #isVanished = false;
  #corked: Uint8Array[] = [];
  /** Under way to the other end, in order. */
  #pipe: { readonly item: Item; readonly at: number }[] = [];
  #isPumping = false;
  /** Arrived and not read. */
  #inbox: Item[] = [];
  #isDraining = false;
  #written = 0;
  #consumed = 0;
  #untaken: { readonly end: number; done(error: Error | null): void }[] = [];

  constructor(road: TcpRoad, name: string, remote: { readonly address: string; readonly port: number }) {
    super();
    this.setMaxListeners(0);
    this.#road = road;
    this.name = name;
    this.remoteAddress = remote.address;
    this.remotePort = remote.port;
  }

  /** Makes the two ends of one connection. */
  static join(one: TimedTcpSocket, other: TimedTcpSocket): void {
    one.#other = other;
    other.#other = one;
  }

  override on(event: string, listener: (...values: never[]) => void): this {
    super.on(event, listener as (...values: unknown[]) => void);
    if (event === "data") this.#drain();
    return this;
  }

  setNoDelay(isSet: boolean): void {
    this.isNoDelay = isSet;
  }

  setKeepAlive(isSet: boolean, initialDelayMs: number): void {
    this.keepAliveMs = isSet ? initialDelayMs : null;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#drain();
  }

  cork(): void {
    this.#isCorked = true;
  }

  uncork(): void {
    this.#isCorked = false;
    const pieces = this.#corked.splice(0);
    if (pieces.length > 0) this.#send(join(pieces));
  }

  write(bytes: Uint8Array, onTaken: (error?: Error | null) => void = () => {}): void {
    if (this.destroyed || this.#hasEnded) {
      queueMicrotask(() => onTaken(systemError(this.destroyed ? "ERR_STREAM_DESTROYED" : "EPIPE")));
      return;
    }
    this.#written += bytes.length;
    this.#untaken.push({ end: this.#written, done: onTaken });
    const own = Uint8Array.from(bytes);
    if (this.#isCorked) this.#corked.push(own);
    else this.#send(own);
    this.#take();
  }

  end(onEnded: () => void): void {
    if (!this.#hasEnded && !this.destroyed) this.#push(FIN, 0);
    this.#hasEnded = true;
    if (this.#untaken.length === 0) queueMicrotask(onEnded);
    else this.#untaken.push({ end: this.#written, done: () => onEnded() });
  }

  /** What is under way still goes out; what came and was not read makes it a reset. */
  destroy(): void {
    if (this.destroyed) return;
    if (!this.#hasEnded && this.#other !== null) this.#push(this.#inbox.length > 0 ? RESET : FIN, 0);
    this.#close(null);
  }

  /** The connection is over for this end. */
  fail(error: Error): void {
    this.#close(error);
  }

  /** What waits for the road goes on. */
  goOn(): void {
    this.#pump();
  }

  /** A host that knows nothing of the connection any more is there again: whoever speaks is told so. */
  knowNothing(): void {
    if (!this.#isVanished) return;
    this.fail(systemError("ECONNRESET"));
  }

  #close(error: Error | null): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#inbox = [];
    for (const { done } of this.#untaken.splice(0)) {
      queueMicrotask(() => done(error ?? systemError("ERR_STREAM_DESTROYED")));
    }
    queueMicrotask(() => {
      if (error !== null && this.listenerCount("error") > 0) this.emit("error", error);
      this.emit("close");
    });
    if (this.#other !== null) this.#other.#take();
  }

  #send(bytes: Uint8Array): void {
    const fate = this.#road.fateOfWrite(bytes, this);
    if (fate.kind === "arrives") {
      let at = 0;
      for (const piece of fate.pieces) {
        this.#push(bytes.subarray(at, at + piece.bytes), piece.lateMs);
        at += piece.bytes;
      }
      return;
    }
    if (fate.bytes > 0) this.#push(bytes.subarray(0, fate.bytes), 0);
    if (fate.kind === "reset") {
      this.#push(RESET, 0);
      this.#failIn(2 * this.#road.oneWayMs);
      return;
    }
    const { clock, oneWayMs } = this.#road;
    clock.after(oneWayMs, () => {
      this.#isVanished = true;
      if (this.#other !== null) this.#other.#isVanished = true;
    });
    // What was sent and not acknowledged keeps the writer's system from asking.
    this.#failIn(fate.writerAfterMs);
    if (this.#other !== null) this.#other.#failSilentlyIn(fate.readerAfterMs);
  }

  /** Keep-alives notice it, too: one a second, ten of them in vain. */
  #failSilentlyIn(ms: number): void {
    this.#failIn(Math.min(ms, (this.keepAliveMs ?? Number.POSITIVE_INFINITY) + KEEP_ALIVES_MS));
  }

  #failIn(ms: number): void {
    const cancel = this.#road.clock.after(ms, () => this.fail(systemError("ECONNRESET")));
    this.once("close", cancel);
  }

  #push(item: Item, lateMs: number): void {
    const { clock, oneWayMs } = this.#road;
    const last = this.#pipe.at(-1)?.at ?? 0;
    this.#pipe.push({ item, at: Math.max(last, clock.now() + oneWayMs + lateMs) });
    this.#pump();
  }

  #pump(): void {
    const [first] = this.#pipe;
    if (first === undefined || this.#isPumping) return;
    const { clock, closedUntil } = this.#road;
    const at = Math.max(first.at, closedUntil);
    if (!Number.isFinite(at)) return;
    this.#isPumping = true;
    clock.after(at - clock.now(), () => {
      this.#isPumping = false;
      if (clock.now() >= this.#road.closedUntil) {
        this.#pipe.shift();
        if (!this.#isVanished && this.#other !== null) this.#other.#arrive(first.item);
      }
      this.#pump();
    });
  }

  #arrive(item: Item): void {
    if (this.destroyed) {
      // Nobody has this end any more: the other one is told so.
      const other = this.#other;
      if (item instanceof Uint8Array && other !== null) {
        this.#road.clock.after(this.#road.oneWayMs, () => other.fail(systemError("ECONNRESET")));
      }
      return;
    }
    if (item === RESET) {
      this.fail(systemError("ECONNRESET"));
      return;
    }
    this.#inbox.push(item);
    this.#drain();
  }

  /** As the event loop hands it over: later, one chunk after the other. */
  #drain(): void {
    if (this.#isDraining || this.#inbox.length === 0) return;
    this.#isDraining = true;
    queueMicrotask(() => {
      this.#isDraining = false;
      if (this.destroyed || this.#isPaused || this.listenerCount("data") === 0) return;
      const item = this.#inbox.shift();
      if (item === undefined) return;
      if (item instanceof Uint8Array) {
        if (this.#other !== null) {
          this.#other.#consumed += item.length;
          this.#other.#take();
        }
        this.emit("data", item);
        this.#drain();
        return;
      }
      if (!this.#hasEnded) this.#push(FIN, 0);
      this.#hasEnded = true;
      this.#close(null);
    });
  }

  /** Tells writers that the system has taken what they wrote. */
  #take(): void {
    for (;;) {
      const [first] = this.#untaken;
      if (first === undefined || first.end - this.#consumed > BUFFER_BYTES) return;
      this.#untaken.shift();
      queueMicrotask(() => first.done(null));
    }
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
