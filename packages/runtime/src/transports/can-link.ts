/** The link over an open CAN channel: bytes to frames and back, and the interface's failures as they show. */
import { type Clock, sleep } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { putPieces } from "../link/put-pieces.js";
import { createStreamLink } from "../link/stream-link.js";
import { hostTurn } from "./brief-pause.js";
import { CAN_ERR_BUSOFF, type CanChannel, type CanMessage, NOTHING, onlyId } from "./can-channel.js";
import { busOffText, type CanInterface, type CanSystem, isCanUp, readCanInterface } from "./can-interface.js";
import { openError } from "./open-error.js";

const FRAME_BYTES = 8;
/** A frame of 8 bytes: 111 bits, and about one stuffed bit in ten. */
const BITS_PER_FULL_FRAME = 122;
/** The transmit queue is full: there is no event for room in it, so the link looks again. */
const FULL_RETRY_MS = 1;
/** So many frames, then the host has its turn. */
const FRAMES_PER_TURN = 128;
/** A read that got nothing asks whether the interface is still there, but not more often than this. */
const LOOK_AGAIN_MS = 100;

export interface CanPlace {
  readonly name: string;
  readonly messageId: number;
  readonly face: CanInterface;
}

export interface CanTools {
  readonly clock: Clock;
  readonly system: CanSystem;
  lost(error: RpcError): void;
}

/** Closing it stops the channel, which nobody else may use. */
export function createCanLink(channel: CanChannel, place: CanPlace, tools: CanTools): Link {
  const { name, messageId: id, face } = place;
  const { clock, system } = tools;
  let isStopped = false;
  let isFull = false;
  let failure: RpcError | null = null;
  let looksAgainAt = 0;
  /** Frames of two messages must not mix. */
  let lastWrite: Promise<unknown> = Promise.resolve();

  const stream = createStreamLink({
    clock,
    traits: {
      packetsApart: true,
      ...(face.bitRate === null
        ? {}
        : { bytesPerMs: ((face.bitRate / 1000) * FRAME_BYTES) / BITS_PER_FULL_FRAME }),
    },
    write: (data, timeoutMs, signal) => writeInTurn([data], timeoutMs, signal),
    writePieces: writeInTurn,
    async close() {
      channel.setRxFilters(NOTHING);
      channel.setErrorFilters(0);
      if (isStopped) return;
      isStopped = true;
      channel.stop();
      await releaseLater(channel, clock);
    },
    lost: tools.lost,
    // A socket can't be held back: what finds the queue full is lost, as on any line that nobody reads.
    pause: () => {
      isFull = true;
    },
    resume: () => {
      isFull = false;
    },
  });

  function fail(error: RpcError): void {
    failure ??= error;
    stream.fail(failure);
  }

  /** Ends the link if the interface has a reason for frames not to go or come. */
  async function look(isOver: boolean): Promise<void> {
    const now = await readCanInterface(system, name);
    if (now === null) {
      fail(openError("closed", `${name} is gone: unplugged, or its driver unloaded (ENODEV)`));
    } else if (now.state === "BUS-OFF") {
      fail(openError("link-failure", `${name} ${busOffText(name, now)}`));
    } else if (!now.isUp || isOver) {
      fail(openError("closed", `${name} was taken down (ENETDOWN): sudo ip link set ${name} up`));
    }
  }

  function writeInTurn(
    pieces: readonly Uint8Array[],
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const written = lastWrite.then(() => write(pieces, timeoutMs, signal));
    lastWrite = written.catch(() => {});
    return written;
  }

  async function write(
    pieces: readonly Uint8Array[],
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const deadline = clock.now() + timeoutMs;
    let sent = 0;
    for (const data of framesOf(pieces)) {
      for (;;) {
        if (failure !== null) throw failure;
        if (isStopped) throw openError("closed", `${name}: the link was closed`);
        if (signal?.aborted) return false;
        if (channel.send({ id, ext: false, rtr: false, data }) >= 0) break;
        // The package does not say why: the queue is full, or the interface is down or gone.
        await lookNowAndThen(true);
        if (failure === null && clock.now() >= deadline) throw queueFull(name);
        await sleep(clock, FULL_RETRY_MS, signal);
      }
      sent += 1;
      if (sent % FRAMES_PER_TURN === 0) await hostTurn(clock);
    }
    return true;
  }

  async function lookNowAndThen(isWriting: boolean): Promise<void> {
    if (failure !== null || clock.now() < looksAgainAt) return;
    looksAgainAt = clock.now() + LOOK_AGAIN_MS;
    // Asking for more than that takes a process, too much for a slave that waits for its next command.
    if (isWriting || (await isCanUp(system, name)) !== true) await look(false);
  }

  channel.addListener("onMessage", (message: CanMessage) => {
    if (message.err === true) {
      if ((message.id & CAN_ERR_BUSOFF) === 0) return;
      return fail(openError("link-failure", `${name} ${busOffText(name, face)}`));
    }
    if (message.id !== id || message.ext === true || message.rtr === true || isFull) return;
    if (message.data.length > 0) stream.receive(message.data);
  });
  channel.addListener("onStopped", () => {
    if (isStopped) return;
    isStopped = true;
    void look(true);
  });
  channel.setRxFilters(onlyId(id));
  channel.setErrorFilters(CAN_ERR_BUSOFF);
  channel.start();

  const { link } = stream;
  return {
    traits: link.traits,
    get available() {
      return link.available;
    },
    async getBytes(into, timeoutMs, signal) {
      const isFilled = await link.getBytes(into, timeoutMs, signal);
      if (isFilled || signal?.aborted) return isFilled;
      // The socket's error may get lost between the package's two threads.
      await lookNowAndThen(false);
      if (failure !== null) throw failure;
      return false;
    },
    putBytes: link.putBytes,
    putPieces: (pieces, timeoutMs, signal) => putPieces(link, pieces, timeoutMs, signal),
    flush: link.flush,
    close: link.close,
    [Symbol.asyncDispose]: link.close,
  };
}

/** Frames of 8 bytes and a shorter last one; only one that begins in one piece and ends in another is a copy. */
function* framesOf(pieces: readonly Uint8Array[]): Generator<Buffer> {
  let begun: Buffer = Buffer.alloc(0);
  for (const piece of pieces) {
    let at = 0;
    if (begun.length > 0) {
      at = Math.min(FRAME_BYTES - begun.length, piece.length);
      begun = Buffer.concat([begun, piece.subarray(0, at)]);
      if (begun.length < FRAME_BYTES) continue;
      yield begun;
    }
    for (; at + FRAME_BYTES <= piece.length; at += FRAME_BYTES) {
      yield Buffer.from(piece.buffer, piece.byteOffset + at, FRAME_BYTES);
    }
    begun = Buffer.from(piece.buffer, piece.byteOffset + at, piece.length - at);
  }
  if (begun.length > 0) yield begun;
}

/** The package frees its handles in the turns after `stop`: until then it must not be collected. */
async function releaseLater(channel: CanChannel, clock: Clock): Promise<CanChannel> {
  for (let turns = 0; turns < 2; turns++) await hostTurn(clock);
  return channel;
}

const queueFull = (name: string): RpcError =>
  openError(
    "link-failure",
    `${name} takes no more frames: its transmit queue is full (ENOBUFS), because no other node acknowledges them or the bus is busy; if the wiring is right, enlarge the queue: sudo ip link set ${name} txqueuelen 1000`,
  );
