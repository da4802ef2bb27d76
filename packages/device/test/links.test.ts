/** rpc.py as master and as slave on every link of the virtual camera: two cameras on one bus, or a program on a port. */

import { startVirtualCamera, type VirtualCamera, type VirtualLink } from "@rpcgen/device";
import { createMaster } from "@rpcgen/runtime";
import { afterEach, describe, expect, it } from "vitest";

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

const slaveScript = (opening: string) => `
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

  it("CAN", async () => {
    const printed: string[] = [];
    const nodes: { master: VirtualCamera | null } = { master: null };
    const slave = await start(slaveScript("rpc_can_slave()"), {
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

  it("I2C", async () => {
    const printed: string[] = [];
    const slave = await start(slaveScript("rpc_i2c_slave()"), { kind: "i2c" });
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
});
