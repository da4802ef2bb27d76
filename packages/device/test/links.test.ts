/** rpc.py as master and as slave on every link of the virtual camera: two cameras on one bus, or a program on a port. */

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { serveBusSocket, startVirtualCamera, type VirtualCamera, type VirtualLink } from "@rpcgen/device";
import { createMaster } from "@rpcgen/runtime";
import { afterEach, describe, expect, it } from "vitest";
import { dial } from "./socket-link.js";

const PATIENT = { sendTimeoutMs: 30_000, recvTimeoutMs: 30_000 };

const cameras = new Set<VirtualCamera>();
afterEach(async () => {
  await Promise.all([...cameras].map((camera) => camera.stop()));
  cameras.clear();
});

async function start(script: string, link: VirtualLink, printed: string[] = []): Promise<VirtualCamera> {
  const camera = await startVirtualCamera({ script, link, onOutput: (text) => printed.push(text) });
  cameras.add(camera);
  return camera;
}

/** What makes rpc.py take the older names of a board's buses. */
const OLD = "import machine\ndel machine.CAN, machine.I2CTarget";

const slaveScript = (opening: string, before = "") => `
${before}
import rpc, struct
slave = rpc.${opening}
runs = 0
def echo(data):
    return bytes(data)
def count(data):
    global runs
    runs += 1
    return struct.pack("<I", runs)
def big(data):
    return bytes(range(1, 251)) * 280
def frames(data):
    left = [3]
    def next_frame():
        left[0] -= 1
        if left[0] < 0:
            raise StopIteration
        return bytes([left[0] + 65]) * 20
    def write():
        try:
            slave.stream_writer(next_frame)
        except StopIteration:
            pass
    slave.schedule_callback(write)
    return b""
for each in (echo, count, big, frames):
    slave.register_callback(each)
print("ready")
# As patient as the master, on a machine that is busy with other tests.
slave.loop(send_timeout=20000)
`;

const masterScript = (opening: string) => `
import rpc
master = rpc.${opening}
def call(name, data=b""):
    result = master.call(name, data, send_timeout=20000, recv_timeout=20000)
    return None if result is None else bytes(result)
print(call("echo", b"hello"))
print(call("echo", b""))
print(call("nobody"))
big = call("big")
print(None if big is None else (len(big), big == bytes(range(1, 251)) * 280))
print([call("count")[0] for _ in range(3)])
print(call("frames"))
master.stream_reader(lambda frame: print(bytes(frame)), queue_depth=4)
print(call("echo", bytes(range(256)) * 5) == bytes(range(256)) * 5)
`;

const EXPECTED = `b'hello'
b''
b''
(70000, True)
[1, 2, 3]
b''
b'CCCCCCCCCCCCCCCCCCCC'
b'BBBBBBBBBBBBBBBBBBBB'
b'AAAAAAAAAAAAAAAAAAAA'
True
`;

describe("two cameras on one bus", () => {
  const HOLD_MS = 5000;

  it.each([
    ["machine.CAN", ""],
    ["pyb.CAN", OLD],
  ])("CAN, the slave by %s", async (_, before) => {
    const printed: string[] = [];
    const nodes: { master: VirtualCamera | null } = { master: null };
    const slave = await start(slaveScript("rpc_can_slave()", before), {
      kind: "can",
      onFrame: async (frame) => nodes.master?.can?.send(frame),
    });
    nodes.master = await start(
      masterScript("rpc_can_master()"),
      { kind: "can", onFrame: async (frame) => slave.can?.send(frame) },
      printed,
    );
    expect(await nodes.master.exited).toEqual({ error: null });
    expect(printed.join("")).toBe(EXPECTED);
  });

  it.each([
    ["machine.I2CTarget", ""],
    ["pyb.I2C", OLD],
  ])("I2C, the slave by %s", async (_, before) => {
    const printed: string[] = [];
    const slave = await start(slaveScript("rpc_i2c_slave()", before), { kind: "i2c" });
    const master = await start(
      masterScript("rpc_i2c_master()"),
      {
        kind: "i2c",
        async device({ address, sent, receivedLength }) {
          if (sent === null) return (await slave.i2c?.read(address, receivedLength, HOLD_MS)) ?? null;
          return (await slave.i2c?.write(address, sent, HOLD_MS)) ? new Uint8Array(0) : null;
        },
      },
      printed,
    );
    expect(await master.exited).toEqual({ error: null });
    expect(printed.join("")).toBe(EXPECTED);
  });

  it("SPI", async () => {
    const printed: string[] = [];
    const slave = await start(slaveScript("rpc_spi_slave()"), { kind: "spi" });
    const master = await start(
      masterScript("rpc_spi_master()"),
      {
        kind: "spi",
        device: async ({ sent }) => (await slave.spi?.shift(sent ?? new Uint8Array(0), HOLD_MS)) ?? null,
      },
      printed,
    );
    expect(await master.exited).toEqual({ error: null });
    expect(printed.join("")).toBe(EXPECTED);
  });
});

describe("a CAN controller on a bus that takes nothing", () => {
  it.each([
    [
      "machine.CAN",
      `from machine import CAN
can = CAN(2, 250000)
def send(): return can.send(0x7FF, b"12345678") is not None`,
    ],
    [
      "pyb.CAN",
      `from pyb import CAN
can = CAN(2, CAN.NORMAL, baudrate=250000)
def send():
    try:
        can.send(b"12345678", 0x7FF, timeout=2)
        return True
    except OSError:
        return False`,
    ],
  ])("is full after a few frames, by %s", async (_, opening) => {
    const printed: string[] = [];
    const script = `${opening}
count = 0
while send(): count += 1
print(count)
while not send(): pass
`;
    const camera = await start(script, { kind: "can", onFrame: () => new Promise(() => {}) }, printed);
    while (printed.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(printed.join("")).toBe("16\n");
    await camera.stop();
    expect(await camera.exited).toEqual({ error: null });
  });
});

describe("a program at a port of the camera", () => {
  it("USB serial: packets with every byte, and what the script prints stays out of them", async () => {
    const printed: string[] = [];
    const camera = await start(slaveScript("rpc_usb_vcp_slave()"), { kind: "memory", port: "usb" }, printed);
    if (camera.link === null) throw new Error("a memory port has a link");
    await using master = createMaster(camera.link);
    const all = Uint8Array.from({ length: 256 }, (_, at) => at);
    expect(await master.call("echo", all, PATIENT)).toEqual(all);
    expect((await master.call("big", new Uint8Array(0), PATIENT)).length).toBe(70_000);
    expect(printed.join("")).toBe("ready\n");
  });

  it("TCP: one program after the other, and the port is free again", async () => {
    const camera = await start(slaveScript("rpc_tcp_slave()"), { kind: "tcp" });
    const path = camera.path ?? "";
    expect(path).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    for (const text of ["first", "second"]) {
      const link = await dial(path);
      await using master = createMaster(link);
      expect(await master.call("echo", Buffer.from(text), PATIENT)).toEqual(
        new Uint8Array(Buffer.from(text)),
      );
      expect((await master.call("big", new Uint8Array(0), PATIENT)).length).toBe(70_000);
    }
    await camera.stop();
    await using _again = await startVirtualCamera({
      script: "",
      link: { kind: "tcp", port: Number(new URL(path).port) },
    });
  });
});

it("tells a script once that its port is not the wired one", async () => {
  const printed: string[] = [];
  const script = "from machine import UART\nprint(UART(1, 9600, timeout=5).read(1), UART(2, 9600).any())\n";
  const camera = await start(script, { kind: "can", onFrame: () => {} }, printed);
  await camera.exited;
  expect(printed.join("")).toBe("The virtual camera's uart is not wired: it was started with can.\nNone 0\n");
});

describe("the socket of a bus", () => {
  /** Sends bytes and gives the next ones of that length. */
  async function ask(socket: Socket, bytes: Uint8Array, answerLength: number): Promise<string> {
    socket.write(bytes);
    let answer = Buffer.alloc(0);
    while (answer.length < answerLength) {
      const [chunk] = (await once(socket, "data")) as [Buffer];
      answer = Buffer.concat([answer, chunk]);
    }
    return answer.toString("hex");
  }
  async function open(path: string): Promise<Socket> {
    const socket = connect({ port: Number(new URL(path).port), host: "127.0.0.1" });
    await once(socket, "connect");
    return socket;
  }
  const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
  const HEADER = "09124432870b00000000e361";

  it("carries a master's writes and reads on I2C", async () => {
    await using bus = await busOf("i2c");
    const socket = await open(bus.path);
    // Another address: nobody acknowledges. Then a command's header, and its acknowledgement.
    expect(await ask(socket, hex("01 33 0000 01000000 ff"), 8)).toBe("1033000000000000");
    expect(await ask(socket, hex(`01 12 8813 0c000000 ${HEADER}`), 8)).toBe("1112000000000000");
    expect(await ask(socket, hex("02 12 8813 04000000"), 12)).toBe("11120000040000000912e495");
    socket.destroy();
  });

  it("carries transfers on SPI", async () => {
    await using bus = await busOf("spi");
    const socket = await open(bus.path);
    expect(await ask(socket, hex(`03 00 8813 0c000000 ${HEADER}`), 20)).toBe(
      `110000000c000000${"00".repeat(12)}`,
    );
    expect(await ask(socket, hex("03 00 8813 04000000 00000000"), 12)).toBe("11000000040000000912e495");
    socket.destroy();
  });

  it("carries frames of CAN", async () => {
    await using bus = await busOf("can");
    const socket = await open(bus.path);
    const frames = hex(
      `ff070000 08000000 ${HEADER.slice(0, 16)} ff070000 04000000 ${HEADER.slice(16)}00000000`,
    );
    expect(await ask(socket, frames, 16)).toBe("ff070000040000000912e49500000000");
    socket.destroy();
  });

  async function busOf(kind: "can" | "i2c" | "spi"): Promise<AsyncDisposable & { path: string }> {
    const bus = await serveBusSocket(0);
    const script = slaveScript(`rpc_${kind}_slave()`);
    const link: VirtualLink = kind === "can" ? { kind, onFrame: bus.onFrame } : { kind, device: bus.device };
    const printed: string[] = [];
    const camera = await start(script, link, printed);
    bus.start(camera);
    return {
      path: bus.path,
      async [Symbol.asyncDispose]() {
        await camera.stop();
        await bus.close();
      },
    };
  }
});
