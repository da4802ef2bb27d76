import { describe, expect, it } from "vitest";
import { createTimedNetwork, type NetworkWeather } from "../../test/models/timed-network.js";
import { createMaster, createSlave } from "../index.js";
import { createVirtualClock } from "../testing/index.js";
import { openMasterEnd, openSlaveEnd } from "./network-link.js";

const NEVER_MS = 3_600_000;

/** With `vanishes` the first connection goes to nowhere with its first write, and neither end is told of it. */
async function setUp(vanishes: boolean) {
  const clock = createVirtualClock();
  const counts = { dials: 0, writes: 0 };
  const weather: NetworkWeather = {
    datagram: () => [0],
    dial() {
      counts.dials += 1;
      return { kind: "accepted", lateMs: 0 };
    },
    write(bytes) {
      counts.writes += 1;
      if (vanishes && counts.writes === 1) {
        return { kind: "vanishes", bytes: 0, writerAfterMs: NEVER_MS, readerAfterMs: NEVER_MS };
      }
      return { kind: "arrives", pieces: [{ bytes: bytes.length, lateMs: 0 }] };
    },
  };
  const network = createTimedNetwork({ clock, oneWayMs: 1, weather });
  const slaveLink = await clock.run(
    openSlaveEnd({ myIp: "10.0.0.2" }, { clock, sockets: network.host("10.0.0.2") }),
  );
  const options = { slaveIp: "10.0.0.2", myIp: "10.0.0.1" };
  const link = await clock.run(openMasterEnd(options, { clock, sockets: network.host("10.0.0.1") }));
  const slave = createSlave(slaveLink, { clock, onError: () => {} });
  slave.register("echo", (argument) => argument);
  slave.register("length", (argument) => Uint8Array.of(argument.length & 255));
  slave.register("large", () => new Uint8Array(5000).fill(9));
  slave.register("frames", (_, context) => {
    slave.writeStream(context, [Uint8Array.of(1)]);
    return new Uint8Array(0);
  });
  void slave.serve().catch(() => {});
  return { clock, counts, master: createMaster(link, { clock }) };
}

describe("a connection that is gone without a word", () => {
  it.each([
    ["length", 5000],
    ["large", 0],
  ])("is made anew by the slave: the next calls get through (%s, %d bytes)", async (name, size) => {
    const { clock, master } = await setUp(true);
    const startedAt = clock.now();
    const outcomes: string[] = [];
    while (outcomes.at(-1) !== "answered" && outcomes.length < 20) {
      const call = master.call(name, new Uint8Array(size), { repeatable: true, timeoutMs: 3000 });
      outcomes.push(
        await clock.run(
          call.then(
            () => "answered",
            () => "failed",
          ),
        ),
      );
    }
    expect(outcomes.at(-1)).toBe("answered");
    expect(clock.now() - startedAt).toBeLessThan(4000);
    expect((await clock.run(master.call("echo", new Uint8Array(3000)))).length).toBe(3000);
  });

  it("is noticed by keep-alives where a stream's beginning went to nowhere", async () => {
    const { clock, master } = await setUp(true);
    const read = async () => {
      for await (const frame of master.openStream("frames", new Uint8Array(0))) return frame[0];
      return null;
    };
    await expect(clock.run(read())).rejects.toMatchObject({ code: "stream-broken" });
    await clock.advance(16_000);
    expect(await clock.run(read())).toBe(1);
  });

  it("is not doubted where everything comes", async () => {
    const { clock, counts, master } = await setUp(false);
    for (let call = 0; call < 50; call++) {
      expect((await clock.run(master.call("echo", new Uint8Array(3000)))).length).toBe(3000);
      await clock.advance(400);
    }
    expect(counts.dials).toBe(1);
  });
});
