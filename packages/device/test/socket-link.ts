/** A link over a TCP connection, for tests that dial the virtual camera's network. */
import { connect } from "node:net";
import { createStreamLink, type Link, RpcError, systemClock } from "@rpcgen/runtime";

/** @param path `tcp://host:port` */
export async function dial(path: string): Promise<Link> {
  const { hostname, port } = new URL(path);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  const stream = createStreamLink({
    clock: systemClock,
    async write(data) {
      socket.write(data.slice());
      return true;
    },
    close: () => new Promise((resolve) => socket.end(() => resolve())),
  });
  socket.on("data", (chunk) => stream.receive(chunk));
  socket.on("error", () => {});
  socket.on("close", () =>
    stream.fail(new RpcError("closed", "the connection ended", { phase: "open", executed: "unknown" })),
  );
  return stream.link;
}
