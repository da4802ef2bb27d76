import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { createSpiBus, type SpiBusModel } from "../../test/models/spi-bus.js";
import type { Link } from "../link/link.js";
import { describeLink } from "../testing/link-contract.js";
import { openError } from "./open-error.js";
import { openSpi } from "./spi.js";
import { openSpiSlave, type SpiSlaveWorker } from "./spi-slave.js";

const LARGEST = 2 ** 21;

/** A worker at the slave's end of the model's bus. It can wait for one transfer, and be ended. */
function joinWorker(bus: SpiBusModel): SpiSlaveWorker {
  interface Waiting {
    readonly out: Uint8Array;
    readonly received: Uint8Array;
    moved: number;
    resolve(received: Uint8Array): void;
    reject(error: Error): void;
  }
  let waiting: Waiting | null = null;
  const target = {
    clock(bytes: Uint8Array): Uint8Array | null {
      if (waiting === null) return null;
      const { out, received, moved } = waiting;
      const count = Math.min(bytes.length, out.length - moved);
      received.set(bytes.subarray(0, count), moved);
      const given = out.slice(moved, moved + count);
      waiting.moved += count;
      if (waiting.moved === out.length) {
        const { resolve } = waiting;
        waiting = null;
        resolve(received);
      }
      return given;
    },
  };
  bus.slave = target;
  return {
    transfer: (bytes) =>
      new Promise((resolve, reject) => {
        waiting = { out: bytes.slice(), received: new Uint8Array(bytes.length), moved: 0, resolve, reject };
      }),
    end() {
      waiting?.reject(openError("closed", "ended"));
      waiting = null;
      if (bus.slave === target) bus.slave = null;
    },
  };
}

const openSlave = (bus: SpiBusModel, onStart = () => {}): Promise<Link> =>
  openSpiSlave(
    { bus: 0, device: 0 },
    {
      start: async () => {
        onStart();
        return joinWorker(bus);
      },
      bufferBytes: async () => LARGEST,
    },
  );

async function wire(onStart?: () => void): Promise<{ a: Link; b: Link }> {
  const bus = createSpiBus();
  const b = await openSlave(bus, onStart);
  const a = await openSpi(
    { bus: 0, device: 0 },
    { load: async () => bus.package, bufferBytes: async () => bus.bufferBytes },
  );
  return { a, b };
}

describeLink(
  "spi slave",
  async () => {
    const { a, b } = await wire();
    return { a, b, run: (work) => work, dispose: () => Promise.all([a.close(), b.close()]).then(() => {}) };
  },
  { describe, it, expect },
);

describe("openSpiSlave", () => {
  it("keeps a transfer that waits for the next get of its size, and ends it for any other", async () => {
    let starts = 0;
    const { a, b } = await wire(() => {
      starts += 1;
    });
    expect(await b.getBytes(new Uint8Array(4), 5)).toBe(false);
    expect(await b.getBytes(new Uint8Array(4), 5)).toBe(false);
    expect(starts).toBe(1);
    const into = new Uint8Array(6);
    const reading = b.getBytes(into, 5000);
    await new Promise<void>((resolve) => setImmediate(resolve));
    await a.putBytes(Uint8Array.of(1, 2, 3, 4, 5, 6), 5000);
    expect(await reading).toBe(true);
    expect([...into, starts]).toEqual([1, 2, 3, 4, 5, 6, 2]);
    await Promise.all([a.close(), b.close()]);
  });
});

describe("the process of an SPI slave", () => {
  const FAKE = fileURLToPath(new URL("../../test/models/spi-slave-device.cjs", import.meta.url));
  const built = new URL("../../dist/transports/spi-slave.js", import.meta.url).href;
  const workers: SpiSlaveWorker[] = [];
  const start = async (bus: number, device: number): Promise<SpiSlaveWorker> => {
    const { startSpiSlaveProcess } = (await import(built)) as typeof import("./spi-slave.js");
    const worker = await startSpiSlaveProcess({ bus, device }, FAKE);
    workers.push(worker);
    return worker;
  };
  afterEach(() => {
    for (const worker of workers.splice(0)) worker.end();
  });

  it("makes transfers", async () => {
    const worker = await start(0, 0);
    expect([...(await worker.transfer(Uint8Array.of(0, 0, 0)))]).toEqual([1, 2, 3]);
    expect([...(await worker.transfer(Uint8Array.of(1, 1)))]).toEqual([0, 3]);
  });

  it("can be ended while it waits in a transfer that nobody clocks", async () => {
    const worker = await start(0, 1);
    const waiting = worker.transfer(new Uint8Array(4)).catch((error: unknown) => error);
    worker.end();
    expect(await waiting).toMatchObject({ code: "closed", phase: "open" });
  });

  it("says why the device does not open, and what it refuses", async () => {
    await expect(start(5, 0)).rejects.toMatchObject({
      code: "link-failure",
      message: expect.stringContaining("/dev/spidev5.0: there is no such device"),
    });
    const worker = await start(0, 0);
    await expect(worker.transfer(new Uint8Array(5000))).rejects.toMatchObject({
      message: expect.stringContaining("larger than spidev's buffer"),
    });
  });

  it("does not keep the program that started it from ending", async () => {
    const program = `
      import { startSpiSlaveProcess } from ${JSON.stringify(built)};
      const worker = await startSpiSlaveProcess({ bus: 0, device: 1 }, ${JSON.stringify(FAKE)});
      void worker.transfer(new Uint8Array(4)).catch(() => {});
      process.exit(0);
    `;
    const child = fork("-", [], {
      execPath: process.execPath,
      execArgv: ["--input-type=module", "--eval", program],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    expect(await new Promise((resolve) => child.once("exit", (code) => resolve(code)))).toBe(0);
  });
});
