import { afterEach, describe, expect, it } from "vitest";
import { openPty, type Pty } from "../../test/open-pty.js";
import { createMaster } from "../peer/create-master.js";
import { createSlave } from "../peer/create-slave.js";
import { describeLink } from "../testing/link-contract.js";
import { loadSerialPort } from "./load-serial-port.js";
import { openUart } from "./uart.js";

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
});

describe("loadSerialPort", () => {
  it("names the package and the command where it is missing", async () => {
    const missing = () => Promise.reject(new Error("Cannot find package"));
    await expect(loadSerialPort(missing)).rejects.toMatchObject({
      code: "missing-package",
      message: expect.stringContaining("npm install serialport"),
    });
  });
});
