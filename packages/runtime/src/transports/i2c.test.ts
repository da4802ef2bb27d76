import { describe, expect, it } from "vitest";
import { joinI2c as join, openI2cMaster as open } from "../../test/models/exact-pair.js";
import { createI2cBus } from "../../test/models/i2c-bus.js";
import { describeLink } from "../testing/link-contract.js";
import { createVirtualClock } from "../testing/virtual-clock.js";

describeLink(
  "i2c",
  async () => {
    const bus = createI2cBus();
    const [a, b] = [await open(bus), join(bus)];
    return { a, b, run: (work) => work, dispose: () => Promise.all([a.close(), b.close()]).then(() => {}) };
  },
  { describe, it, expect },
);

describe("openI2c", () => {
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => null,
      (error: unknown) => error,
    );

  it("has the traits of the bus", async () => {
    const link = await open(createI2cBus());
    expect({ ...link.traits }).toEqual({ framing: "exact", streamDepth: 1, largestTransfer: 8192 });
    await link.close();
  });

  it.each([
    ["i2c-dev", Number.POSITIVE_INFINITY, 8192],
    ["a small adapter", 255, 128],
  ])("learns what %s moves at once, and cuts what is larger", async (_, adapterBytes, largest) => {
    const bus = createI2cBus();
    bus.adapterBytes = adapterBytes;
    const link = await open(bus);
    const b = join(bus);
    const data = new Uint8Array(20_000).map((_, index) => index % 253);
    const into = new Uint8Array(20_000);
    expect(await Promise.all([link.putBytes(data, 5000), b.getBytes(into, 5000)])).toEqual([true, true]);
    expect(into).toEqual(data);
    expect(link.traits.largestTransfer).toBe(largest);
    const parts = bus.transactions.map(({ length }) => length);
    expect(Math.max(...parts)).toBe(largest);
    expect(parts.reduce((sum, length) => sum + length, 0)).toBe(20_000);
    await link.close();
  });

  it("tries a part again that finds the other side not ready yet, and not the parts before it", async () => {
    const bus = createI2cBus();
    const link = await open(bus);
    const taken: Uint8Array[] = [];
    let asked = 0;
    bus.target = {
      onWrite(bytes) {
        asked += 1;
        if (asked % 3 !== 1) return false; // busy with the part before
        taken.push(bytes.slice());
        return true;
      },
      onRead: () => null,
    };
    const data = new Uint8Array(20_000).map((_, index) => index % 253);
    expect(await link.putBytes(data, 5000)).toBe(true);
    expect(Buffer.concat(taken)).toEqual(Buffer.from(data));
    await link.close();
  });

  it("gives up a transfer whose other part is never taken, and does not begin it again", async () => {
    const bus = createI2cBus();
    const link = await open(bus);
    let taken = 0;
    bus.target = {
      onWrite: () => {
        taken += 1;
        return taken === 1;
      },
      onRead: () => null,
    };
    expect(await link.putBytes(new Uint8Array(20_000), 100)).toBe(false);
    expect(bus.transactions).toEqual([{ op: "write", length: 8192 }]);
    await link.close();
  });

  it("never runs two transactions at once", async () => {
    const bus = createI2cBus();
    const link = await open(bus);
    bus.target = { onWrite: () => true, onRead: (length) => new Uint8Array(length).map((_, index) => index) };
    await Promise.all([
      link.putBytes(new Uint8Array(4), 5000),
      link.getBytes(new Uint8Array(4), 5000),
      link.putBytes(new Uint8Array(4), 5000),
    ]);
    expect(bus.mostAtOnce).toBe(1);
    await link.close();
  });

  it("takes a read of equal bytes for no answer, but not a long one and not a single byte", async () => {
    const bus = createI2cBus();
    const link = await open(bus);
    let reads = 0;
    bus.target = {
      onWrite: () => true,
      onRead: (length) => {
        reads += 1;
        return reads < 4 ? new Uint8Array(length).fill(255) : new Uint8Array(length).map((_, index) => index);
      },
    };
    const into = new Uint8Array(4);
    expect(await link.getBytes(into, 5000)).toBe(true);
    expect([...into, reads]).toEqual([0, 1, 2, 3, 4]);
    for (const length of [1, 13, 5000]) {
      reads = 0;
      expect(await link.getBytes(new Uint8Array(length), 5000)).toBe(true);
      expect(reads).toBe(1);
    }
    await link.close();
  });

  it.each(["ENXIO", "EREMOTEIO", "EIO", "EAGAIN"])("tries again after %s", async (code) => {
    const bus = createI2cBus();
    const link = await open(bus);
    bus.target = { onWrite: () => true, onRead: () => null };
    bus.failures.push(code, code, code);
    expect(await link.putBytes(Uint8Array.of(1, 2), 5000)).toBe(true);
    expect(bus.transactions).toEqual([{ op: "write", length: 2 }]);
    await link.close();
  });

  it("does not send again what may have arrived before the adapter gave up waiting", async () => {
    const bus = createI2cBus();
    const link = await open(bus);
    bus.target = { onWrite: () => true, onRead: () => null };
    bus.failures.push("ETIMEDOUT");
    expect(await link.putBytes(Uint8Array.of(1, 2), 5000)).toBe(true);
    expect(bus.transactions).toEqual([]);
    await link.close();
  });

  it("gives up in its time where nobody is at the address", async () => {
    const bus = createI2cBus();
    const clock = createVirtualClock();
    const link = await open(bus, { address: 0x13 }, clock);
    expect(await clock.run(link.getBytes(new Uint8Array(4), 100))).toBe(false);
    expect(clock.now()).toBeGreaterThanOrEqual(100);
    expect(clock.now()).toBeLessThan(103);
    expect(clock.pendingTimers).toBe(0);
    await link.close();
    expect(bus.openBuses).toBe(0);
  });

  it.each([
    ["no such bus", { bus: 7 }, "link-failure", "/dev/i2c-7: there is no such bus; load i2c-dev"],
    ["an address that can't be", { address: 0x78 }, "bad-argument", "from 0x08 to 0x77, not 120"],
  ])("says what keeps it from opening: %s", async (_, options, code, text) => {
    expect(await failure(open(createI2cBus(), options))).toMatchObject({
      code,
      phase: "open",
      message: expect.stringContaining(text),
    });
  });

  it("says that an adapter speaks SMBus only, and frees it", async () => {
    const bus = createI2cBus();
    bus.smbusOnly = true;
    expect(await failure(open(bus))).toMatchObject({ message: expect.stringContaining("SMBus only") });
    expect(bus.openBuses).toBe(0);
  });

  it.each([
    ["EACCES", "link-failure", "sudo usermod -aG i2c $USER"],
    ["EBUSY", "link-failure", "a kernel driver has address 0x12"],
    ["ENODEV", "closed", "unplugged"],
  ])("tells what %s means, and is over", async (errno, code, text) => {
    const bus = createI2cBus();
    const link = await open(bus);
    bus.failures.push(errno);
    const expected = { code, message: expect.stringContaining(text) };
    expect(await failure(link.getBytes(new Uint8Array(4), 5000))).toMatchObject(expected);
    expect(await failure(link.putBytes(new Uint8Array(4), 5000))).toMatchObject(expected);
    await link.close();
  });

  it("tells that the adapter was unplugged where its driver only says that nothing moved", async () => {
    const bus = createI2cBus();
    const link = await open(bus);
    bus.isThere = false;
    bus.failures.push(...Array<string>(20).fill("EIO"));
    const expected = {
      code: "closed",
      message: expect.stringContaining("/dev/i2c-1: the adapter was unplugged"),
    };
    expect(await failure(link.putBytes(Uint8Array.of(1), 5000))).toMatchObject(expected);
    await link.close();
  });

  it("comes back when told to", async () => {
    const bus = createI2cBus();
    const link = await open(bus, { reconnect: { firstPauseMs: 1 } });
    bus.target = { onWrite: () => true, onRead: () => null };
    bus.failures.push("ENODEV");
    expect(await failure(link.putBytes(Uint8Array.of(1), 5000))).toMatchObject({ code: "closed" });
    expect(await link.putBytes(Uint8Array.of(1), 5000)).toBe(true);
    await link.close();
    expect(bus.openBuses).toBe(0);
  });
});
