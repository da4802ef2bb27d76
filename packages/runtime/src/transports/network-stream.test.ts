import { describe, expect, it } from "vitest";
import { encodeCommand, encodePacket, encodeU32, Magic } from "../packet/packet.js";
import { createVirtualClock } from "../testing/index.js";
import { createNetworkStream } from "./network-stream.js";

const frame = (size: number) =>
  Uint8Array.of(...encodePacket(Magic.STREAM_FRAME, encodeU32(size)), ...new Uint8Array(size));
const COMMAND = encodePacket(Magic.COMMAND_HEADER, encodeCommand(7, 4));
const LATE_ANSWER = encodePacket(Magic.RESULT_HEADER, encodeU32(4));

function setUp(isReader: boolean) {
  const clock = createVirtualClock();
  const stream = createNetworkStream(isReader, clock);
  stream.connection = 3;
  return { clock, stream };
}

describe("a stream on a network link", () => {
  it("takes bytes of its own connection only", () => {
    const { stream } = setUp(true);
    expect([3, 4, 2].map((connection) => stream.takes(frame(1), connection))).toEqual([true, false, false]);
  });

  it("admits what is left of its call until its first byte has come, then no answer", () => {
    const { stream } = setUp(true);
    expect(stream.admits(LATE_ANSWER)).toBe(true);
    stream.takes(frame(5).subarray(0, 1), 3);
    expect(stream.admits(LATE_ANSWER)).toBe(false);
    expect(setUp(false).stream.admits(LATE_ANSWER)).toBe(false);
  });

  it("admits a new call's beginning between frames, and within one that has come no further for long", async () => {
    const { clock, stream } = setUp(true);
    const bytes = Uint8Array.of(...frame(5), ...frame(300));
    const admitted = [...bytes].map((byte) => {
      stream.takes(Uint8Array.of(byte), 3);
      return stream.admits(COMMAND);
    });
    expect(admitted.flatMap((is, at) => (is ? [at + 1] : []))).toEqual([13, bytes.length]);
    stream.takes(frame(300).subarray(0, 200), 3);
    await clock.advance(1000);
    expect(stream.admits(COMMAND)).toBe(false);
    await clock.advance(1000);
    expect(stream.admits(COMMAND)).toBe(true);
  });

  it("may bring more until its end mark has come, to its reader", () => {
    const { stream } = setUp(true);
    stream.takes(Uint8Array.of(...frame(2000), ...frame(0).subarray(0, 7)), 3);
    expect(stream.mayBringMore).toBe(true);
    stream.takes(frame(0).subarray(7), 3);
    expect(stream.mayBringMore).toBe(false);
    expect(setUp(false).stream.mayBringMore).toBe(false);
  });
});
