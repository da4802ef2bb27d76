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
  format: "text",
};

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
    ["check a.idl b.idl", { kind: "check", inputs: ["a.idl", "b.idl"], against: null, format: "text" }],
    ["check a.idl --format json", { kind: "check", inputs: ["a.idl"], against: null, format: "json" }],
    ["check --help", { kind: "help", topic: "check" }],
    ["explain RPC1001", { kind: "explain", code: "RPC1001" }],
    ["explain -h", { kind: "help", topic: "explain" }],
    ["simulate camera_main.py", { kind: "simulate", script: "camera_main.py", seed: 1 }],
    ["simulate camera_main.py --seed 7", { kind: "simulate", script: "camera_main.py", seed: 7 }],
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
    ["a.idl --frobnicate", "Unknown option '--frobnicate'"],
    ["a.idl --format xml", "unknown format 'xml'; there are: text, json, github"],
    ["check", "name one or more .idl files"],
    ["explain", "name a code, such as RPC1001"],
    ["simulate", "name the script the camera runs, such as camera_main.py"],
    ["simulate a.py --seed two", "--seed takes a whole number from 0 to 4294967295, not 'two'"],
    ["simulate a.py --seed 4294967296", "--seed takes a whole number from 0 to 4294967295, not '4294967296'"],
  ])("refuses `rpcgen %s`", (line, message) => {
    expect(() => parseCommand(line.split(" "))).toThrow(UsageError);
    expect(() => parseCommand(line.split(" "))).toThrow(message);
  });
});
