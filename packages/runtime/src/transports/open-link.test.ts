import { afterEach, describe, expect, it } from "vitest";
import { startPigpioDaemon } from "../../test/models/pigpio-daemon.js";
import { openPty } from "../../test/open-pty.js";
import { openLink } from "./open-link.js";
import { listenTcp } from "./tcp.js";

describe("openLink", () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  it.each(["", "uart://", "usb://"])("opens a serial port by '%s' and its path", async (prefix) => {
    const pty = openPty();
    open.push({ close: pty.unplug });
    const link = await openLink(`${prefix}${pty.path}`);
    open.push(link);
    expect(await link.putBytes(Uint8Array.of(3), 1000)).toBe(true);
    expect(await pty.link.getBytes(new Uint8Array(1), 5000)).toBe(true);
  });

  it("passes the options on", async () => {
    const pty = openPty();
    open.push({ close: pty.unplug });
    const link = await openLink(`uart://${pty.path}?baudRate=230400`);
    open.push(link);
    expect(link.traits.bytesPerMs).toBe(23.04);
  });

  it("opens both ends of a TCP connection, whichever role is which", async () => {
    const listener = await listenTcp({ host: "127.0.0.1", port: 0 });
    await listener.close();
    const listening = openLink(`tcp://127.0.0.1:${listener.port}`, { role: "slave" });
    const url = `tcp://127.0.0.1:${listener.port}`;
    const master = await untilOpen(() => openLink(url));
    const slave = await listening;
    open.push(master, slave);
    expect(await master.putBytes(Uint8Array.of(3), 1000)).toBe(true);
    expect(await slave.getBytes(new Uint8Array(1), 5000)).toBe(true);
  });

  it("goes on listening where a TCP slave is to come back, and hears a master that dials again", async () => {
    const listener = await listenTcp({ host: "127.0.0.1", port: 0 });
    await listener.close();
    const url = `tcp://127.0.0.1:${listener.port}`;
    const listening = openLink(`${url}?reconnect=true`, { role: "slave" });
    const first = await untilOpen(() => openLink(url));
    const slave = await listening;
    open.push(slave, first);
    const reading = slave.getBytes(new Uint8Array(1), 5000);
    const lost = expect(reading).rejects.toMatchObject({ code: "closed" });
    // The first connection is still open: its master may have lost it without a word.
    const second = await openLink(url);
    open.push(second);
    await lost;
    expect(await second.putBytes(Uint8Array.of(3), 1000)).toBe(true);
    expect(await slave.getBytes(new Uint8Array(1), 5000)).toBe(true);
  });

  it("opens both ends of a network link", async () => {
    const slave = await openLink("network://127.0.0.1:0", { role: "slave" });
    open.push(slave);
    const master = await openLink("network://127.0.0.1:9?port=0&myIp=127.0.0.1");
    open.push(master);
    expect(master.traits).toMatchObject({ framing: "stream", packetsApart: true });
  });

  it("opens an I2C slave", async () => {
    const daemon = await startPigpioDaemon();
    open.push(daemon);
    open.push(await openLink(`i2c://127.0.0.1:${daemon.port}?role=slave&address=0x21`));
    expect(daemon.address).toBe(0x21);
  });

  it.each([
    ["uart:", "a uart link says where, as in uart:///dev/ttyUSB0?baudRate=115200"],
    ["can:", "a can link says where, as in can://can0?bitRate=250000"],
    ["i2c://one", "'one' is no i2c bus; it is written i2c://1?address=0x12"],
    ["spi://0", "'0' is no spi bus; it is written spi://0.0?speedHz=1000000"],
    ["tcp:", "a tcp link says where, as in tcp://192.168.0.120:7610"],
    ["tcp://:7610", "a tcp link says where, as in tcp://192.168.0.120:7610"],
    ["network://:7610", "a network link says where"],
    ["spi:", "an spi link says where, as in spi://0.0?speedHz=1000000"],
    ["tcp://host:0", "a port is a whole number from 1 to 65535, not 0"],
    ["tcp://host:99999", "'host:99999' is no host and port"],
    ["network:", "a network link says where"],
    ["nothing://x", "names no link"],
  ])("refuses %s", async (url, message) => {
    await expect(openLink(url)).rejects.toMatchObject({
      code: "bad-argument",
      phase: "open",
      message: expect.stringContaining(message),
    });
  });

  it("does not open for a signal that has aborted", async () => {
    const signal = AbortSignal.abort("no");
    await expect(openLink("/dev/null", { signal })).rejects.toMatchObject({ code: "aborted", cause: "no" });
  });
});

/** The listener in the other call needs a turn or two until it listens. */
async function untilOpen<T>(open: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await open();
    } catch (error) {
      if (tries > 1000) throw error;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}
