/** The board's network: a TCP port of this machine, whose connections reach the script one at a time. */
import { createServer, type Server, type Socket } from "node:net";
import { CONNECTED, createByteChannel, createByteHostEnd, LEAVING } from "./byte-channel.js";
import { NO_FACES, type Port } from "./port.js";

const HOST = "127.0.0.1";

/** @param port 0 for one that is free. Rejects if the port is taken. */
export async function openTcpPort(port: number): Promise<Port> {
  const bytes = createByteChannel();
  let current: Socket | null = null;
  const waiting: Socket[] = [];

  const host = createByteHostEnd(
    bytes,
    async (data) => {
      if (current?.writable) current.write(data);
    },
    () => {
      current?.end();
      current = null;
      next();
    },
  );
  const next = (): void => {
    const socket = current === null ? waiting.shift() : undefined;
    if (socket === undefined) return;
    if (socket.destroyed) {
      next();
      return;
    }
    current = socket;
    host.setConnection(CONNECTED);
    socket.on("data", (data: Uint8Array) => {
      socket.pause();
      void host.deliver(data).then(() => socket.resume());
    });
    socket.on("close", () => {
      if (current === socket) host.setConnection(LEAVING);
    });
  };
  const server = createServer({ noDelay: true, pauseOnConnect: false }, (socket) => {
    socket.on("error", () => {});
    waiting.push(socket);
    next();
  });
  await listening(server, port);
  const address = server.address();
  const at = typeof address === "object" && address !== null ? address.port : port;
  return {
    faces: { ...NO_FACES, path: `tcp://${HOST}:${at}` },
    channel: { kind: "tcp", bytes },
    receive(message) {
      if (message.kind === "bytes" || message.kind === "bytes-room" || message.kind === "bytes-hangup") {
        host.receive(message);
      }
    },
    start: () => {},
    drained: host.drained,
    close: () => closed(server, [...waiting, ...(current === null ? [] : [current])]),
  };
}

export function listening(server: Server, at: number | string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(explainListening(error, at)));
    if (typeof at === "number") server.listen(at, HOST, resolve);
    else server.listen(at, resolve);
  });
}

/** The system's words for a place that can't be listened at name neither the program in the way nor a way out. */
function explainListening(cause: NodeJS.ErrnoException, at: number | string): Error {
  const where = typeof at === "number" ? `${HOST}:${at}` : at;
  const isPath = typeof at === "string";
  const advice: Readonly<Record<string, string>> = {
    EADDRINUSE: isPath
      ? "another program listens there, or left the file behind; close that one, or delete the file"
      : "another program uses this port; close that one first, or take another port",
    EACCES: isPath
      ? "the folder is not there, or no permission"
      : "no permission; ports below 1024 are for root",
  };
  const text = advice[cause.code ?? ""];
  // It stays the system's refusal, which is the person's to mend.
  if (text !== undefined) cause.message = `${where}: ${text} (${cause.code})`;
  return cause;
}

export function closed(server: Server, sockets: Iterable<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroySoon();
  return new Promise((resolve) => server.close(() => resolve()));
}
