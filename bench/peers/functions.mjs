// What the slaves of the benchmarks offer: echo, a result of 1 MiB, and a stream of 10 KiB frames.
const MEGABYTE = new Uint8Array(1 << 20).fill(0x5a);
const FRAME = new Uint8Array(10 * 1024).fill(0xa5);

export const MEGABYTE_LENGTH = MEGABYTE.length;
export const FRAME_LENGTH = FRAME.length;

export function registerAll(slave) {
  slave.register("echo", (argument) => argument.slice());
  slave.register("megabyte", () => MEGABYTE);
  slave.register("frames", (argument, context) => {
    const count = new DataView(argument.buffer, argument.byteOffset).getUint32(0, true);
    slave.writeStream(context, repeat(FRAME, count));
    return new Uint8Array(0);
  });
}

function* repeat(frame, count) {
  for (let index = 0; index < count; index += 1) yield frame;
}
