import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { afterEach, describe, expect, it } from "vitest";
import { openPty, type Pty } from "../../test/open-pty.js";
import type { RpcError } from "../errors.js";
import { createMaster } from "../peer/create-master.js";
import { createSlave } from "../peer/create-slave.js";
import { describeLink } from "../testing/link-contract.js";
import type { SerialPackage } from "./serial-port.js";
import { openUart, type UartOptions } from "./uart.js";

describeLink(
  "uart",
  async () => {
    const pty = openPty();
    const a = await openUart({ path: pty.path, baudRate: 115_200 });
    return {
      a,
      b: pty.link,
      run: (work) => work,
      async dispose() {
        await a.close();
        await pty.unplug();
      },
    };
  },
  { describe, it, expect },
);

describe("openUart", () => {
  const open: { close(): Promise<void> }[] = [];
  const ptyForTest = (): Pty => {
    const pty = openPty();
    open.push({ close: pty.unplug });
    return pty;
  };
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  it("makes calls to a slave at the other end, small and large", async () => {
    const pty = ptyForTest();
    const slave = createSlave(pty.link);
    slave.register("echo", (argument) => argument);
    const stop = new AbortController();
    const served = slave.serve({ signal: stop.signal });
    const master = createMaster(await openUart({ path: pty.path, baudRate: 115_200 }));
    open.push(master);
    for (const size of [0, 32, 5000, 300_000]) {
      const argument = new Uint8Array(size).map((_, index) => index ^ (index >> 8));
      expect(await master.call("echo", argument)).toEqual(argument);
    }
    stop.abort();
    await served;
  });

  it("serves a slave as well", async () => {
    const pty = ptyForTest();
    const slave = createSlave(await openUart({ path: pty.path }));
    open.push(slave);
    slave.register("add", (argument) => Uint8Array.of((argument[0] ?? 0) + (argument[1] ?? 0)));
    const served = slave.serve().catch((error: unknown) => error);
    const master = createMaster(pty.link);
    expect(await master.call("add", Uint8Array.of(2, 3))).toEqual(Uint8Array.of(5));
    await slave.close();
    expect(await served).toMatchObject({ code: "closed", phase: "serve" });
  });

  it("tells a pending call when the cable comes out", async () => {
    const pty = ptyForTest();
    const master = createMaster(await openUart({ path: pty.path }));
    open.push(master);
    const call = master
      .call("echo", Uint8Array.of(1), { sendTimeoutMs: 30_000 })
      .catch((error: unknown) => error);
    await pty.link.getBytes(new Uint8Array(12), 5000);
    await pty.unplug();
    expect(await call).toMatchObject({ code: "closed", phase: "command", executed: "no" });
  });

  it("reads while a write waits for room", async () => {
    const pty = ptyForTest();
    const link = await openUart({ path: pty.path });
    open.push(link);
    const large = new Uint8Array(1_000_000).map((_, index) => index % 251);
    const sent = link.putBytes(large, 20_000);
    await pty.link.putBytes(Uint8Array.of(1, 2, 3), 5000);
    expect(await link.getBytes(new Uint8Array(3), 5000)).toBe(true);
    const into = new Uint8Array(large.length);
    expect(await pty.link.getBytes(into, 20_000)).toBe(true);
    expect(Buffer.compare(into, large)).toBe(0);
    expect(await sent).toBe(true);
  });

  it.each(["/dev/null", tmpdir()])("says that %s is no serial port", async (path) => {
    await expect(openUart({ path })).rejects.toMatchObject({
      code: "link-failure",
      phase: "open",
      message: `${path}: that is no serial port`,
    });
  });

  it("says that there is no such port", async () => {
    await expect(openUart({ path: "/dev/no-such-port" })).rejects.toMatchObject({
      code: "link-failure",
      phase: "open",
      message: expect.stringContaining("there is no such port"),
    });
  });

  it("keeps a second program off the port, and says so", async () => {
    const pty = ptyForTest();
    open.push(await openUart({ path: pty.path }));
    await expect(openUart({ path: pty.path })).rejects.toMatchObject({
      code: "link-failure",
      message: expect.stringContaining("another program has it open"),
    });
  });

  it("does not open for a signal that has aborted", async () => {
    const pty = ptyForTest();
    const signal = AbortSignal.abort("not now");
    const opening = openUart({ path: pty.path, signal });
    await expect(opening).rejects.toMatchObject({ code: "aborted", cause: "not now" });
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses a baud rate of %d", async (baudRate) => {
    const opening = openUart({ path: "/dev/null", baudRate });
    await expect(opening).rejects.toMatchObject({ code: "bad-argument", phase: "open" });
  });

  it("refuses what the package would pass over", async () => {
    const options = { path: ptyForTest().path, parity: "evn" } as unknown as UartOptions;
    await expect(openUart(options)).rejects.toMatchObject({ code: "bad-argument", phase: "open" });
  });

  /** The package itself, on ports that have modem lines; what it was asked for. */
  function watchedPackage() {
    const asked: { options: unknown; flags: unknown[] } = { options: null, flags: [] };
    const Watched = class extends SerialPort {
      constructor(options: ConstructorParameters<typeof SerialPort>[0]) {
        super(options);
        asked.options = options;
      }
      override set(flags: unknown, done?: (error: Error | null) => void): void {
        asked.flags.push(flags);
        done?.(null);
      }
    };
    return { asked, load: async () => ({ SerialPort: Watched }) as unknown as SerialPackage };
  }

  it.each([
    [{}, []],
    [{ dtr: false }, [{ dtr: false }]],
    [{ dtr: true, rts: false }, [{ dtr: true, rts: false }]],
  ])("sets the modem lines that are named, and leaves the others alone: %o", async (lines, flags) => {
    const { asked, load } = watchedPackage();
    open.push(await openUart({ path: ptyForTest().path, ...lines }, { load }));
    expect(asked.flags).toEqual(flags);
  });

  it("passes on what serialport offers, and takes the port for itself", async () => {
    const pty = ptyForTest();
    const { asked, load } = watchedPackage();
    const settings = {
      dataBits: 8,
      stopBits: 2,
      parity: "even",
      xon: false,
      hupcl: false,
      vmin: 1,
      vtime: 0,
      highWaterMark: 1024,
    } as const;
    const link = await openUart({ path: pty.path, baudRate: 57_600, ...settings }, { load });
    expect(asked.options).toMatchObject({ path: pty.path, baudRate: 57_600, lock: true, ...settings });
    open.push(link);
    expect(link.traits).toEqual({
      framing: "stream",
      streamDepth: 255,
      largestTransfer: null,
      bytesPerMs: 5.76,
    });
    expect(await pty.link.putBytes(Uint8Array.of(1, 2), 1000)).toBe(true);
    expect(await link.getBytes(new Uint8Array(2), 5000)).toBe(true);
  });

  it("says that the modem lines of a port can't be set, where it is told to set them", async () => {
    const pty = ptyForTest();
    await expect(openUart({ path: pty.path, dtr: true })).rejects.toMatchObject({ code: "link-failure" });
    open.push(await openUart({ path: pty.path }));
  });

  it("gives a hint where an adapter holds bytes back and its timer can't be set", async () => {
    const pty = ptyForTest();
    const hints: string[] = [];
    const latency = {
      realPath: async () => "/dev/ttyUSB3",
      readText: async (path: string) =>
        path === "/sys/bus/usb-serial/devices/ttyUSB3/latency_timer" ? "16\n" : null,
      writeText: () => Promise.reject(new Error("EACCES: permission denied")),
    };
    open.push(await openUart({ path: pty.path, onHint: (hint) => hints.push(hint) }, { latency }));
    expect(hints).toEqual([
      `${pty.path}: the adapter holds bytes back for up to 16 ms; calls are faster after: echo 1 | sudo tee /sys/bus/usb-serial/devices/ttyUSB3/latency_timer`,
    ]);
  });

  it("comes back when the port does, and says of each call whether it ran", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rpcgen-uart-"));
    open.push({ close: async () => rmSync(folder, { recursive: true }) });
    const path = join(folder, "port");
    const plugIn = () => {
      const pty = ptyForTest();
      symlinkSync(pty.path, path);
      const slave = createSlave(pty.link);
      slave.register("echo", (argument) => argument);
      return { slave, served: slave.serve().catch(() => {}) };
    };

    let { slave, served } = plugIn();
    let tellLost = () => {};
    const onChange = (failure: RpcError | null) => {
      if (failure !== null) tellLost();
    };
    const reconnect = { firstPauseMs: 1, longestPauseMs: 4, onChange };
    const master = createMaster(await openUart({ path, reconnect }));
    open.push(master);
    for (let round = 0; round < 5; round++) {
      expect(await master.call("echo", Uint8Array.of(round))).toEqual(Uint8Array.of(round));
      // The name goes first: the system gives the number of a terminal that is gone to the next one.
      rmSync(path);
      const lost = new Promise<void>((resolve) => {
        tellLost = resolve;
      });
      await slave.close();
      await served;
      const failed = await master.call("echo", Uint8Array.of(1), { timeoutMs: 50 }).catch((error) => error);
      // Nobody is there to run it. Where bytes went out before the port was known to be gone, nobody can tell.
      expect(failed).toMatchObject({
        executed: expect.stringMatching(/^(no|unknown)$/),
        code: expect.stringMatching(/^(closed|link-failure|timeout)$/),
      });
      await lost;
      ({ slave, served } = plugIn());
    }
    expect(await master.call("echo", Uint8Array.of(9), { timeoutMs: 20_000 })).toEqual(Uint8Array.of(9));
  });
});
