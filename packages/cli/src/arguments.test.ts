import { BOARDS } from "@rpcgen/codegen/boards";
import { describe, expect, it } from "vitest";
import { parseCommand, UsageError } from "./arguments.js";

const generate = {
  kind: "generate",
  input: "camera.idl",
  outDir: ".",
  targets: ["typescript", "micropython"],
  check: false,
  singleFile: false,
  embedSchema: false,
  board: null,
  format: "text",
};
const simulate = { kind: "simulate", script: "camera_main.py", seed: 1, link: "uart", listen: 0 };
const board = (name: string) => BOARDS.find((each) => each.name === name);

describe("parseCommand", () => {
  it.each([
    ["camera.idl", generate],
    ["camera.idl --out generated", { ...generate, outDir: "generated" }],
    ["-o generated camera.idl", { ...generate, outDir: "generated" }],
    ["camera.idl --target typescript", { ...generate, targets: ["typescript"] }],
    ["camera.idl -t micropython,typescript", generate],
    ["camera.idl --check", { ...generate, check: true }],
    ["camera.idl --single-file", { ...generate, singleFile: true, targets: ["micropython"] }],
    ["camera.idl --single-file -t typescript,micropython", { ...generate, singleFile: true }],
    ["camera.idl --embed-schema", { ...generate, embedSchema: true }],
    ["camera.idl --format github", { ...generate, format: "github" }],
    ["camera.idl --board giga", { ...generate, board: { board: board("giga"), link: "uart" } }],
    ["camera.idl -b OpenMV-N6 -l USB", { ...generate, board: { board: board("openmv-n6"), link: "usb" } }],
    [
      "check a.idl b.idl",
      { kind: "check", inputs: ["a.idl", "b.idl"], against: null, board: null, format: "text" },
    ],
    [
      "check a.idl --format json",
      { kind: "check", inputs: ["a.idl"], against: null, board: null, format: "json" },
    ],
    [
      "check a.idl --board esp32",
      { kind: "check", inputs: ["a.idl"], against: null, board: board("esp32"), format: "text" },
    ],
    ["check --help", { kind: "help", topic: "check" }],
    ["explain RPC1001", { kind: "explain", code: "RPC1001" }],
    ["explain -h", { kind: "help", topic: "explain" }],
    ["ports", { kind: "ports", format: "text" }],
    ["ports --format json", { kind: "ports", format: "json" }],
    ["ports -h", { kind: "help", topic: "ports" }],
    ["simulate camera_main.py", { ...simulate, seed: 1 }],
    ["simulate camera_main.py --seed 7", { ...simulate, seed: 7 }],
    ["simulate camera_main.py -l USB", { ...simulate, link: "usb" }],
    ["simulate camera_main.py --link tcp --listen 7610", { ...simulate, link: "tcp", listen: 7610 }],
    [
      "simulate camera_main.py --link i2c --listen /tmp/bus",
      { ...simulate, link: "i2c", listen: "/tmp/bus" },
    ],
    ["--help", { kind: "help", topic: "rpcgen" }],
    ["", { kind: "help", topic: "rpcgen" }],
    ["simulate --help", { kind: "help", topic: "simulate" }],
    ["--version", { kind: "version" }],
  ])("understands `rpcgen %s`", (line, command) => {
    expect(parseCommand(line.split(" ").filter((word) => word !== ""))).toEqual(command);
  });

  it.each([
    ["--out generated", "name an .idl file"],
    ["a.idl b.idl", "one at a time: 'b.idl' is one too many"],
    ["a.idl --target rust", "unknown target 'rust'; there are: typescript, micropython"],
    [
      "a.idl --single-file -t typescript",
      "--single-file makes a MicroPython script; the targets leave MicroPython out",
    ],
    [
      "a.idl --board openmv-h8",
      "unknown board 'openmv-h8'; did you mean `openmv-h7`? there are: openmv-h7, openmv-rt1062, openmv-n6, " +
        "openmv-ae3, nicla-vision, portenta-h7, giga, rp2040, esp32, generic",
    ],
    ["check a.idl --board arduino", "unknown board 'arduino'; there are: openmv-h7"],
    [
      "a.idl --board rp2040 --link can",
      "rp2040 (RP2040 board, such as the Raspberry Pi Pico) can't serve on can; it has: uart, i2c, usb",
    ],
    [
      "a.idl --board giga --link uarts",
      "unknown link 'uarts'; did you mean `uart`? giga has: uart, i2c, spi",
    ],
    ["a.idl --link usb", "--link needs --board"],
    ["a.idl -t typescript --board giga --link usb", "the targets leave MicroPython out"],
    ["a.idl --frobnicate", "Unknown option '--frobnicate'"],
    ["a.idl --format xml", "unknown format 'xml'; there are: text, json, github"],
    ["check", "name one or more .idl files"],
    ["explain", "name a code, such as RPC1001"],
    ["simulate", "name the script the camera runs, such as camera_main.py"],
    [
      "simulate a.py --link cann",
      "unknown link 'cann'; did you mean `can`? there are: uart, can, i2c, spi, usb, tcp",
    ],
    ["simulate a.py --listen 7610", "--listen is for the network and the buses; uart is a serial port"],
    ["simulate a.py --link tcp --listen /tmp/x", "--listen takes a port of this machine with --link tcp"],
    ["simulate a.py --link can --listen 70000", "--listen takes a port from 0 to 65535, not '70000'"],
    ["simulate a.py --seed two", "--seed takes a whole number from 0 to 4294967295, not 'two'"],
    ["simulate a.py --seed 4294967296", "--seed takes a whole number from 0 to 4294967295, not '4294967296'"],
  ])("refuses `rpcgen %s`", (line, message) => {
    expect(() => parseCommand(line.split(" "))).toThrow(UsageError);
    expect(() => parseCommand(line.split(" "))).toThrow(message);
  });
});
