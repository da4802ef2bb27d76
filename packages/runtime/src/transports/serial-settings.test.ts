import { expect, it } from "vitest";
import { checkSerialSettings } from "./serial-settings.js";

it.each<[string, Record<string, unknown>]>([
  ["dataBits is one of 5, 6, 7, 8, not 9", { dataBits: 9 }],
  ["stopBits is one of 1, 1.5, 2, not 3", { stopBits: 3 }],
  ["parity is one of none, even, odd, mark, space, not evn", { parity: "evn" }],
  ["rtsMode is one of handshake, enable, toggle, not on", { rtsMode: "on" }],
  ["vmin is a whole number from 0 to 255, not 256", { vmin: 256 }],
  ["vtime is a whole number from 0 to 255, not 0.5", { vtime: 0.5 }],
  ["highWaterMark is a whole number from 1 to 1073741824, not 0", { highWaterMark: 0 }],
  ["a serial link needs the path of its port, such as /dev/ttyUSB0 or COM3", { path: undefined }],
  ["a baud rate is a whole number above 0, not 0", { baudRate: 0 }],
])("refuses it where %s", (message, options) => {
  const { path, baudRate, ...settings } = { path: "/dev/ttyUSB0", baudRate: 9600, ...options };
  const check = () =>
    checkSerialSettings(
      path as string,
      baudRate as number,
      settings as Parameters<typeof checkSerialSettings>[2],
    );
  expect(check).toThrow(expect.objectContaining({ code: "bad-argument", phase: "open", message }));
});

it("takes what the package offers", () => {
  checkSerialSettings("COM3", 115_200, {
    dataBits: 7,
    stopBits: 1.5,
    parity: "space",
    rtsMode: "toggle",
    vmin: 0,
    vtime: 255,
    highWaterMark: 1,
  });
});
