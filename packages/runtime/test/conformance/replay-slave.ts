/** Our slave against the recorded master: it gets what that one sent, as it was delivered and when. */
import { createMemoryLink, createSlave, type Link, type Slave } from "../../src/index.js";
import { createVirtualClock, type VirtualClock } from "../../src/testing/index.js";
import { type Exchange, fromHex, type Sent, toHex } from "./exchange.js";

/** Came in before the exchange `noise_before_call`; the recording does not show it. */
const NOISE = Uint8Array.of(0x09, 0x12, 0xff, 0x00, 0x21, 0x90, 0x09, 0x12, 0xa4, 0x55, 0xaa);
/** After the last recorded byte: longer than anything is held. */
const AFTERWARDS_MS = 6000;

export async function replaySlave(exchange: Exchange): Promise<readonly Sent[]> {
  const clock = createVirtualClock();
  const [masterLink, link] = createMemoryLink({ clock });
  const sent: Sent[] = [];
  const slave = createSlave(tapped(link, sent), { clock, onError: () => {} });
  offer(slave, exchange, clock);
  void slave.serve().catch(() => {});
  if (exchange.name.startsWith("noise")) {
    await masterLink.putBytes(NOISE, 1000);
    await clock.advance(30);
  }
  const startedAt = clock.now();
  for (const { dir, hex, delivered_hex, t_ms } of exchange.bytes) {
    if (dir === "s2m") continue;
    await clock.advance(startedAt + t_ms - clock.now());
    sent.push({ dir, hex });
    await masterLink.putBytes(fromHex(delivered_hex ?? hex), 1000);
    await clock.advance(0);
  }
  await clock.advance(AFTERWARDS_MS);
  return sent;
}

function tapped(link: Link, sent: Sent[]): Link {
  return {
    traits: link.traits,
    get available() {
      return link.available;
    },
    getBytes: (into, timeoutMs, signal) => link.getBytes(into, timeoutMs, signal),
    async putBytes(data) {
      sent.push({ dir: "s2m", hex: toHex(data) });
      return true;
    },
    flush: () => link.flush(),
    close: () => link.close(),
    [Symbol.asyncDispose]: () => link.close(),
  };
}

/** The functions that the recorded slave offered. */
function offer(slave: Slave, exchange: Exchange, clock: VirtualClock): void {
  let count = firstCount(exchange);
  slave.register("echo", (argument) => argument);
  slave.register("add", (argument) => {
    const view = viewOf(argument);
    return u32(view.getInt32(0, true) + view.getInt32(4, true));
  });
  slave.register("big", (argument) =>
    new Uint8Array(viewOf(argument).getUint32(0, true)).map((_, index) => (index < 20_000 ? index & 255 : 0)),
  );
  slave.register("nothing", () => new Uint8Array(0));
  slave.register("count", () => u32(count++));
  slave.register("slow", async (argument) => {
    const waitMs = viewOf(argument).getUint32(0, true);
    await new Promise<void>((resolve) => clock.after(waitMs, resolve));
    return new TextEncoder().encode("done");
  });
  slave.register("stream_out", (argument, context) => {
    const view = viewOf(argument);
    const size = view.getUint32(0, true);
    const frames = Array.from({ length: view.getUint32(4, true) }, (_, index) => numbered(index + 1, size));
    slave.writeStream(context, frames, { endMark: false });
    return u32(size);
  });
  slave.register("stream_in", (argument, context) => {
    const queueDepth = viewOf(argument).getUint32(0, true);
    slave.readStream(context, drain, { queueDepth });
    return new Uint8Array(0);
  });
}

async function drain(frames: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of frames);
}

/** `count` says how often it ran; the recordings begin with different counts. */
function firstCount(exchange: Exchange): number {
  const answer = exchange.bytes.find(
    ({ dir, hex }) => dir === "s2m" && hex.startsWith("ba1d") && hex.length === 16,
  );
  return answer === undefined ? 0 : Buffer.from(answer.hex, "hex").readUInt32LE(2);
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  return bytes;
}

/** Frames of the recorded writer: their number, then zeros; too short for it, only zeros. */
function numbered(number: number, size: number): Uint8Array {
  const frame = new Uint8Array(size);
  if (size >= 4) frame.set(u32(number));
  return frame;
}
