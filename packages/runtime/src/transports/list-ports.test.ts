import { describe, expect, it } from "vitest";
import { createCanBus } from "../../test/models/can-bus.js";
import type { RpcError } from "../errors.js";
import { parseLinkUrl } from "./link-url.js";
import { listPorts } from "./list-ports.js";
import { openError } from "./open-error.js";
import type { PortInfo, SerialPackage } from "./serial-port.js";

const serial = (ports: PortInfo[]): (() => Promise<SerialPackage>) => {
  const SerialPort = { list: async () => ports } as unknown as SerialPackage["SerialPort"];
  return async () => ({ SerialPort });
};

describe("listPorts", () => {
  it("finds what a link can be opened on, known boards first", async () => {
    const ports = await listPorts(
      {},
      {
        load: serial([
          { path: "/dev/ttyS0" },
          { path: "/dev/ttyUSB10", vendorId: "0403", productId: "6001", manufacturer: "FTDI" },
          { path: "/dev/ttyUSB2", vendorId: "0403", productId: "6001", manufacturer: "FTDI" },
          { path: "/dev/ttyACM0", vendorId: "37c5", productId: "1204", serialNumber: "3254" },
        ]),
        can: createCanBus({ bitRate: 500_000 }).system,
        names: async (folder) =>
          folder === "/sys/class/net" ? ["eth0", "can0"] : ["i2c-10", "i2c-1", "spidev0.1", "ttyS0", "null"],
        readText: async (path) =>
          path === "/sys/class/i2c-dev/i2c-1/name" ? "bcm2835 (i2c@7e804000)\n" : null,
      },
    );
    expect(ports.map(({ url, description, board }) => [url, description, board])).toEqual([
      ["usb:///dev/ttyACM0", "OpenMV Cam H7 (37c5:1204, serial number 3254)", "OpenMV Cam H7"],
      ["uart:///dev/ttyS0", "serial port", null],
      ["uart:///dev/ttyUSB2", "FTDI (0403:6001)", null],
      ["uart:///dev/ttyUSB10", "FTDI (0403:6001)", null],
      ["can://can0?bitRate=500000", "CAN interface, error-active, 500000 bit/s", null],
      ["i2c://1", "I2C bus, bcm2835 (i2c@7e804000)", null],
      ["i2c://10", "I2C bus", null],
      ["spi://0.1", "SPI device", null],
    ]);
    for (const { url, kind } of ports) expect(parseLinkUrl(url).kind).toBe(kind);
  });

  it("tells what it could not look at, and lists the rest", async () => {
    const problems: RpcError[] = [];
    const ports = await listPorts(
      { onProblem: (problem) => problems.push(problem) },
      {
        load: () => Promise.reject(openError("missing-package", "npm install serialport")),
        names: async (folder) => (folder === "/dev" ? ["spidev1.0", "ttyACM1", "ttyUSB0", "tty1"] : []),
      },
    );
    expect(ports.map(({ url }) => url)).toEqual(["usb:///dev/ttyACM1", "uart:///dev/ttyUSB0", "spi://1.0"]);
    expect(problems.map(({ code }) => code)).toEqual(["missing-package"]);
  });

  it("finds serial ports by their names where there is no udev, and says what would tell the boards", async () => {
    const problems: RpcError[] = [];
    const list = () => Promise.reject(new Error("spawn udevadm ENOENT"));
    const ports = await listPorts(
      { onProblem: (problem) => problems.push(problem) },
      {
        load: async () => ({ SerialPort: { list } as unknown as SerialPackage["SerialPort"] }),
        names: async (folder) => (folder === "/dev" ? ["ttyACM0"] : []),
      },
    );
    expect(ports.map(({ url }) => url)).toEqual(["usb:///dev/ttyACM0"]);
    expect(problems.map(({ message }) => message)).toEqual([
      "the serial ports can't be listed (udevadm is missing: sudo apt install udev)",
    ]);
  });
});
