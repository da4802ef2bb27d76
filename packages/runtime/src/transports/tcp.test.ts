import { afterEach, expect, it } from "vitest";
import { systemClock } from "../clock.js";
import { type Sockets, systemSockets, type TcpSocket } from "./sockets.js";
import { dialTcp, listenTcp, openTcp } from "./tcp.js";
import { acceptTcp } from "./tcp-listener.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

it("lets small packets go out at once, at both ends", async () => {
  const asked: [string, unknown][] = [];
  const watch = (end: string, socket: TcpSocket): TcpSocket => {
    const setNoDelay = socket.setNoDelay.bind(socket);
    return Object.assign(socket, {
      setNoDelay(isSet: boolean) {
        asked.push([end, isSet]);
        return setNoDelay(isSet);
      },
    });
  };
  const sockets: Sockets = {
    ...systemSockets,
    connect: (options) => watch("dials", systemSockets.connect(options)),
    createServer: (options, onConnection) =>
      systemSockets.createServer(options, (socket) => onConnection(watch("listens", socket))),
  };
  const machine = { clock: systemClock, sockets };
  const listener = await acceptTcp({ host: "127.0.0.1", port: 0 }, machine);
  open.push(listener);
  open.push(await dialTcp({ host: "127.0.0.1", port: listener.port }, machine), await listener.accept());
  expect(asked.sort()).toEqual([
    ["dials", true],
    ["listens", true],
  ]);
});

it.each([99_999, 1.5, -1, Number.NaN])("refuses port %d", async (port) => {
  const refused = { code: "bad-argument", phase: "open" };
  await expect(openTcp({ host: "127.0.0.1", port })).rejects.toMatchObject(refused);
  await expect(listenTcp({ host: "127.0.0.1", port })).rejects.toMatchObject(refused);
});
