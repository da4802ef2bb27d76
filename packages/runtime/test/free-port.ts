/** A port that nobody has at the moment. */
import { createSocket } from "node:dgram";

export async function freePort(host: string): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind({ port: 0, address: host }, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
