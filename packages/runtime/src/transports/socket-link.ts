/** A link over a connected TCP socket: what `openTcp` and `listenTcp` give. */
import type { Clock } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { createStreamLink } from "../link/stream-link.js";
import { explainNetwork } from "./network-errors.js";
import { openError } from "./open-error.js";
import type { TcpSocket } from "./sockets.js";

/** Notices within minutes a peer that has gone without a word. */
const KEEP_ALIVE_MS = 30_000;

/** A segment that was lost is sent again after 200 ms, and if that is lost after 400 more; what is behind it waits. */
const STALLS_MS = 600;

const NOTHING = new Uint8Array(0);

/** Takes the socket over, and what was `received` by it already. Small packets go out at once: nothing here waits to be filled up. */
export function createSocketLink(
  socket: TcpSocket,
  where: string,
  clock: Clock,
  lost: (error: RpcError) => void,
  received: Uint8Array = NOTHING,
): Link {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  const stream = createStreamLink({
    clock,
    traits: { stallsMs: STALLS_MS },
    write: (data, timeoutMs, signal) => writeSocket(socket, where, clock, [data], timeoutMs, signal),
    writePieces: (pieces, timeoutMs, signal) => writeSocket(socket, where, clock, pieces, timeoutMs, signal),
    close: () => closeSocket(socket, clock),
    lost,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  });
  stream.receive(received, true);
  socket.on("data", (chunk) => stream.receive(chunk, true));
  socket.on("error", (error) => stream.fail(explainNetwork(error, where)));
  socket.on("close", () =>
    stream.fail(openError("closed", `${where}: the other side closed the connection`)),
  );
  return stream.link;
}

/** The pieces go out in one write; resolves true once the last of them is taken. */
export function writeSocket(
  socket: TcpSocket,
  where: string,
  clock: Clock,
  pieces: readonly Uint8Array[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (isTaken: boolean, error?: Error | null) => {
      cancel();
      signal?.removeEventListener("abort", giveUp);
      if (error) reject(explainNetwork(error, where));
      else resolve(isTaken);
    };
    const giveUp = () => settle(false);
    const cancel = Number.isFinite(timeoutMs) ? clock.after(timeoutMs, giveUp) : () => {};
    signal?.addEventListener("abort", giveUp);
    socket.cork();
    pieces.forEach((piece, index) => {
      const isLast = index === pieces.length - 1;
      socket.write(piece, isLast ? (error) => settle(true, error) : undefined);
    });
    socket.uncork();
  });
}

/** A peer that takes nothing any more is not waited for longer than this. */
const LONGEST_GOODBYE_MS = 1000;

/** What was written still goes out. */
export function closeSocket(socket: TcpSocket, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    const cancel = clock.after(LONGEST_GOODBYE_MS, () => void socket.destroy());
    socket.once("close", () => {
      cancel();
      resolve();
    });
    // What nobody reads any more must not hold the end up.
    socket.resume();
    socket.end(() => void socket.destroy());
  });
}
