import { SerialPort } from "serialport";
import { afterEach, describe, expect, it } from "vitest";
import { openPty, type Pty } from "../../test/open-pty.js";
import type { Link } from "../link/link.js";
import { describeLink } from "../testing/link-contract.js";
import type { PortInfo, SerialPackage } from "./serial-port.js";
import { openUsb, type UsbOptions } from "./usb.js";
import { boardOf } from "./usb-boards.js";

/** The package itself, on a host where these USB ports are plugged in. */
function host(ports: () => PortInfo[]): SerialPackage {
  return {
    SerialPort: class extends SerialPort {
      static override async list() {
        return ports() as Awaited<ReturnType<typeof SerialPort.list>>;
      }
    } as unknown as SerialPackage["SerialPort"],
  };
}

const camera = (path: string): PortInfo => ({
  path,
  vendorId: "37c5",
  productId: "1204",
  serialNumber: "3254A",
});

describeLink(
  "usb",
  async () => {
    const pty = openPty();
    const a = await openUsb({}, { load: async () => host(() => [camera(pty.path)]) });
    return { a, b: pty.link, run: (work) => work, dispose: () => a.close().then(pty.unplug) };
  },
  { describe, it, expect },
);

describe("openUsb", () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  function plugIn(): Pty {
    const pty = openPty();
    open.push({ close: pty.unplug });
    return pty;
  }

  async function openOn(ports: PortInfo[], options: UsbOptions = {}): Promise<Link> {
    const link = await openUsb(options, { load: async () => host(() => ports) });
    open.push(link);
    return link;
  }

  const other: PortInfo = { path: "/dev/ttyUSB7", vendorId: "0403", productId: "6001", manufacturer: "FTDI" };

  async function reaches(link: Link, pty: Pty): Promise<void> {
    expect(await link.putBytes(Uint8Array.of(7), 5000)).toBe(true);
    expect(await pty.link.getBytes(new Uint8Array(1), 5000)).toBe(true);
  }

  it("finds the one board there is", async () => {
    const pty = plugIn();
    const link = await openOn([other, camera(pty.path)]);
    await reaches(link, pty);
    expect(link.traits.bytesPerMs).toBeUndefined();
  });

  it.each<[string, UsbOptions]>([
    ["ids", { vendorId: "37C5", productId: "1204" }],
    ["ids as numbers", { vendorId: 0x37c5, productId: 0x1204 }],
    ["ids with 0x", { vendorId: "0x37c5" }],
    ["a serial number", { serialNumber: "3254A" }],
  ])("finds a port by %s", async (_, options) => {
    const pty = plugIn();
    await reaches(await openOn([other, camera(pty.path)], options), pty);
  });

  it("takes a path for what it is, listed or not", async () => {
    const pty = plugIn();
    await reaches(await openOn([], { path: pty.path }), pty);
  });

  it.each<[string, PortInfo[], UsbOptions, string]>([
    [
      "no board",
      [other],
      {},
      "a board with known USB ids is not connected; there is: /dev/ttyUSB7 (FTDI, 0403:6001)",
    ],
    ["nothing at all", [], {}, "a board with known USB ids is not connected; no USB serial port is there"],
    [
      "two alike",
      [camera("/dev/ttyACM0"), camera("/dev/ttyACM1")],
      { vendorId: "37c5" },
      "USB device 37c5:any is connected 2 times: /dev/ttyACM0 (OpenMV Cam H7, 37c5:1204, serial number 3254A), /dev/ttyACM1 (OpenMV Cam H7, 37c5:1204, serial number 3254A); name the path or the serialNumber",
    ],
  ])("says what is there: %s", async (_, ports, options, message) => {
    await expect(openOn(ports, options)).rejects.toMatchObject({
      code: "link-failure",
      phase: "open",
      message,
    });
  });

  it.each([
    ["spawn udevadm ENOENT", "udevadm is missing: sudo apt install udev"],
    ["too many files", "too many files"],
  ])("says that nothing can be listed, and opens a path all the same: %s", async (said, why) => {
    const list = () => {
      throw new Error(said);
    };
    await expect(openUsb({}, { load: async () => host(list) })).rejects.toMatchObject({
      code: "link-failure",
      phase: "open",
      message: `the serial ports can't be listed (${why}); or name the path`,
    });
    const pty = plugIn();
    const link = await openUsb({ path: pty.path }, { load: async () => host(list) });
    open.push(link);
    await reaches(link, pty);
  });

  it("refuses the rate at which the firmware takes the host for its editor", async () => {
    await expect(openOn([], { path: "/dev/ttyACM0", baudRate: 921_600 })).rejects.toMatchObject({
      code: "bad-argument",
      message: expect.stringContaining("editor's protocol"),
    });
  });

  it("finds the board again under another path", async () => {
    let pty = plugIn();
    let ports = [other, camera(pty.path)];
    const back: (() => void)[] = [];
    const onChange = (failure: unknown) => {
      if (failure === null) for (const go of back.splice(0)) go();
    };
    const link = await openUsb(
      { path: pty.path, reconnect: { firstPauseMs: 1, longestPauseMs: 4, onChange } },
      { load: async () => host(() => ports) },
    );
    open.push(link);
    await reaches(link, pty);
    const reading = link.getBytes(new Uint8Array(1), 5000).catch((error: unknown) => error);
    ports = [other];
    await pty.unplug();
    expect(await reading).toMatchObject({ code: "closed" });
    pty = plugIn();
    ports = [camera(pty.path), other];
    await reaches(link, pty);
  });
});

describe("boardOf", () => {
  it.each([
    ["37c5", "1206", "OpenMV N6"],
    ["37C5", "16E3", "OpenMV AE3"],
    ["37c5", "ffff", "OpenMV board"],
    ["1209", "abd1", "OpenMV Cam"],
    ["2341", "045f", "Arduino Nicla Vision"],
    ["2341", "005b", "Arduino Portenta H7"],
    ["2341", "0043", null],
    ["0403", "6001", null],
  ])("knows %s:%s", (vendorId, productId, name) => {
    expect(boardOf({ vendorId, productId })).toBe(name);
  });
});
