/** rpc.py on the virtual camera with the runtime's peers: calls, streams and cut-through, both ways. */
import { startVirtualCamera, type VirtualCamera } from "@rpcgen/device";
import { createMaster, createSlave, type Link, type Master } from "@rpcgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Long enough for a machine that is busy with other tests; nothing waits for it in a good run. */
const PATIENT = { sendTimeoutMs: 20_000, recvTimeoutMs: 20_000 } as const;

const SLAVE = `
import rpc, struct

slave = rpc.rpc_uart_slave(115200, 3)
received = []

def echo(data):
    return data

def frames_out(data):
    count, size = struct.unpack("<II", data)
    numbers = iter(range(count))
    def frame():
        number = next(numbers, None)
        return b"" if number is None else bytes([number & 255]) * size
    def write():
        slave.stream_writer(frame)
    slave.schedule_callback(write)
    return data[:4]

def frames_in(data):
    received.clear()
    class End(Exception):
        pass
    def take(frame):
        if not len(frame):
            raise End
        received.append(len(frame))
    def read():
        try:
            slave.stream_reader(take, queue_depth=4)
        except End:
            pass
    slave.schedule_callback(read)
    return b""

def frames_seen(data):
    return struct.pack("<II", len(received), sum(received))

def bulk(data):
    size = struct.unpack("<I", data)[0]
    slave.schedule_callback(lambda: slave.put_bytes(bytes(range(256)) * (size // 256), 5000))
    return b""

for function in (echo, frames_out, frames_in, frames_seen, bulk):
    slave.register_callback(function)
slave.loop()
`;

const MASTER = `
import rpc, struct

master = rpc.rpc_uart_master(115200, 3)

def show(name, value):
    print(name, value)

def call(name, data=b""):
    return master.call(name, data, send_timeout=20000, recv_timeout=20000)

show("add", struct.unpack("<i", call("add", struct.pack("<ii", 3, -5)))[0])
show("unknown", len(call("unknown")))
data = bytes(range(256)) * 256
show("echo", call("echo", data) == data)

frames = []
class End(Exception):
    pass
def take(frame):
    if not len(frame):
        raise End
    frames.append(bytes(frame))
call("frames_out")
try:
    master.stream_reader(take, queue_depth=8)
except End:
    pass
show("frames_out", (len(frames), all(frame == bytes([at]) * 1000 for at, frame in enumerate(frames))))

call("frames_in")
parts = iter([b"a" * 500, b"b" * 3, b""])
class Done(Exception):
    pass
def give():
    part = next(parts, None)
    if part is None:
        raise Done
    return part
try:
    master.stream_writer(give)
except Done:
    pass
show("frames_in", bytes(call("frames_seen")))
print("end")
`;

function linkOf(camera: VirtualCamera): Link {
  if (camera.link === null) throw new Error("a memory link was asked for");
  return camera.link;
}

describe.each(["paired", "stepwise"] as const)(
  "a master of the runtime (%s) and a slave of rpc.py",
  (shape) => {
    let camera: VirtualCamera;
    let master: Master;
    beforeAll(async () => {
      camera = await startVirtualCamera({ script: SLAVE, link: { kind: "memory" } });
      master = createMaster(linkOf(camera), { shape });
    });
    afterAll(() => camera.stop());

    it.each([0, 1, 255, 4096, 65_536])("echoes %d bytes", async (size) => {
      const data = Uint8Array.from({ length: size }, (_, index) => index * 7);
      expect(await master.call("echo", data, PATIENT)).toEqual(data);
    });

    it("reads the slave's frames", async () => {
      const stream = master.openStream("frames_out", asU32(20, 1000), { ...PATIENT, queueDepth: 4 });
      const frames: Uint8Array[] = [];
      for await (const frame of stream) frames.push(frame);
      expect(await stream.header).toEqual(asU32(20));
      expect(frames).toEqual(Array.from({ length: 20 }, (_, number) => new Uint8Array(1000).fill(number)));
    });

    it("sends frames that the slave reads", async () => {
      const frames = [10, 200, 3000].map((size) => new Uint8Array(size));
      await master.sendStream("frames_in", new Uint8Array(0), frames, PATIENT);
      expect(await master.call("frames_seen", new Uint8Array(0), PATIENT)).toEqual(asU32(3, 3210));
    });

    it("reads bytes past the packets by cut-through", async () => {
      const { answer, data } = await master.readBulk("bulk", asU32(65_536), 65_536, PATIENT);
      expect(answer).toHaveLength(0);
      expect(data).toEqual(Uint8Array.from({ length: 65_536 }, (_, index) => index));
    });

    it("goes on after a stream was left in the middle", async () => {
      const stream = master.openStream("frames_out", asU32(200, 100), { ...PATIENT, queueDepth: 4 });
      for await (const frame of stream) {
        expect(frame).toHaveLength(100);
        break;
      }
      expect(await master.call("echo", asU32(1), PATIENT)).toEqual(asU32(1));
    });
  },
);

it("a master of rpc.py and a slave of the runtime", async () => {
  const output: string[] = [];
  const camera = await startVirtualCamera({
    script: MASTER,
    link: { kind: "memory" },
    onOutput: (text) => output.push(text),
  });
  const failures: unknown[] = [];
  const slave = createSlave(linkOf(camera), { onError: (error) => failures.push(error) });
  let seen = 0;
  slave.register("echo", (argument) => argument.slice());
  slave.register("add", (argument) => {
    const view = new DataView(argument.buffer, argument.byteOffset, argument.byteLength);
    return asU32(view.getInt32(0, true) + view.getInt32(4, true));
  });
  slave.register("frames_out", (_, context) => {
    const frames = Array.from({ length: 30 }, (_, number) => new Uint8Array(1000).fill(number));
    slave.writeStream(context, frames);
    return new Uint8Array(0);
  });
  slave.register("frames_in", (_, context) => {
    slave.readStream(context, async (frames) => {
      for await (const frame of frames) seen += frame.length;
    });
    return new Uint8Array(0);
  });
  slave.register("frames_seen", () => new TextEncoder().encode(String(seen)));

  const serving = slave.serve();
  // The line ends when the script does, and the slave with it.
  await expect(serving).rejects.toMatchObject({ code: "closed" });
  expect(await camera.exited).toEqual({ error: null });
  expect(failures).toEqual([]);
  expect(output.join("").trim().split("\n")).toEqual([
    "add -2",
    "unknown 0",
    "echo True",
    "frames_out (30, True)",
    "frames_in b'503'",
    "end",
  ]);
});

/** Numbers as 32 bits each, negative ones in two's complement. */
function asU32(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}
