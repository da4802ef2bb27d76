import type { ListedPort, listPorts } from "@rpcgen/runtime/links";
import { describe, expect, it } from "vitest";
import { createRecordingTerminal } from "../terminal/recording-terminal.js";
import { ports } from "./ports.js";

const camera: ListedPort = {
  kind: "usb",
  url: "usb:///dev/ttyACM0",
  description: "OpenMV Cam H7 (37c5:1204)",
  board: "OpenMV Cam H7",
};
const bus: ListedPort = { kind: "i2c", url: "i2c://1", description: "I2C bus", board: null };
const here =
  (...found: ListedPort[]): typeof listPorts =>
  async () =>
    found;

describe("rpcgen ports", () => {
  it("prints a URL and what is there on each line", async () => {
    const terminal = createRecordingTerminal();
    expect(await ports({ kind: "ports", format: "text" }, terminal, here(camera, bus))).toBe(0);
    expect(terminal.out).toBe("usb:///dev/ttyACM0  OpenMV Cam H7 (37c5:1204)\ni2c://1             I2C bus\n");
  });

  it("prints JSON for programs", async () => {
    const terminal = createRecordingTerminal();
    await ports({ kind: "ports", format: "json" }, terminal, here(camera));
    expect(JSON.parse(terminal.out)).toEqual([camera]);
  });

  it("says that nothing was found, and what could not be looked at", async () => {
    const terminal = createRecordingTerminal();
    const list: typeof listPorts = async (options) => {
      options?.onProblem?.(Object.assign(new Error("npm install serialport")) as never);
      return [];
    };
    await ports({ kind: "ports", format: "text" }, terminal, list);
    expect(terminal.out).toContain("No serial port, CAN interface, I2C bus or SPI device was found.");
    expect(terminal.err).toBe("rpcgen: npm install serialport\n");
  });
});
