/** Declared errors: exceptions of the module, and what a function answers with when its handler raises one. */
import { beforeAll, describe, expect, test } from "vitest";
import { createServiceBoard, type ServiceBoard } from "./service-board.js";

const IDL = `
  error Busy = 127 {}
  error OutOfRange = 1 { value: i32; min: i32; max: i32; }
  error Jammed = 2 { self: u8; _: pad[2]; args: string[<=4]; errno: u8?; }
  interface Service throws Busy {
    expose(us: u32): u32 throws OutOfRange, Jammed;
    move();
    plain(): u8 throws none;
    frames(): stream<bytes> throws OutOfRange;
  }
`;

let board: ServiceBoard;

beforeAll(async () => {
  board = await createServiceBoard(IDL);
});

const EXPOSE = '("expose", b"\\0\\0\\0\\0")';

describe("a declared error", () => {
  test.each([
    ["with all fields by position", "OutOfRange(7, 1, 5)", "01070000000100000005000000"],
    ["with all fields by name", "OutOfRange(value=7, min=1, max=5)", "01070000000100000005000000"],
    ["without a field", "Busy()", "7f"],
    ["without a field, as a class", "Busy", "7f"],
    ["with a pad and awkward names", 'Jammed(9, args_="ab", errno=3)', "02090000026162" + "03"],
    ["with its last field left out", 'Jammed(9, "", None)', "0209000000"],
  ])("%s", (_name, raised, hex) => {
    expect(board.serve(`def expose(self, us): raise ${raised}`, EXPOSE)).toEqual([
      "call expose",
      `answer ${hex}`,
      "interrupted",
    ]);
  });

  test("has its fields as attributes, which may be changed before it is raised", () => {
    const methods = `
def expose(self, us):
    e = OutOfRange(7, 1, 5)
    e.value += e.max
    raise e`;
    expect(board.serve(methods, EXPOSE)).toContain("answer 010c0000000100000005000000");
  });

  test("is told by a class derived from it too", () => {
    const methods = `
def expose(self, us):
    class Far(OutOfRange): pass
    raise Far(7, 1, 5)`;
    expect(board.serve(methods, EXPOSE)).toContain("answer 01070000000100000005000000");
  });

  test("of the interface is one of every function's", () => {
    expect(board.serve("def move(self): raise Busy", '("move", b"")')).toEqual([
      "call move",
      "answer 7f",
      "interrupted",
    ]);
  });

  test("before a stream is its answer, and nothing follows", () => {
    expect(board.serve("def frames(self): raise OutOfRange(0, 0, 0)", '("frames", b"")')).toEqual([
      "call frames",
      `answer 01${"00".repeat(12)}`,
      "interrupted",
    ]);
  });
});

describe("what is no declared error", () => {
  test("another function's is reported and becomes a text", () => {
    const lines = board.serve("def move(self): raise OutOfRange(7, 1, 5)", '("move", b"")');
    expect(lines).toContain("move failed:");
    expect(lines).toContain(`answer ff${Buffer.from("OutOfRange: (7, 1, 5)").toString("hex")}`);
  });

  test("a function that throws none answers as it would for any failure", () => {
    const lines = board.serve("def plain(self): raise Busy", '("plain", b"")');
    expect(lines).toContain("plain failed:");
    expect(lines).toContain("answer ");
  });

  test("one whose fields do not fit is reported and becomes a text with the path", () => {
    const lines = board.serve("def expose(self, us): raise OutOfRange(1 << 31, 1, 5)", EXPOSE);
    expect(lines).toContain("_WireError: OutOfRange.value: 2147483648 is not an i32");
    const text = "WireError: OutOfRange.value: 2147483648 is not an i32";
    expect(lines).toContain(`answer ff${Buffer.from(text).toString("hex")}`);
  });

  test("wants all of its fields", () => {
    const lines = board.serve("def expose(self, us): raise OutOfRange(1, 2)", EXPOSE);
    expect(lines.find((line) => line.startsWith("TypeError: "))).toMatch(/argument/);
    expect(lines.find((line) => line.startsWith("answer "))).toMatch(/^answer ff/);
  });
});
