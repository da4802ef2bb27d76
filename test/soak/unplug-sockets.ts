/** What can be unplugged: a pseudo terminal under a name that stays, a TCP connection, the network. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Link } from "@rpcgen/runtime";
import { listenTcp, openNetworkMaster, openNetworkSlave, openTcp } from "@rpcgen/runtime/network";
import { openUart } from "@rpcgen/runtime/uart";
import { freePort } from "../../packages/runtime/test/free-port.js";
import { openPty, type Pty } from "../../packages/runtime/test/open-pty.js";
import type { Socket } from "./unplug-port.js";

const HOST = "127.0.0.1";
const RECONNECT = { firstPauseMs: 1, longestPauseMs: 8 } as const;

/** A slave on the device's end of a pseudo terminal; each time another terminal, as an adapter that is plugged in again. */
export async function ptySocket(): Promise<Socket> {
  const folder = mkdtempSync(join(tmpdir(), "rpcgen-unplug-"));
  const path = join(folder, "port");
  let pty: Pty | null = null;
  const plug = (): Link => {
    pty = openPty();
    symlinkSync(pty.path, path);
    return pty.link;
  };
  const unplug = async () => {
    rmSync(path, { force: true });
    await pty?.unplug();
    pty = null;
  };
  // The first opening must find something; the first slave gets this end.
  let first: Link | null = plug();
  const link = await openUart({ path, baudRate: 115_200, reconnect: RECONNECT });
  return {
    link,
    async plugIn() {
      const end = first ?? plug();
      first = null;
      return end;
    },
    unplug,
    async dispose() {
      await unplug();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A slave that listens; its connection is closed or reset in the middle of messages. */
export async function tcpSocket(): Promise<Socket> {
  const listener = await listenTcp({ host: HOST, port: 0 });
  const link = await openTcp({ host: HOST, port: listener.port, reconnect: RECONNECT });
  let current: Link | null = null;
  return {
    link,
    async plugIn() {
      current = await listener.accept();
      return current;
    },
    async unplug() {
      await current?.close();
    },
    dispose: () => listener.close(),
  };
}

/** A slave that is gone for a while, its port with it. */
export async function networkSocket(): Promise<Socket> {
  const port = await freePort(HOST);
  const link = await openNetworkMaster({
    slaveIp: HOST,
    myIp: HOST,
    port: 0,
    slavePort: port,
    reconnect: RECONNECT,
  });
  let current: Link | null = null;
  return {
    link,
    async plugIn() {
      current = await openNetworkSlave({ myIp: HOST, port });
      return current;
    },
    async unplug() {
      await current?.close();
    },
    dispose: async () => {},
  };
}
