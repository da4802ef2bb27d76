import { describe, expect, it } from "vitest";
import {
  type ByteChannelOptions,
  type ByteMessage,
  createByteBoardEnd,
  createByteChannel,
  createByteHostEnd,
} from "./byte-channel.js";

function createPair(
  toLine: (data: Uint8Array) => Promise<void> = async () => {},
  options: ByteChannelOptions = {},
) {
  const channel = createByteChannel(options);
  const messages: ByteMessage[] = [];
  const host = createByteHostEnd(channel, toLine);
  const board = createByteBoardEnd(channel, (message) => messages.push(message));
  return { host, board, messages };
}

function counting(length: number, start = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => start + index);
}

function takeAll(board: ReturnType<typeof createPair>["board"]): Uint8Array {
  const into = new Uint8Array(board.available());
  board.take(into);
  return into;
}

describe("towards the board", () => {
  it("keeps the bytes in order across the ring's end, many times over", async () => {
    const { host, board } = createPair();
    for (let round = 0; round < 10; round += 1) {
      const data = counting(50_000, round);
      await host.deliver(data);
      expect(takeAll(board)).toEqual(data);
    }
    expect(board.available()).toBe(0);
    expect(board.waitForData(0)).toBe(false);
  });

  it("gives as much as is there and no more than was asked for", async () => {
    const { host, board } = createPair();
    await host.deliver(counting(3));
    expect(board.waitForData(0)).toBe(true);
    const two = new Uint8Array(2);
    expect(board.take(two)).toBe(2);
    const rest = new Uint8Array(5);
    expect(board.take(rest)).toBe(1);
    expect([...two, ...rest]).toEqual([0, 1, 2, 0, 0, 0, 0]);
  });

  it("holds the host back while the ring is full, and tells it of room once", async () => {
    const { host, board, messages } = createPair();
    const data = counting(100_000);
    let delivered = false;
    const delivering = host.deliver(data).then(() => {
      delivered = true;
    });
    await Promise.resolve();
    expect(delivered).toBe(false);
    const first = takeAll(board);
    takeAll(board);
    expect(messages).toEqual([{ kind: "bytes-room" }]);
    host.receive({ kind: "bytes-room" });
    await delivering;
    expect(Buffer.concat([first, takeAll(board)])).toEqual(Buffer.from(data));
  });
});

describe("from the board", () => {
  it("passes pieces on in order, and says when the line has them all", async () => {
    const line: number[] = [];
    const { host, board, messages } = createPair(async (data) => {
      await Promise.resolve();
      line.push(...data);
    });
    const data = counting(8000);
    board.send(data);
    expect(messages.length).toBeGreaterThan(1);
    for (const message of messages) host.receive(message);
    await host.drained();
    expect(Uint8Array.from(line)).toEqual(data);
  });

  it("lets no more be under way than the line can hold, and goes on once the line has taken some", async () => {
    const taken: (() => void)[] = [];
    const { host, board, messages } = createPair(() => new Promise((resolve) => taken.push(resolve)), {
      underWayBytes: 48,
    });
    const frame = counting(16);
    expect([board.send(frame, 0), board.send(frame, 0), board.send(frame, 0)]).toEqual([true, true, true]);
    expect(board.send(frame, 0)).toBe(false);
    expect(messages).toHaveLength(3);
    for (const message of messages) host.receive(message);
    await new Promise((resolve) => setImmediate(resolve));
    expect(board.send(frame, 0)).toBe(false);
    taken[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(board.send(frame, 0)).toBe(true);
    expect(board.send(frame, 0)).toBe(false);
  });

  it("copies, so that Python may use its buffer again", () => {
    const { board, messages } = createPair();
    const data = counting(4);
    board.send(data);
    data.fill(9);
    expect(messages).toEqual([{ kind: "bytes", data: counting(4) }]);
  });
});
