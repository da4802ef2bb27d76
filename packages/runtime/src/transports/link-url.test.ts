import { describe, expect, it } from "vitest";
import { RpcError } from "../errors.js";
import { parseLinkUrl } from "./link-url.js";

describe("parseLinkUrl", () => {
  it.each([
    ["uart:///dev/ttyACM0?baudRate=115200", "uart", "/dev/ttyACM0", { baudRate: 115_200 }],
    ["uart:COM3", "uart", "COM3", {}],
    [
      "uart://COM3?rtscts=true&lock=false&parity=even",
      "uart",
      "COM3",
      { rtscts: true, lock: false, parity: "even" },
    ],
    ["/dev/ttyACM0", "uart", "/dev/ttyACM0", {}],
    ["COM12", "uart", "COM12", {}],
    ["/dev/ttyACM0?baudRate=115200", "uart", "/dev/ttyACM0", { baudRate: 115_200 }],
    ["COM12?baudRate=115200", "uart", "COM12", { baudRate: 115_200 }],
    ["\\\\.\\COM12", "uart", "\\\\.\\COM12", {}],
    ["uart:///dev/a%20b", "uart", "/dev/a b", {}],
    ["usb:", "usb", "", {}],
    ["usb://37c5:16e3?serialNumber=12", "usb", "37c5:16e3", { serialNumber: "12" }],
    ["CAN://can0?messageId=0x100&configure", "can", "can0", { messageId: 0x100, configure: true }],
    ["i2c://1?address=0x12", "i2c", "1", { address: 0x12 }],
    ["spi://0.0?speedHz=1e6&reconnect=true", "spi", "0.0", { speedHz: 1_000_000, reconnect: true }],
    ["network://camera.local?port=7611", "network", "camera.local", { port: 7611 }],
    ["tcp://[::1]:7610", "tcp", "[::1]:7610", {}],
  ])("reads %s", (text, kind, place, options) => {
    expect(parseLinkUrl(text)).toEqual({ kind, place, role: null, options });
  });

  it("reads whose end it is", () => {
    expect(parseLinkUrl("i2c:?role=slave").role).toBe("slave");
    expect(parseLinkUrl("spi://0.0?role=master").role).toBe("master");
  });

  it.each([
    ["", "'' names no link; links are written so: uart:///dev/ttyUSB0?baudRate=115200, usb:///dev/ttyACM0"],
    ["serial:///dev/ttyACM0", "'serial:///dev/ttyACM0' names no link"],
    ["ttyACM0", "'ttyACM0' names no link"],
    ["uart:///dev/x?baudrate=9600", "a uart link has no option 'baudrate'; did you mean baudRate?"],
    [
      "can://can0?speed=1",
      "a can link has no option 'speed'; there are: messageId, bitRate, samplePoint, configure, reconnect, role",
    ],
    ["/dev/ttyACM0?baud=9600", "a uart link has no option 'baud'"],
    [
      "i2c://1?speedHz=1",
      "an i2c link has no option 'speedHz'; there are: address, forceAccess, reconnect, role",
    ],
    ["can://can0?toString=1", "a can link has no option 'toString'"],
    ["uart:///dev/x?baudRate=fast", "baudRate takes a number, not 'fast'"],
    ["uart:///dev/x?baudRate=", "baudRate takes a number, not ''"],
    ["uart:///dev/x?rtscts=maybe", "rtscts takes true or false, not 'maybe'"],
    ["i2c://1?role=both", "role is master or slave, not 'both'"],
  ])("refuses %s", (text, message) => {
    const refused = (() => {
      try {
        return parseLinkUrl(text);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(RpcError);
    expect(refused).toMatchObject({ code: "bad-argument", phase: "open", executed: "no" });
    expect((refused as RpcError).message).toContain(message);
  });
});
