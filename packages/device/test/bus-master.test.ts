/** Our master in TypeScript, by its I2C and SPI links, and rpc.py on the virtual camera as the slave. */
import { startVirtualCamera, type VirtualCamera, type VirtualLink } from "@rpcgen/device";
import { createMaster, type Link } from "@rpcgen/runtime";
import { openI2c } from "@rpcgen/runtime/i2c";
import { openSpi } from "@rpcgen/runtime/spi";
import { afterEach, describe, expect, it } from "vitest";

const PATIENT = { sendTimeoutMs: 30_000, recvTimeoutMs: 30_000 };
/** So long the camera's device holds a transaction until its script is ready. */
const HOLD_MS = 50;
/** i2c-dev's limit. */
const LARGEST = 8192;
/** What makes rpc.py take the older names of a board's buses. */
const OLD = "import machine\ndel machine.I2CTarget";

const cameras = new Set<VirtualCamera>();
afterEach(async () => {
  await Promise.all([...cameras].map((camera) => camera.stop()));
  cameras.clear();
});

const slaveScript = (opening: string, before = "") => `
${before}
import rpc
slave = rpc.${opening}
def echo(data):
    return bytes(data)
def big(data):
    return bytes(range(1, 251)) * 280
def frames(data):
    left = [5]
    def next_frame():
        left[0] -= 1
        if left[0] < -1:
            raise StopIteration
        return bytes([left[0] + 65]) * 20 if left[0] >= 0 else b""
    def write():
        try:
            slave.stream_writer(next_frame)
        except StopIteration:
            pass
    slave.schedule_callback(write)
    return b"begin"
for function in (echo, big, frames):
    slave.register_callback(function)
slave.loop()
`;

async function start(script: string, link: VirtualLink): Promise<VirtualCamera> {
  const camera = await startVirtualCamera({ script, link, onOutput: () => {} });
  cameras.add(camera);
  return camera;
}

function i2cMaster({ i2c }: VirtualCamera): Promise<Link> {
  const refused = () => Object.assign(new Error("ENXIO"), { code: "ENXIO" });
  const bus = {
    i2cFuncs: async () => ({ i2c: true }),
    async i2cRead(address: number, length: number, buffer: Uint8Array) {
      const bytesRead = Math.min(length, LARGEST);
      const data = await i2c?.read(address, bytesRead, HOLD_MS);
      if (!data) throw refused();
      buffer.set(data);
      return { bytesRead };
    },
    async i2cWrite(address: number, length: number, buffer: Uint8Array) {
      const bytesWritten = Math.min(length, LARGEST);
      if (!(await i2c?.write(address, buffer.slice(0, bytesWritten), HOLD_MS))) throw refused();
      return { bytesWritten };
    },
    close: async () => {},
  };
  return openI2c(
    { bus: 1 },
    { load: async () => ({ openPromisified: async () => bus }), isThere: async () => true },
  );
}

function spiMaster({ spi }: VirtualCamera): Promise<Link> {
  interface Transfer {
    readonly byteLength: number;
    readonly sendBuffer?: Uint8Array;
    readonly receiveBuffer?: Uint8Array;
  }
  const move = async (message: readonly Transfer[]) => {
    for (const { byteLength, sendBuffer, receiveBuffer } of message) {
      if (byteLength === 0) continue;
      const received = await spi?.shift(
        Uint8Array.from((sendBuffer ?? new Uint8Array(byteLength)).subarray(0, byteLength)),
        HOLD_MS,
      );
      receiveBuffer?.set(received ?? []);
    }
  };
  const device = {
    transfer: (message: readonly Transfer[], done: (error: Error | null) => void) =>
      void move(message).then(() => done(null), done),
    close: (done: (error: null) => void) => done(null),
  };
  const open = (_bus: number, _device: number, _options: unknown, done: (error: null) => void) => {
    queueMicrotask(() => done(null));
    return device;
  };
  return openSpi({ bus: 0, device: 0 }, { load: async () => ({ open }), bufferBytes: async () => 4096 });
}

describe.each([
  ["I2C, by machine.I2CTarget", "i2c", `rpc_i2c_slave(largest=${LARGEST})`, "", i2cMaster],
  ["I2C, by pyb.I2C", "i2c", `rpc_i2c_slave(largest=${LARGEST})`, OLD, i2cMaster],
  ["SPI", "spi", "rpc_spi_slave()", "", spiMaster],
] as const)("a camera on %s", (_, kind, opening, before, open) => {
  it("answers calls, large ones too, and streams", async () => {
    const camera = await start(slaveScript(opening, before), { kind });
    await using master = createMaster(await open(camera));
    for (const length of [0, 1, 8, 12, 300, 20_000]) {
      const argument = Uint8Array.from({ length }, (_, at) => at * 7 + length);
      const answer = await master.call("echo", argument, PATIENT);
      expect(Buffer.from(answer).equals(argument), `${length} bytes`).toBe(true);
    }
    const big = await master.call("big", new Uint8Array(0), PATIENT);
    expect([big.length, big[0], big[69_999]]).toEqual([70_000, 1, 250]);
    const frames: string[] = [];
    for await (const frame of master.openStream("frames", new Uint8Array(0), PATIENT)) {
      frames.push(Buffer.from(frame).toString("latin1"));
    }
    expect(frames).toEqual(["E", "D", "C", "B", "A"].map((letter) => letter.repeat(20)));
    for await (const frame of master.openStream("frames", new Uint8Array(0), PATIENT)) {
      expect(frame.length).toBe(20);
      break;
    }
    expect(await master.call("echo", Uint8Array.of(1, 2), PATIENT)).toEqual(Uint8Array.of(1, 2));
  });
});
