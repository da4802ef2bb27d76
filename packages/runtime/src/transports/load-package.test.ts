import { describe, expect, it } from "vitest";
import { loadPackage } from "./load-package.js";

const failing = (error: Error) => () => Promise.reject(error);

describe("loadPackage", () => {
  it.each([
    ["serialport", "npm install serialport"],
    ["socketcan", "npm install socketcan@4.0.7"],
    ["i2c-bus", "npm install i2c-bus"],
    ["spi-device", "npm install spi-device"],
  ] as const)("names the command that installs %s", async (name, command) => {
    const missing = Object.assign(new Error(`Cannot find package '${name}' imported from /somewhere.js`), {
      code: "ERR_MODULE_NOT_FOUND",
    });
    await expect(loadPackage(name, "This link", failing(missing))).rejects.toMatchObject({
      code: "missing-package",
      phase: "open",
      executed: "no",
      message: `This link needs the package ${name}, which is not installed: ${command}`,
      cause: missing,
    });
  });

  it("tells a package that is there and does not load from a missing one", async () => {
    const broken = new Error("Could not locate the bindings file. Tried:\n → build/i2c.node");
    await expect(loadPackage("i2c-bus", "I2C", failing(broken))).rejects.toMatchObject({
      code: "missing-package",
      message:
        "I2C needs the package i2c-bus, which does not load here (Could not locate the bindings file): npm install i2c-bus, or npm rebuild i2c-bus if it is installed",
    });
  });

  it("tells a package that was not compiled from a missing one", async () => {
    const broken = new Error("Cannot find module '../build/Release/can.node'\nRequire stack:");
    await expect(loadPackage("socketcan", "CAN", failing(broken))).rejects.toMatchObject({
      message: expect.stringMatching(
        /does not load here \(Cannot find module .*can.node'\): .*npm rebuild socketcan/,
      ),
    });
  });

  it("gives what a CommonJS package exports", async () => {
    const exported = { open: () => 1 };
    expect(await loadPackage("i2c-bus", "I2C", async () => ({ default: exported }))).toBe(exported);
  });
});
