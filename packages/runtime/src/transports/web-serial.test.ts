import { describe, expect, it } from "vitest";
import { createWebSerialModel } from "../../test/models/web-serial-port.js";
import { createMaster } from "../peer/create-master.js";
import { createSlave } from "../peer/create-slave.js";
import { describeLink } from "../testing/link-contract.js";
import { openWebSerial } from "./web-serial.js";

async function pair() {
  const [one, other] = [createWebSerialModel(), createWebSerialModel()];
  one.onWrite = (bytes) => other.receive(bytes.slice());
  other.onWrite = (bytes) => one.receive(bytes.slice());
  const a = await openWebSerial({ port: one.port });
  const b = await openWebSerial({ port: other.port });
  return { a, b, one, other };
}

describeLink(
  "web serial",
  async () => {
    const { a, b } = await pair();
    return { a, b, run: (work) => work, dispose: () => Promise.all([a.close(), b.close()]).then(() => {}) };
  },
  { describe, it, expect },
);

describe("openWebSerial", () => {
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => null,
      (error: unknown) => error,
    );

  it("opens the port with its settings, and raises DTR", async () => {
    const model = createWebSerialModel();
    const link = await openWebSerial({ port: model.port, baudRate: 921_600, parity: "even" });
    expect(model.openedWith).toEqual({ baudRate: 921_600, parity: "even", bufferSize: 65_536 });
    expect(model.signals).toEqual([{ dataTerminalReady: true }]);
    expect(link.traits.bytesPerMs).toBe(92.16);
    await link.close();
  });

  it("makes calls", async () => {
    const { a, b } = await pair();
    const slave = createSlave(b);
    slave.register("echo", (argument) => argument);
    const served = slave.serve().catch(() => {});
    const master = createMaster(a);
    expect(await master.call("echo", Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 2));
    await master.close();
    await slave.close();
    await served;
  });

  it("lets go of the port on close, while a read is pending", async () => {
    const model = createWebSerialModel();
    const link = await openWebSerial({ port: model.port });
    const reading = failure(link.getBytes(new Uint8Array(1), 5000));
    await link.close();
    expect(await reading).toMatchObject({ code: "closed" });
    expect(model.isOpen).toBe(false);
    const again = await openWebSerial({ port: model.port });
    model.receive(Uint8Array.of(7));
    expect(await again.getBytes(new Uint8Array(1), 5000)).toBe(true);
    await again.close();
  });

  it("reads on after an error of the line", async () => {
    const model = createWebSerialModel();
    const link = await openWebSerial({ port: model.port });
    model.receive(Uint8Array.of(1));
    await link.getBytes(new Uint8Array(1), 5000);
    model.breakLine();
    model.receive(Uint8Array.of(2));
    const into = new Uint8Array(1);
    expect(await link.getBytes(into, 5000)).toBe(true);
    expect(into[0]).toBe(2);
    await link.close();
  });

  it("tells a read that waits, and later writes, that the port was unplugged", async () => {
    const model = createWebSerialModel();
    const link = await openWebSerial({ port: model.port });
    const reading = failure(link.getBytes(new Uint8Array(1), 5000));
    model.unplug();
    const expected = { code: "closed", phase: "open", message: "the serial port was unplugged" };
    expect(await reading).toMatchObject(expected);
    expect(await failure(link.putBytes(Uint8Array.of(1), 1000))).toMatchObject(expected);
    await link.close();
  });

  it("comes back when the port is plugged in again", async () => {
    const model = createWebSerialModel();
    const link = await openWebSerial({ port: model.port, reconnect: { firstPauseMs: 1, longestPauseMs: 2 } });
    const reading = failure(link.getBytes(new Uint8Array(1), 5000));
    model.refuse = { name: "NetworkError", message: "gone" };
    model.unplug();
    expect(await reading).toMatchObject({ code: "closed" });
    const writing = link.putBytes(Uint8Array.of(5), 5000);
    model.refuse = null;
    expect(await writing).toBe(true);
    await link.close();
    expect(model.isOpen).toBe(false);
  });

  it.each([
    ["InvalidStateError", "this page has the serial port open already"],
    ["NetworkError", "is another program or page using it"],
    ["SecurityError", "the serial port does not open: no"],
  ])("tells what %s means", async (name, text) => {
    const model = createWebSerialModel();
    model.refuse = { name, message: "no" };
    expect(await failure(openWebSerial({ port: model.port }))).toMatchObject({
      code: "link-failure",
      message: expect.stringContaining(text),
    });
  });
});
