import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../test/free-port.js";
import { callAsStockMaster, startStockNetworkSlave } from "../../test/models/stock-network-peers.js";
import type { Link } from "../link/link.js";
import { hashName } from "../packet/hash-name.js";
import { createMaster } from "../peer/create-master.js";
import { createSlave } from "../peer/create-slave.js";
import { describeLink } from "../testing/link-contract.js";
import { openNetworkMaster, openNetworkSlave } from "./network.js";
import { listenTcp, openTcp } from "./tcp.js";

const HOST = "127.0.0.1";
const opened: { close(): Promise<void> }[] = [];
const kept = <T extends { close(): Promise<void> }>(each: T): T => {
  opened.push(each);
  return each;
};
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function networkPair(): Promise<{ a: Link; b: Link }> {
  const slavePort = await freePort(HOST);
  const b = kept(await openNetworkSlave({ myIp: HOST, port: slavePort }));
  const a = kept(await openNetworkMaster({ slaveIp: HOST, myIp: HOST, port: 0, slavePort }));
  // A slave answers whoever spoke to it: somebody has to begin.
  await a.putBytes(Uint8Array.of(1), 1000);
  await b.getBytes(new Uint8Array(1), 5000);
  return { a, b };
}

async function tcpPair(): Promise<{ a: Link; b: Link }> {
  const listener = await listenTcp({ host: HOST, port: 0 });
  const [a, b] = await Promise.all([openTcp({ host: HOST, port: listener.port }), listener.accept()]);
  await listener.close();
  return { a: kept(a), b: kept(b) };
}

for (const [name, createPair] of [
  ["network", networkPair],
  ["tcp", tcpPair],
] as const) {
  describeLink(
    name,
    async () => ({
      ...(await createPair()),
      run: (work) => work,
      dispose: () => Promise.all(opened.splice(0).map((each) => each.close())).then(() => {}),
    }),
    { describe, it, expect },
  );
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe("the network link", () => {
  const sizes = [0, 4, 1396, 1397, 5000, 300_000];

  it("makes calls of every size, both ways", async () => {
    const { a, b } = await networkPair();
    const slave = kept(createSlave(b));
    slave.register("echo", (argument) => argument);
    void slave.serve().catch(() => {});
    const master = kept(createMaster(a));
    for (const size of sizes) {
      const argument = new Uint8Array(size).map((_, index) => index % 251);
      const result = await master.call("echo", argument);
      expect(Buffer.compare(result, argument)).toBe(0);
    }
  });

  it("calls a slave of the former library, which connects only when it needs to", async () => {
    const slave = kept(await startStockNetworkSlave());
    const link = await openNetworkMaster({ slaveIp: HOST, myIp: HOST, port: 0, slavePort: slave.port });
    // The machine may be busy with something else for longer than a slave holds its result.
    const master = kept(createMaster(link, { shape: "stepwise", peerHoldMs: 5000 }));
    for (const size of sizes) {
      const argument = new Uint8Array(size).map((_, index) => index % 251);
      const result = await master.call("echo", argument, { sendTimeoutMs: 5000, recvTimeoutMs: 5000 });
      expect(Buffer.compare(result, argument)).toBe(0);
      expect(slave.connections).toBe(size > 1396 ? 1 : 0);
    }
  });

  it("answers a master of the former library, which listens only while it waits", async () => {
    const port = await freePort(HOST);
    const slave = kept(createSlave(await openNetworkSlave({ myIp: HOST, port })));
    slave.register("reverse", (argument) => argument.toReversed());
    void slave.serve().catch(() => {});
    expect(await callAsStockMaster(port, hashName("reverse"), Uint8Array.of(1, 2, 3))).toEqual(
      Uint8Array.of(3, 2, 1),
    );
    slave.register("large", () => new Uint8Array(5000).fill(7));
    expect(await callAsStockMaster(port, hashName("large"), new Uint8Array(0))).toEqual(
      new Uint8Array(5000).fill(7),
    );
  });

  it("streams frames of every size", async () => {
    const { a, b } = await networkPair();
    const slave = kept(createSlave(b));
    const frames = [1, 10, 1400, 1401, 20_000].map((size, index) => new Uint8Array(size).fill(index));
    slave.register("frames", (_, context) => {
      slave.writeStream(context, frames);
      return new Uint8Array(0);
    });
    void slave.serve().catch(() => {});
    const master = kept(createMaster(a));
    const got: number[] = [];
    for await (const frame of master.openStream("frames", new Uint8Array(0), { queueDepth: 4 })) {
      got.push(frame.length);
    }
    expect(got).toEqual(frames.map(({ length }) => length));
    slave.register("echo", (argument) => argument);
    expect(await master.call("echo", Uint8Array.of(5))).toEqual(Uint8Array.of(5));
  });

  it("hears only its slave", async () => {
    const slavePort = await freePort(HOST);
    const port = await freePort(HOST);
    const link = kept(await openNetworkMaster({ slaveIp: HOST, myIp: HOST, port, slavePort }));
    const stranger = createSocket("udp4");
    await new Promise<void>((resolve) => stranger.send(Uint8Array.of(1), port, HOST, () => resolve()));
    const friend = createSocket("udp4");
    await new Promise<void>((resolve) => friend.bind({ port: slavePort, address: HOST }, resolve));
    await new Promise<void>((resolve) => friend.send(Uint8Array.of(2), port, HOST, () => resolve()));
    const into = new Uint8Array(1);
    expect(await link.getBytes(into, 5000)).toBe(true);
    expect(into[0]).toBe(2);
    stranger.close();
    friend.close();
  });

  it("gives a slave that nobody has spoken to no one to answer", async () => {
    const link = kept(await openNetworkSlave({ myIp: HOST, port: await freePort(HOST) }));
    expect(await link.putBytes(Uint8Array.of(1), 1000)).toBe(false);
  });

  it("says that a port is taken, and frees what it had", async () => {
    const port = await freePort(HOST);
    kept(await openNetworkSlave({ myIp: HOST, port }));
    expect(await failure(openNetworkSlave({ myIp: HOST, port }))).toMatchObject({
      code: "link-failure",
      message: `${HOST}:${port}: another program uses this port; close that one first, or take another port (EADDRINUSE)`,
    });
    const server = createServer();
    const taken = await freePort(HOST);
    await new Promise<void>((resolve) => server.listen({ port: taken, host: HOST }, resolve));
    const opening = openNetworkMaster({ slaveIp: HOST, myIp: HOST, port: taken });
    expect(await failure(opening)).toMatchObject({ message: expect.stringContaining("EADDRINUSE") });
    kept(await openNetworkSlave({ myIp: HOST, port: taken }));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});

describe("the tcp link", () => {
  it("says that nobody listens", async () => {
    const port = await freePort(HOST);
    expect(await failure(openTcp({ host: HOST, port }))).toMatchObject({
      code: "link-failure",
      phase: "open",
      message: expect.stringMatching(/nobody listens there.*\(ECONNREFUSED\)/),
    });
  });

  it("tells a pending read that the other side left, after what it said", async () => {
    const { a, b } = await tcpPair();
    await b.putBytes(Uint8Array.of(1, 2), 1000);
    await b.close();
    expect(await a.getBytes(new Uint8Array(2), 5000)).toBe(true);
    expect(await failure(a.getBytes(new Uint8Array(1), 5000))).toMatchObject({
      code: "closed",
      message: expect.stringContaining("the other side closed the connection"),
    });
  });

  it("tells a pending read that the connection broke", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen({ port: 0, host: HOST }, resolve));
    const { port } = server.address() as { port: number };
    const link = kept(await openTcp({ host: HOST, port }));
    const reading = failure(link.getBytes(new Uint8Array(1), 5000));
    while (sockets.length === 0) await new Promise((resolve) => setImmediate(resolve));
    sockets[0]?.resetAndDestroy();
    expect(await reading).toMatchObject({ code: "closed", message: expect.stringContaining("ECONNRESET") });
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it("gives up connecting when its signal aborts", async () => {
    const stop = new AbortController();
    // An address for documentation: nobody answers there, wherever this runs.
    const opening = failure(openTcp({ host: "192.0.2.1", port: 9, signal: stop.signal }));
    stop.abort("enough");
    expect(await opening).toMatchObject({ code: expect.stringMatching(/aborted|link-failure/) });
    expect(await failure(openTcp({ host: HOST, signal: AbortSignal.abort("no") }))).toMatchObject({
      code: "aborted",
      cause: "no",
    });
  });

  it("ends those who wait for a connection when the listener is closed, or their signal aborts", async () => {
    const listener = await listenTcp({ host: HOST, port: 0 });
    const stop = new AbortController();
    const aborted = failure(listener.accept(stop.signal));
    stop.abort();
    expect(await aborted).toMatchObject({ code: "aborted" });
    const waiting = failure(listener.accept());
    await listener.close();
    expect(await waiting).toMatchObject({ code: "closed" });
    expect(await failure(listener.accept())).toMatchObject({ code: "closed" });
  });

  it("comes back when told to", async () => {
    const listener = kept(await listenTcp({ host: HOST, port: 0 }));
    const link = kept(await openTcp({ host: HOST, port: listener.port, reconnect: { firstPauseMs: 1 } }));
    for (let round = 0; round < 3; round++) {
      const other = await listener.accept();
      expect(await link.putBytes(Uint8Array.of(round), 5000)).toBe(true);
      const into = new Uint8Array(1);
      expect(await other.getBytes(into, 5000)).toBe(true);
      expect(into[0]).toBe(round);
      const reading = failure(link.getBytes(into, 5000));
      await other.close();
      expect(await reading).toMatchObject({ code: "closed" });
    }
  });
});
