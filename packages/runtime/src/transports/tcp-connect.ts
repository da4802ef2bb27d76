/** Connecting a TCP socket within a time, and giving it up: for plain TCP, the network link and the pigpio daemon. */
import type { RpcError } from "../errors.js";
import { checkPort } from "./check-port.js";
import { explainNetwork, placeOf } from "./network-errors.js";
import { checkAborted, openError } from "./open-error.js";
import type { NetworkHost, TcpSocket } from "./sockets.js";

export const DEFAULT_PORT = 0x1dba;
const DEFAULT_CONNECT_TIMEOUT_MS = 5000;

/** A socket that is connected. Rejects like `openTcp`. */
export function connectSocket(
  options: { readonly host: string; readonly port: number; readonly connectTimeoutMs?: number },
  { clock, sockets }: NetworkHost,
  signal: AbortSignal | undefined,
): Promise<TcpSocket> {
  const { host, port, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const where = placeOf(host, port);
  return new Promise((resolve, reject) => {
    checkPort(port, 1);
    checkAborted(signal);
    const socket = sockets.connect({ host, port, noDelay: true });
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
