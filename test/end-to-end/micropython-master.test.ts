/** A master of rpc.py in MicroPython and a generated TypeScript slave. */
import { join } from "node:path";
import { startVirtualCamera } from "@rpcgen/device";
import { createSlave } from "@rpcgen/runtime";
import { expect, it } from "vitest";
import { generateBench } from "./generate-bench.js";

const MASTER = `
import json
import rpc
import struct

master = rpc.rpc_uart_master(baudrate=115200)

def digits(data):
    return "".join(["%02x" % byte for byte in data])

def call(name, data=b""):
    result = master.call(name, data, send_timeout=30000, recv_timeout=30000)
    print(name, "none" if result is None else digits(result))

call("lambda", struct.pack("<b", 5))
call("a-b", struct.pack("<qq", 1, 3))
call("settings", b"day" + bytes(13))
call("settings", b"day" + bytes(13) + b"\\x09\\x00")
call("maybe", json.dumps({"give": "x"}).encode())
call("ticks")
call("divide", struct.pack("<ii", 7, 2))
call("divide", struct.pack("<ii", 1, 0))
call("divide", b"short")
call("nobody")
frames = []
call("count", struct.pack("<I", 3))
def take(frame):
    frames.append(digits(frame))
    if len(frames) == 4:
        raise StopIteration
try:
    master.stream_reader(take)
except StopIteration:
    pass
print("frames", frames)
`;

it("a master of rpc.py calls a generated TypeScript slave", async () => {
  const folder = await generateBench("micropython-master");
  const { registerBench, registerCareful, registerFlow } = await import(join(folder, "bench.slave.ts"));
  let printed = "";
  await using camera = await startVirtualCamera({
    script: MASTER,
    link: { kind: "memory" },
    onOutput: (text) => {
      printed += text;
    },
  });
  if (camera.link === null) throw new Error("the camera has no link");
  const failures: string[] = [];
  const slave = createSlave(camera.link, { onError: (error) => failures.push(String(error)) });
  registerBench(slave, {
    tags: (wanted: unknown) => wanted,
    sum: (values: Float32Array) => values.reduce((a, b) => a + b, 0),
    settings: (name: string, gain: number, mode: number) => ({ name, gain, mode }),
    ticks: () => 0x0102030405060708n,
    lambda: (x: number) => -x,
    aMinusB: (a: bigint, b: bigint) => a - b,
    maybe: (value: { give: unknown }) => value.give,
    ping: () => {},
  });
  registerCareful(slave, {
    divide(a: number, b: number) {
      if (b === 0) throw new Error("by zero");
      return Math.trunc(a / b);
    },
    nothing: () => {},
  });
  registerFlow(slave, {
    *count(to: number) {
      for (let item = 0; item < to; item += 1) yield item;
    },
    block: () => new Uint8Array(1000),
  });
  const serving = slave.serve().catch(() => {});
  expect(await camera.exited).toEqual({ error: null });
  await serving;

  const day = `646179${"00".repeat(13)}`;
  const lines = printed.trim().split("\n");
  expect(lines.slice(0, 7)).toEqual([
    "lambda fb",
    "a-b feffffffffffffff",
    `settings ${day}0701`,
    `settings ${day}0900`,
    "maybe 227822",
    "ticks 0807060504030201",
    "divide 0003000000",
  ]);
  expect(lines[7]).toMatch(/^divide ff/);
  expect(lines[8]).toMatch(/^divide fe/);
  expect(lines.slice(9)).toEqual(["nobody ", "count ", "frames ['00000000', '01000000', '02000000', '']"]);
  expect(failures.join("\n")).toContain("by zero");
});
