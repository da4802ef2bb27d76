// A large message is copied at most twice on its way from one program's array into the other's, both ends counted.
import { afterEach, describe, expect, it } from "vitest";
import { createMaster, createMemoryLink, createSlave, type Link } from "../src/index.js";
import { countCopiedBytes } from "../src/testing/index.js";
import { listenTcp, openTcp } from "../src/transports/network.js";
import { openUart } from "../src/transports/uart.js";
import { openPty } from "./open-pty.js";

const MESSAGE_BYTES = 4 * 1024 * 1024;
const FRAMES = 64;
const FRAME_BYTES = 64 * 1024;
const MOST_COPIES = 2;
/** The end of a chunk may be copied once more, and what came while this program was held up. */
const ODD_ENDS = 0.5;
const EMPTY = new Uint8Array(0);
const LIMITS = { recvTimeoutMs: 30_000, sendTimeoutMs: 30_000, repeatable: true };

type Ends = [Link, Link];
const lines: Record<string, () => Promise<Ends>> = {
  memory: async () => createMemoryLink(),
  uart: async () => {
    const pty = openPty();
    return [await openUart({ path: pty.path, baudRate: 4_000_000 }), pty.link];
  },
  tcp: async () => {
    const listener = await listenTcp({ host: "127.0.0.1", port: 0 });
    const accepted = listener.accept();
    const dialled = await openTcp({ host: "127.0.0.1", port: listener.port });
    const ends: Ends = [dialled, await accepted];
    await listener.close();
    return ends;
  },
};

describe.each(Object.keys(lines))("copies of a message, %s", (name) => {
  let close = async () => {};
  afterEach(() => close());

  async function setUp() {
    const [masterEnd, slaveEnd] = await (lines[name] as () => Promise<Ends>)();
    const message = new Uint8Array(MESSAGE_BYTES).map((_, index) => index % 251);
    const slave = createSlave(slaveEnd);
    let taken: Uint8Array = EMPTY;
    slave.register("give", () => message);
    slave.register("take", (argument) => {
      taken = argument;
      return EMPTY;
    });
    const frame = message.subarray(0, FRAME_BYTES);
    slave.register("frames", (_argument, context) => {
      slave.writeStream(context, Array(FRAMES).fill(frame));
      return EMPTY;
    });
    const served = slave.serve().catch(() => {});
    const master = createMaster(masterEnd);
    close = async () => {
      await master.close();
      await slave.close();
      await served;
    };
    await master.call("take", EMPTY, LIMITS);
    return { master, message, taken: () => taken };
  }

  it("a result", async () => {
    const { master, message } = await setUp();
    let result: Uint8Array = EMPTY;
    const copied = await countCopiedBytes(async () => {
      result = await master.call("give", EMPTY, LIMITS);
    });
    expect(Buffer.compare(result, message)).toBe(0);
    expect(copied / MESSAGE_BYTES).toBeLessThanOrEqual(MOST_COPIES + ODD_ENDS);
  });

  it("an argument", async () => {
    const { master, message, taken } = await setUp();
    const copied = await countCopiedBytes(() => master.call("take", message, LIMITS));
    expect(Buffer.compare(taken(), message)).toBe(0);
    expect(copied / MESSAGE_BYTES).toBeLessThanOrEqual(MOST_COPIES + ODD_ENDS);
  });

  it("frames", async () => {
    const { master } = await setUp();
    let bytes = 0;
    const copied = await countCopiedBytes(async () => {
      for await (const frame of master.openStream("frames", EMPTY, { queueDepth: 4 })) bytes += frame.length;
    });
    expect(bytes).toBe(FRAMES * FRAME_BYTES);
    expect(copied / bytes).toBeLessThanOrEqual(MOST_COPIES + ODD_ENDS);
  });
});
