import { afterEach, describe, expect, it } from "vitest";
import { openI2cMaster } from "../../test/models/exact-pair.js";
import { createI2cBus } from "../../test/models/i2c-bus.js";
import { type PigpioDaemon, startPigpioDaemon } from "../../test/models/pigpio-daemon.js";
import type { Link } from "../link/link.js";
import { describeLink } from "../testing/link-contract.js";
import { openI2cSlave } from "./i2c-slave.js";

/** A master on the model of i2c-dev, wired to a slave on the model of the Pi's chip. */
async function wire(): Promise<{ a: Link; b: Link; daemon: PigpioDaemon }> {
  const daemon = await startPigpioDaemon();
  const bus = createI2cBus();
  bus.target = { onWrite: daemon.write, onRead: daemon.read };
  const b = await openI2cSlave({ port: daemon.port });
  const a = await openI2cMaster(bus);
  return { a, b, daemon };
}

describeLink(
  "i2c slave",
  async () => {
    const { a, b, daemon } = await wire();
    const dispose = async () => {
      await a.close();
      await b.close();
      await daemon.close();
    };
    return { a, b, run: (work) => work, dispose };
  },
  { describe, it, expect },
);

describe("openI2cSlave", () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  async function wireKept() {
    const wired = await wire();
    open.push(wired.daemon, wired.b, wired.a);
    return wired;
  }

  it("listens to its address, and gives the pins back when it is closed", async () => {
    const { b, daemon } = await wireKept();
    expect(daemon.address).toBe(0x12);
    await b.close();
    expect(daemon.address).toBe(null);
  });

  it("gives up what it says when the master starts over, and hears what it says", async () => {
    const { b, daemon } = await wireKept();
    const writing = b.putBytes(Uint8Array.of(1, 2, 3, 4), 5000);
    await daemon.write(Uint8Array.of(9, 8));
    expect(await writing).toBe(false);
    const into = new Uint8Array(2);
    expect(await b.getBytes(into, 5000)).toBe(true);
    expect([...into]).toEqual([9, 8]);
    expect(await daemon.read(1)).toBe(null);
  });

  it("says that no daemon runs, and how to start it", async () => {
    const daemon = await startPigpioDaemon();
    await daemon.close();
    await expect(openI2cSlave({ port: daemon.port })).rejects.toMatchObject({
      code: "link-failure",
      phase: "open",
      message: expect.stringContaining("sudo apt install pigpio && sudo systemctl enable --now pigpiod"),
    });
  });

  it("says that the daemon refuses", async () => {
    const daemon = await startPigpioDaemon();
    open.push(daemon);
    daemon.refuse();
    await expect(openI2cSlave({ port: daemon.port })).rejects.toMatchObject({
      code: "link-failure",
      message: expect.stringContaining("refused the I2C slave (error -1)"),
    });
  });

  it("tells a read that waits when the daemon ends", async () => {
    const { b, daemon } = await wireKept();
    const reading = b.getBytes(new Uint8Array(1), 5000).catch((error: unknown) => error);
    await daemon.close();
    expect(await reading).toMatchObject({ code: "closed" });
  });

  it("refuses an address that can't be", async () => {
    await expect(openI2cSlave({ address: 0 })).rejects.toMatchObject({ code: "bad-argument" });
  });
});
