/** `@once`: a call under the number of the last one is answered again and not run again. */
import { beforeAll, describe, expect, test } from "vitest";
import { createServiceBoard, type ServiceBoard } from "./service-board.js";

const IDL = `
  error Stuck = 5 {}
  interface Service {
    @once count(step: u8): u32;
    @once move(to: u8): u8 throws Stuck;
    @once jump(to: u8): u8?;
    read(): u8;
  }
`;

let board: ServiceBoard;

beforeAll(async () => {
  board = await createServiceBoard(IDL);
});

const METHODS = `
sum = 0
def count(self, step):
    print("ran", step)
    Service.sum += step
    return Service.sum
def move(self, to):
    print("ran", to)
    raise Stuck
def jump(self, to):
    raise OSError("ran")
def read(self): return 9`;

function call(name: string, hex: string): string {
  return `("${name}", bytes.fromhex("${hex}"))`;
}

function serve(...calls: readonly string[]): string[] {
  return board
    .serve(METHODS, calls.join(", "))
    .filter((line) => !line.startsWith("call ") && line !== "interrupted");
}

describe("@once", () => {
  test("the same number and argument: the same answer, without running", () => {
    expect(serve(call("count", "0100000005"), call("count", "0100000005"))).toEqual([
      "ran 5",
      "answer 05000000",
      "answer 05000000",
    ]);
  });

  test("still after calls of other functions in between", () => {
    const same = call("count", "0100000005");
    expect(serve(same, '("read", b"")', same)).toEqual([
      "ran 5",
      "answer 05000000",
      "answer 09",
      "answer 05000000",
    ]);
  });

  test.each([
    ["number", "0200000005", "answer 0a000000"],
    ["argument", "0100000006", "answer 0b000000"],
  ])("another %s runs", (_what, hex, answer) => {
    expect(serve(call("count", "0100000005"), call("count", hex)).at(-1)).toBe(answer);
  });

  test("another function runs, under the same number and argument", () => {
    const lines = serve(call("move", "0100000005"), call("count", "0100000005"));
    expect(lines).toEqual(["ran 5", "answer 05", "ran 5", "answer 05000000"]);
  });

  test("a failure is repeated as well", () => {
    const same = call("move", "0100000005");
    expect(serve(same, same)).toEqual(["ran 5", "answer 05", "answer 05"]);
  });

  test("so is none: what cannot be answered does not run again", () => {
    const same = call("jump", "0100000005");
    const lines = serve(same, same, '("read", b"")');
    expect(lines.filter((line) => line === "OSError: ran")).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith("answer"))).toEqual(["answer 09"]);
  });

  test("an argument without a number does not decode", () => {
    expect(serve(call("move", "010000"))).toEqual([
      "move: the arguments do not decode: the message ends here: 4 bytes needed, 3 left",
      `answer fe${Buffer.from("the message ends here: 4 bytes needed, 3 left").toString("hex")}`,
    ]);
  });
});
