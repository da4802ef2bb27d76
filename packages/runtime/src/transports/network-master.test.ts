import { describe, expect, it } from "vitest";
import { createStockNetwork } from "../../test/models/stock-network.js";
import { createTimedNetwork, type NetworkWeather } from "../../test/models/timed-network.js";
import { createMaster, createSlave, type Master, type Slave } from "../index.js";
import { hashName } from "../packet/hash-name.js";
import { encodeCommand, encodePacket, Magic } from "../packet/packet.js";
import { createVirtualClock, serveStockPort, type VirtualClock } from "../testing/index.js";
import { isHello } from "./network-connection.js";
import { openMasterEnd, openSlaveEnd } from "./network-link.js";

const MASTER = "10.0.0.1";
const SLAVE = "10.0.0.2";
const NEVER_MS = 3_600_000;

type Written = { readonly from: string; readonly bytes: Uint8Array };

/** A network that may be told what becomes of a datagram, and of what is written to a connection. */
function setUp(fates: Partial<NetworkWeather> = {}) {
  const clock = createVirtualClock();
  const datagrams: Written[] = [];
  const written: Uint8Array[] = [];
  const counts = { dials: 0 };
  const weather: NetworkWeather = {
    datagram(bytes, from) {
      if (bytes.length > 0 && !isHello(bytes)) datagrams.push({ bytes, from });
      return fates.datagram?.(bytes, from) ?? [0];
    },
    dial() {
      counts.dials += 1;
      return fates.dial?.() ?? { kind: "accepted", lateMs: 0 };
    },
    write(bytes, from) {
      written.push(bytes);
      return fates.write?.(bytes, from) ?? arrives(bytes);
    },
  };
  const network = createTimedNetwork({ clock, oneWayMs: 1, weather });
  const seen = { datagrams, written, counts };
  return { clock, network, ...seen, ...opener(clock, network) };
}

const arrives = (bytes: Uint8Array) =>
  ({ kind: "arrives", pieces: [{ bytes: bytes.length, lateMs: 0 }] }) as const;

function opener(clock: VirtualClock, network: ReturnType<typeof createTimedNetwork>) {
  return {
    async openMaster(): Promise<Master> {
      const machine = { clock, sockets: network.host(MASTER) };
      const link = await clock.run(openMasterEnd({ slaveIp: SLAVE, myIp: MASTER }, machine));
      return createMaster(link, { clock });
    },
    async openSlave(): Promise<{ slave: Slave; runs: string[] }> {
      const machine = { clock, sockets: network.host(SLAVE) };
      const link = await clock.run(openSlaveEnd({ myIp: SLAVE }, machine));
      const slave = createSlave(link, { clock, onError: () => {} });
      const runs: string[] = [];
      for (const name of ["echo", "other"]) {
        slave.register(name, (argument) => {
          runs.push(name);
          return argument;
        });
      }
      slave.register("frames", (_, context) => {
        slave.writeStream(context, [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]);
        return new Uint8Array(0);
      });
      void slave.serve().catch(() => {});
      return { slave, runs };
    },
    openStockSlave(): void {
      const socket = { clock, sockets: network.host(SLAVE), address: SLAVE, port: 0x1dba };
      const openPort = () => createStockNetwork(socket);
      serveStockPort({ clock, openPort, functions: { echo: (argument) => argument } });
    },
  };
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const bytesOf = (size: number) => new Uint8Array(size).map((_, index) => index % 251);

describe("a network between two ends of this library", () => {
  it("is spoken over by the connection alone, from the first call on", async () => {
    const { clock, datagrams, openMaster, openSlave } = setUp();
    await openSlave();
    const master = await openMaster();
    for (const size of [0, 4, 1396, 1397, 100_000]) {
      expect(await clock.run(master.call("echo", bytesOf(size)))).toEqual(bytesOf(size));
    }
    const frames: (number | undefined)[] = [];
    const read = async () => {
      for await (const frame of master.openStream("frames", new Uint8Array(0))) frames.push(frame[0]);
    };
    await clock.run(read());
    expect(frames).toEqual([1, 2, 3]);
    expect(datagrams).toEqual([]);
    expect(master.link.traits).toMatchObject({ stallsMs: 600, comesBack: true });
    await clock.run(master.close());
  });

  it("comes to that later where the slave is started after its first calls", async () => {
    const { clock, datagrams, openMaster, openSlave } = setUp();
    const master = await openMaster();
    for (let call = 0; call < 30; call++) {
      const early = master.call("echo", bytesOf(4), { sendTimeoutMs: 300 });
      await expect(clock.run(early)).rejects.toMatchObject({ code: "timeout", executed: "no" });
    }
    await openSlave();
    // Too late for this call: it is spoken as it was begun.
    await clock.run(master.call("echo", bytesOf(2000)));
    await clock.advance(200);
    expect(await clock.run(master.call("echo", bytesOf(3)))).toEqual(bytesOf(3));
    const before = datagrams.length;
    expect(await clock.run(master.call("echo", bytesOf(5)))).toEqual(bytesOf(5));
    expect(datagrams.length).toBe(before);
  });

  it("runs nothing again for a datagram that comes once more after the call", async () => {
    let repeat = false;
    const { clock, openMaster, openSlave } = setUp({ datagram: () => (repeat ? [0, 40] : [0]) });
    const { runs } = await openSlave();
    const master = await openMaster();
    repeat = true;
    for (let call = 0; call < 20; call++) {
      const name = call % 2 === 0 ? "echo" : "other";
      expect(await clock.run(master.call(name, Uint8Array.of(call)))).toEqual(Uint8Array.of(call));
    }
    await clock.advance(100);
    expect(runs).toEqual(Array.from({ length: 20 }, (_, call) => (call % 2 === 0 ? "echo" : "other")));
  });

  it("says whether a call ran when the connection breaks, and comes back", async () => {
    let resets = 0;
    const { clock, openMaster, openSlave, counts } = setUp({
      write: (bytes, from) => {
        // The slave's answer to the second call.
        const isHit = from.name.startsWith(SLAVE) && bytes.length > 400 && resets === 0;
        if (isHit) resets += 1;
        return isHit ? { kind: "reset", bytes: 100 } : arrives(bytes);
      },
    });
    const { runs } = await openSlave();
    const master = await openMaster();
    await clock.run(master.call("other", bytesOf(3)));
    const broken = master.call("echo", bytesOf(500));
    await expect(clock.run(broken)).rejects.toMatchObject({ phase: "result", executed: "yes" });
    expect(await clock.run(master.call("echo", bytesOf(7)))).toEqual(bytesOf(7));
    expect(runs).toEqual(["other", "echo", "echo"]);
    expect(counts.dials).toBe(2);
  });

  it("repeats what may be repeated over the next connection", async () => {
    let resets = 0;
    const { clock, openMaster, openSlave } = setUp({
      write: (bytes) => {
        const isHit = bytes.length > 400 && resets < 2;
        if (isHit) resets += 1;
        return isHit ? { kind: "reset", bytes: 100 } : arrives(bytes);
      },
    });
    await openSlave();
    const master = await openMaster();
    const call = master.call("echo", bytesOf(500), { repeatable: true, timeoutMs: 5000 });
    expect(await clock.run(call)).toEqual(bytesOf(500));
    expect(resets).toBe(2);
  });

  it.each([3, 5000])("gets a connection that is gone without a word made anew (%d bytes)", async (size) => {
    let isGone = false;
    const vanishes = { bytes: 0, writerAfterMs: NEVER_MS, readerAfterMs: NEVER_MS };
    const { clock, counts, openMaster, openSlave } = setUp({
      write(bytes) {
        if (!isGone) return arrives(bytes);
        isGone = false;
        return { kind: "vanishes", ...vanishes };
      },
    });
    await openSlave();
    const master = await openMaster();
    await clock.run(master.call("echo", bytesOf(1)));
    // Whatever the slave heard last is long ago.
    await clock.advance(5000);
    isGone = true;
    const startedAt = clock.now();
    const call = master.call("echo", bytesOf(size), { repeatable: true, timeoutMs: 10_000 });
    expect(await clock.run(call)).toEqual(bytesOf(size));
    expect(clock.now() - startedAt).toBeLessThan(2000);
    expect(counts.dials).toBe(2);
  });

  it("doubts no connection over which everything comes, however long a function takes", async () => {
    const { clock, counts, openMaster, openSlave } = setUp();
    const { slave } = await openSlave();
    slave.register("slow", async (argument) => {
      await new Promise<void>((resolve) => void clock.after(20_000, resolve));
      return argument;
    });
    const master = await openMaster();
    for (let call = 0; call < 5; call++) {
      expect(await clock.run(master.call("slow", bytesOf(3000), { recvTimeoutMs: 25_000 }))).toHaveLength(
        3000,
      );
      await clock.advance(400);
    }
    expect(counts.dials).toBe(1);
  });

  it("takes the former library's slave that came in the place of ours", async () => {
    const { clock, openMaster, openSlave, openStockSlave } = setUp();
    const { slave } = await openSlave();
    const master = await openMaster();
    await clock.run(master.call("echo", bytesOf(3)));
    await clock.run(slave.close());
    openStockSlave();
    const leftAt = clock.now();
    let answer: Uint8Array | null = null;
    // It might be ours that comes back: for two seconds it is waited for.
    while (answer === null && clock.now() < leftAt + 5000) {
      answer = await clock.run(master.call("echo", bytesOf(9))).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "closed" });
        return null;
      });
    }
    expect(answer).toEqual(bytesOf(9));
    expect(clock.now()).toBeGreaterThan(leftAt + 2000);
  });
});

it("sends small packets at once, from either end", async () => {
  const delayed: string[] = [];
  const { clock, written, openMaster, openSlave } = setUp({
    write(bytes, from) {
      if (!from.isNoDelay) delayed.push(from.name);
      return arrives(bytes);
    },
  });
  await openSlave();
  const master = await openMaster();
  await clock.run(master.call("echo", bytesOf(3)));
  expect(written.length).toBeGreaterThan(4);
  expect(delayed).toEqual([]);
});

it.each<["master" | "slave", { port?: number; slavePort?: number }]>([
  ["master", { port: 99_999 }],
  ["master", { port: 1.5 }],
  ["master", { slavePort: 0 }],
  ["master", { slavePort: 70_000 }],
  ["slave", { port: -1 }],
  ["slave", { port: Number.NaN }],
])("refuses ports that can't be: %s, %j", async (role, ports) => {
  const { clock, network } = setUp();
  const machine = { clock, sockets: network.host(MASTER) };
  const opening =
    role === "slave" ? openSlaveEnd(ports, machine) : openMasterEnd({ slaveIp: SLAVE, ...ports }, machine);
  await expect(clock.run(opening)).rejects.toMatchObject({ code: "bad-argument", phase: "open" });
});

describe("a slave of this library whose connection takes long", () => {
  it.each([340, 900])("is waited for before the first call (%d ms)", async (lateMs) => {
    const { clock, datagrams, openMaster, openSlave } = setUp({ dial: () => ({ kind: "accepted", lateMs }) });
    await openSlave();
    const master = await openMaster();
    expect(await clock.run(master.call("echo", bytesOf(3)))).toEqual(bytesOf(3));
    expect(datagrams).toEqual([]);
    expect(clock.now()).toBeGreaterThan(lateMs);
    expect(clock.now()).toBeLessThan(lateMs + 300);
  });

  it("is spoken to by datagrams where it can't connect at all, after that was waited for once", async () => {
    const { clock, openMaster, openSlave } = setUp({ dial: () => ({ kind: "refused" }) });
    await openSlave();
    const master = await openMaster();
    for (let call = 0; call < 5; call++) {
      expect(await clock.run(master.call("echo", bytesOf(call)))).toEqual(bytesOf(call));
    }
    expect(clock.now()).toBeGreaterThan(3500);
    expect(clock.now()).toBeLessThan(4000);
  });

  it("is not waited for longer than the call may take", async () => {
    const { clock, openMaster, openSlave } = setUp({ dial: () => ({ kind: "refused" }) });
    await openSlave();
    const master = await openMaster();
    const call = master.call("echo", bytesOf(3), { timeoutMs: 500 });
    await expect(clock.run(call)).rejects.toMatchObject({ code: "timeout", executed: "no" });
    expect(clock.now()).toBe(500);
    const aborted = new AbortController();
    clock.after(100, () => aborted.abort());
    const other = master.call("echo", bytesOf(3), { signal: aborted.signal });
    await expect(clock.run(other)).rejects.toMatchObject({ code: "aborted", executed: "no" });
    expect(clock.now()).toBe(600);
  });
});

describe("a network to the former library's slave", () => {
  it("is spoken over by datagrams, and its connection is neither greeted nor closed", async () => {
    const { clock, datagrams, written, counts, openMaster, openStockSlave } = setUp();
    openStockSlave();
    const master = await openMaster();
    for (const size of [5, 5000, 6, 3000, 7]) {
      const call = master.call("echo", bytesOf(size), { repeatable: true, timeoutMs: 20_000 });
      expect(await clock.run(call)).toEqual(bytesOf(size));
    }
    expect(datagrams.length).toBeGreaterThan(20);
    expect(written.length).toBeGreaterThanOrEqual(4);
    expect(written.map(textOf).filter((text) => text.includes("rpcgen"))).toEqual([]);
    expect(counts.dials).toBe(1);
  });
});

it("greets no master of the former library, even where one of ours was before", async () => {
  const { clock, network, written, openMaster, openSlave } = setUp();
  await openSlave();
  const ours = await openMaster();
  await clock.run(ours.call("echo", bytesOf(3)));
  await clock.run(ours.close());
  await clock.advance(20_000);
  const before = written.length;
  const sockets = network.host(MASTER);
  const connections: unknown[] = [];
  const server = sockets.createServer({ noDelay: true }, (socket) => connections.push(socket));
  server.listen({ port: 0x1dba }, () => {});
  const udp = sockets.createUdpSocket("udp4");
  udp.bind({ address: MASTER, port: 0x1dba, exclusive: true }, () => {});
  const answers: Uint8Array[] = [];
  udp.on("message", (message) => answers.push(message));
  udp.send(encodePacket(Magic.COMMAND_HEADER, encodeCommand(hashName("echo"), 0)), 0x1dba, SLAVE, () => {});
  await clock.advance(1000);
  expect(answers).toEqual([encodePacket(Magic.COMMAND_HEADER)]);
  expect(connections).toHaveLength(1);
  expect(written.slice(before)).toEqual([]);
});
