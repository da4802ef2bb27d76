/** `serve` on a stand-in of the camera's library: what is answered, what is not, and that nothing ends it. */
import { beforeAll, describe, expect, test } from "vitest";
import { createServiceBoard, type ServiceBoard } from "./service-board.js";

let board: ServiceBoard;

beforeAll(async () => {
  board = await createServiceBoard();
});

describe("answers", () => {
  test.each([
    ["nothing", "def ping(self): pass", '("ping", b"")', "call ping", "answer "],
    [
      "None where nothing is allowed",
      "def maybe(self): return None",
      '("maybe", b"")',
      "call maybe",
      "answer ",
    ],
    [
      "any sequence of the fields",
      "def maybe(self): return [1, 2]",
      '("maybe", b"")',
      "call maybe",
      "answer 01000200",
    ],
    ["several results", "def both(self): return 1, 2", '("both", b"")', "call both", "answer 010200"],
    ["several or none", "def maybe_both(self): pass", '("maybe_both", b"")', "call maybe_both", "answer "],
    [
      "some of several",
      'def maybe_both(self): return 7, "x"',
      '("maybe_both", b"")',
      "call maybe_both",
      "answer 0778",
    ],
    [
      "status 0 and the result",
      "def safe(self, v): return v",
      '("safe", b"\\x05")',
      "call safe",
      "answer 000500",
    ],
    [
      "status 0 and bytes",
      'def safe_image(self): return b"ab"',
      '("safe_image", b"")',
      "call safe_image",
      "answer 006162",
    ],
    [
      "status 0 alone for None",
      "def safe_maybe(self): pass",
      '("safe_maybe", b"")',
      "call safe_maybe",
      "answer 00",
    ],
    ["status 0 alone", "def safe_ping(self): pass", '("safe_ping", b"")', "call safe_ping", "answer 00"],
    ["under a wire name", "def dashed(self, v): return v + 1", '("a-b", b"\\x05")', "call a-b", "answer 06"],
    [
      "a function called lambda",
      "def lambda_(self): return 9",
      '("lambda", b"")',
      "call lambda",
      "answer 09",
    ],
  ])("%s", (_name, methods, calls, ...lines) => {
    expect(board.serve(methods, calls)).toEqual([...lines, "interrupted"]);
  });

  test.each([
    ["none of them sent", "05", "5 513 2 é"],
    ["one sent", "050100", "5 1 2 é"],
    ["two sent", "05010001", "5 1 1 é"],
    ["all sent", "0501000100", "5 1 1 "],
  ])("defaults: %s", (_name, hex, shown) => {
    const methods = `def defaults(self, a, b, mode, name):\n    print(a, b, mode, name)\n    return b""`;
    const lines = board.serve(methods, `("defaults", bytes.fromhex("${hex}"))`);
    expect(lines).toEqual(["call defaults", shown, "answer ", "interrupted"]);
  });

  test("functions of one wire name are told apart by the size of the argument", () => {
    const methods = `
def read(self, offset, size): return bytes([offset, size])
def read_all(self): return b"all"
def one(self, v): return 1
def two(self, v): return 2`;
    const calls = `("read", b"\\1\\0\\0\\0\\2\\0\\0\\0"), ("read", b""), ("sized", b"\\0"), ("sized", b"\\0\\0"), ("sized", b"")`;
    const lines = board.serve(methods, calls);
    expect(lines.slice(0, 9)).toEqual([
      "call read",
      "answer 0102",
      "call read",
      "answer ",
      "put 616c6c 5000",
      "call sized",
      "answer 0001",
      "call sized",
      "answer 0002",
    ]);
    expect(lines[10]).toBe(
      "one: the arguments do not decode: v: the message ends here: 1 byte needed, 0 left",
    );
    expect(lines[11]).toMatch(/^answer fe/);
  });
});

describe("failures", () => {
  test("a handler that raises is reported by name and answered with nothing, where that is no result", () => {
    const lines = board.serve(
      'def number(self, v): raise OSError("no camera")',
      '("number", b"\\1"), ("number", b"\\2")',
    );
    expect(lines.filter((line) => line.startsWith("answer"))).toEqual(["answer ", "answer "]);
    expect(lines).toContain("number failed:");
    expect(lines).toContain("OSError: no camera");
    expect(lines.at(-1)).toBe("interrupted");
  });

  test.each([
    ["T?", "maybe", "(self): raise ValueError"],
    ["a tail that may be empty", "text", "(self): raise ValueError"],
    ["nothing", "ping", "(self): raise ValueError"],
    ["a stream", "images", "(self, count): raise ValueError"],
    ["several or none", "maybe_both", "(self): raise ValueError"],
  ])("where nothing could be a result (%s) there is no answer, and serving goes on", (_what, name, body) => {
    const methods = `def ${name}${body}\ndef lambda_(self): return 1`;
    const lines = board.serve(methods, `("${name}", b"${name === "images" ? "\\1" : ""}"), ("lambda", b"")`);
    expect(lines[0]).toBe(`call ${name}`);
    expect(lines).toContain(`${name} failed:`);
    expect(lines.filter((line) => line.startsWith("answer"))).toEqual(["answer 01"]);
    expect(lines.slice(-3)).toEqual(["call lambda", "answer 01", "interrupted"]);
  });

  test("with throws, a handler that raises is answered with 255 and the text", () => {
    const lines = board.serve('def safe(self, v): raise OSError("é" * 150)', '("safe", b"\\1")');
    const answer = Buffer.from(lines.find((line) => line.startsWith("answer "))?.slice(7) ?? "", "hex");
    expect(answer[0]).toBe(255);
    // 200 bytes would end in half an é.
    expect(answer.subarray(1).toString()).toBe(`OSError: ${"é".repeat(95)}`);
    expect(answer.length).toBe(200);
  });

  test("with throws, arguments that do not decode are answered with 254 and the text", () => {
    const lines = board.serve("def safe(self, v): return v", '("safe", b"\\1\\2\\3")');
    expect(lines[1]).toBe("safe: the arguments do not decode: 3 bytes came, 2 of them left over");
    expect(lines[2]).toBe(`answer fe${Buffer.from("3 bytes came, 2 of them left over").toString("hex")}`);
  });

  test("without throws, arguments that do not decode are reported and the handler does not run", () => {
    const lines = board.serve('def number(self, v): print("ran")', '("number", b"")');
    expect(lines).toEqual([
      "call number",
      "number: the arguments do not decode: v: the message ends here: 1 byte needed, 0 left",
      "answer ",
      "interrupted",
    ]);
  });

  test("a result that its type does not allow is the handler's failure", () => {
    const lines = board.serve("def safe(self, v): return 70000", '("safe", b"\\1")');
    expect(lines).toContain("_WireError: result: 70000 is not a u16");
    expect(lines).toContain(
      `answer ff${Buffer.from("WireError: result: 70000 is not a u16").toString("hex")}`,
    );
  });

  test("a method that nobody wrote fails like any other", () => {
    const lines = board.serve("pass", '("number", b"\\1")');
    expect(lines).toContain("NotImplementedError: ");
    expect(lines.slice(-2)).toEqual(["answer ", "interrupted"]);
  });

  test("what escapes the library's loop is reported and the loop runs again", () => {
    const lines = board.serve("def lambda_(self): return 1", 'MemoryError("no room"), ("lambda", b"")');
    expect(lines[0]).toBe("rpc failed:");
    expect(lines.slice(-3)).toEqual(["call lambda", "answer 01", "interrupted"]);
  });

  test("KeyboardInterrupt and SystemExit in a handler end the service", () => {
    const calls = '("ping", b""), ("lambda", b"")';
    expect(board.serve("def ping(self): raise KeyboardInterrupt", calls)).toEqual([
      "call ping",
      "interrupted",
    ]);
    expect(() => board.serve("def ping(self): raise SystemExit", calls)).toThrow(/SystemExit/);
  });
});
