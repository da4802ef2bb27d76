import { describe, expect, it } from "vitest";
import { createBoard } from "./board.js";
import { collectBoardFiles } from "./board-files.js";
import type { ByteBoardEnd } from "./byte-channel.js";

/** Time that moves only when the board waits, and a line on which each piece comes at its time. */
function createScriptedBoard(script: string, pieces: readonly { atMs: number; data: Uint8Array }[] = []) {
  let nowMs = 1000;
  let pending = [...pieces];
  let received: number[] = [];
  const sleeps: number[] = [];
  const sent: number[] = [];
  const printed: string[] = [];
  const arrive = (): void => {
    for (const { data } of pending.filter(({ atMs }) => atMs <= nowMs)) received.push(...data);
    pending = pending.filter(({ atMs }) => atMs > nowMs);
  };
  const uart: ByteBoardEnd = {
    available: () => received.length,
    waitForData(timeoutMs) {
      const endMs = nowMs + timeoutMs;
      if (received.length === 0) {
        nowMs = Math.min(endMs, ...pending.map(({ atMs }) => atMs));
        arrive();
      }
      return received.length > 0;
    },
    take(into) {
      const taken = received.slice(0, into.length);
      received = received.slice(into.length);
      into.set(taken);
      return taken.length;
    },
    send: (data) => sent.push(...data) > 0,
    connection: () => 0,
    hangUp() {},
  };
  const run = async (): Promise<string | null> => {
    const { files, main } = await collectBoardFiles({ script });
    const board = await createBoard({
      wire: { kind: "uart", bytes: uart },
      clock: {
        now: () => nowMs,
        sleep(ms) {
          sleeps.push(ms);
          nowMs += ms;
          arrive();
        },
      },
      files,
      heapBytes: 1 << 20,
      onOutput: (text) => printed.push(text),
      createModules: () => ({ _numbers: { double: (value: number) => value * 2 } }),
    });
    return board.run(main);
  };
  return { run, sleeps, sent, text: () => printed.join("") };
}

async function expectOutput(script: string, text: string, pieces?: { atMs: number; data: Uint8Array }[]) {
  const board = createScriptedBoard(script, pieces);
  expect(await board.run()).toBeNull();
  expect(board.text()).toBe(text);
  return board;
}

describe("time", () => {
  it("sleeps on the board's clock, and ticks with it", async () => {
    const script = `
import time, utime
ms, us = time.ticks_ms(), utime.ticks_us()
time.sleep_ms(20); time.sleep(0.5); utime.sleep_us(1500)
print(time.ticks_diff(time.ticks_ms(), ms), time.ticks_diff(time.ticks_us(), us))
`;
    const { sleeps } = await expectOutput(script, "521 521500\n");
    expect(sleeps).toEqual([20, 500, 1.5]);
  });
});

describe("modules", () => {
  it("offers JavaScript functions to Python", async () => {
    await expectOutput("import _numbers\nprint(_numbers.double(21))", "42\n");
  });
});

describe("machine.UART", () => {
  const PIECES = [
    { atMs: 1010, data: Uint8Array.of(1, 2, 3) },
    { atMs: 1012, data: Uint8Array.of(4) },
    { atMs: 1100, data: Uint8Array.of(5, 10, 6) },
  ];

  it("waits for the first byte, then for each further one, and gives what came", async () => {
    const script = `
from machine import UART
u = UART(3, 115200, timeout=50, timeout_char=5)
b = bytearray(8)
print(u.any(), u.readinto(b), bytes(b[:4]), u.any())
print(u.read(2), u.read(), u.read(1))
`;
    await expectOutput(script, "0 4 b'\\x01\\x02\\x03\\x04' 0\nNone b'\\x05\\n\\x06' None\n", PIECES);
  });

  it("does not wait without a timeout", async () => {
    const script = `
import time
from machine import UART
u = UART(1, 9600)
print(u.read(1), u.readinto(bytearray(1)), time.ticks_ms())
`;
    await expectOutput(script, "None None 1000\n", PIECES);
  });

  it("reads lines", async () => {
    const script = `
from machine import UART
u = UART(1, 9600, timeout=200)
print(u.readline(), u.readline())
`;
    await expectOutput(script, "b'\\x01\\x02\\x03\\x04\\x05\\n' b'\\x06'\n", PIECES);
  });

  it("takes bytes, text and views, and says how much", async () => {
    const script = `
from machine import UART
u = UART(1, 9600)
print(u.write(b"ab"), u.write("c"), u.write(memoryview(b"xdx")[1:2]), u.write(b""))
`;
    const { sent } = await expectOutput(script, "2 1 1 0\n");
    expect(Buffer.from(Uint8Array.from(sent)).toString()).toBe("abcd");
  });

  it("refuses to work once it is closed", async () => {
    const script = `
from machine import UART
u = UART(1, 9600)
u.deinit()
try:
    u.any()
except OSError as error:
    print(error.errno)
`;
    await expectOutput(script, "19\n");
  });

  it("can be waited for with select", async () => {
    const script = `
import select, time
from machine import UART
u = UART(1, 9600)
poll = select.poll()
poll.register(u, select.POLLIN)
print(poll.poll(5), time.ticks_ms())
print(poll.poll(50) == [(u, select.POLLIN)], time.ticks_ms())
poll.unregister(u)
print(poll.poll(7), time.ticks_ms())
`;
    await expectOutput(script, "[] 1005\nTrue 1010\n[] 1017\n", PIECES);
  });
});
