/** `serve` on a stand-in of the camera's library: what is answered, what is not, and that nothing ends it. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Board, createBoard } from "./board.js";
import { rpcModuleFrom } from "./generate-from.js";

const SERVICE = `
  enum Mode: u8 { AUTO = 1, MANUAL = 2 }
  struct Rect { x: u16; y: u16; }
  interface Service {
    ping();
    maybe(): Rect?;
    number(v: u8): u16;
    text(): string;
    both(): (a: u8, b: u16);
    maybe_both(): (a: u8, b: string)?;
    safe(v: u8): u16 throws;
    safe_image(): bytes throws;
    safe_maybe(): Rect? throws;
    safe_ping() throws;
    defaults(a: u8, b: u16 = 513, mode: Mode = Mode.MANUAL, name: string[<=4] = "é"): bytes;
    lambda(): u8;
    @wire("a-b") dashed(v: u8): u8;
    @wire("read") read(offset: u32, size: u32): bytes;
    @wire("read") read_all(): bulk<bytes>;
    @wire("sized") one(v: u8): u8 throws;
    @wire("sized") two(v: u16): u8 throws;
    exact(): bulk<bytes[2]> throws;
    images(count: u8): stream<bytes>;
    points(count: u8): stream<Rect> throws;
  }
`;

const OTHER = `interface Other { other(): u8; @wire("a-b") clash(): u8; } interface Free { free(): u8; }`;

let board: Board;

/** Serves the calls with an implementation whose methods are given, and what was printed meanwhile. */
function serve(methods: string, calls: string, slave = ""): string[] {
  return board.run(`
import rpc, service_rpc
from service_rpc import Mode, Rect
class Service(service_rpc.Service):
${methods
  .trim()
  .split("\n")
  .map((line) => `    ${line}`)
  .join("\n")}
try:
    service_rpc.serve(rpc.Slave([${calls}]${slave}), Service())
except KeyboardInterrupt:
    print("interrupted")
`);
}

beforeAll(async () => {
  board = await createBoard();
  board.write("service_rpc.py", await rpcModuleFrom("service", SERVICE));
  board.write("other_rpc.py", await rpcModuleFrom("other", OTHER));
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
    expect(serve(methods, calls)).toEqual([...lines, "interrupted"]);
  });

  test.each([
    ["none of them sent", "05", "5 513 2 é"],
    ["one sent", "050100", "5 1 2 é"],
    ["two sent", "05010001", "5 1 1 é"],
    ["all sent", "0501000100", "5 1 1 "],
  ])("defaults: %s", (_name, hex, shown) => {
    const methods = `def defaults(self, a, b, mode, name):\n    print(a, b, mode, name)\n    return b""`;
    const lines = serve(methods, `("defaults", bytes.fromhex("${hex}"))`);
    expect(lines).toEqual(["call defaults", shown, "answer ", "interrupted"]);
  });

  test("functions of one wire name are told apart by the size of the argument", () => {
    const methods = `
def read(self, offset, size): return bytes([offset, size])
def read_all(self): return b"all"
def one(self, v): return 1
def two(self, v): return 2`;
    const calls = `("read", b"\\1\\0\\0\\0\\2\\0\\0\\0"), ("read", b""), ("sized", b"\\0"), ("sized", b"\\0\\0"), ("sized", b"")`;
    const lines = serve(methods, calls);
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
    const lines = serve(
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
    const lines = serve(methods, `("${name}", b"${name === "images" ? "\\1" : ""}"), ("lambda", b"")`);
    expect(lines[0]).toBe(`call ${name}`);
    expect(lines).toContain(`${name} failed:`);
    expect(lines.filter((line) => line.startsWith("answer"))).toEqual(["answer 01"]);
    expect(lines.slice(-3)).toEqual(["call lambda", "answer 01", "interrupted"]);
  });

  test("with throws, a handler that raises is answered with 255 and the text", () => {
    const lines = serve('def safe(self, v): raise OSError("é" * 150)', '("safe", b"\\1")');
    const answer = Buffer.from(lines.find((line) => line.startsWith("answer "))?.slice(7) ?? "", "hex");
    expect(answer[0]).toBe(255);
    // 200 bytes would end in half an é.
    expect(answer.subarray(1).toString()).toBe(`OSError: ${"é".repeat(95)}`);
    expect(answer.length).toBe(200);
  });

  test("with throws, arguments that do not decode are answered with 254 and the text", () => {
    const lines = serve("def safe(self, v): return v", '("safe", b"\\1\\2\\3")');
    expect(lines[1]).toBe("safe: the arguments do not decode: 3 bytes came, 2 of them left over");
    expect(lines[2]).toBe(`answer fe${Buffer.from("3 bytes came, 2 of them left over").toString("hex")}`);
  });

  test("without throws, arguments that do not decode are reported and the handler does not run", () => {
    const lines = serve('def number(self, v): print("ran")', '("number", b"")');
    expect(lines).toEqual([
      "call number",
      "number: the arguments do not decode: v: the message ends here: 1 byte needed, 0 left",
      "answer ",
      "interrupted",
    ]);
  });

  test("a result that its type does not allow is the handler's failure", () => {
    const lines = serve("def safe(self, v): return 70000", '("safe", b"\\1")');
    expect(lines).toContain("_WireError: result: 70000 is not a u16");
    expect(lines).toContain(
      `answer ff${Buffer.from("WireError: result: 70000 is not a u16").toString("hex")}`,
    );
  });

  test("a method that nobody wrote fails like any other", () => {
    const lines = serve("pass", '("number", b"\\1")');
    expect(lines).toContain("NotImplementedError: ");
    expect(lines.slice(-2)).toEqual(["answer ", "interrupted"]);
  });

  test("what escapes the library's loop is reported and the loop runs again", () => {
    const lines = serve("def lambda_(self): return 1", 'MemoryError("no room"), ("lambda", b"")');
    expect(lines[0]).toBe("rpc failed:");
    expect(lines.slice(-3)).toEqual(["call lambda", "answer 01", "interrupted"]);
  });

  test("KeyboardInterrupt and SystemExit in a handler end the service", () => {
    const calls = '("ping", b""), ("lambda", b"")';
    expect(serve("def ping(self): raise KeyboardInterrupt", calls)).toEqual(["call ping", "interrupted"]);
    expect(() => serve("def ping(self): raise SystemExit", calls)).toThrow(/SystemExit/);
  });
});

describe("streams and bulk", () => {
  test("the items of an iterator become frames after the answer, and an empty frame ends them", () => {
    const methods = `def points(self, count):\n    for i in range(count):\n        yield i, 1`;
    expect(serve(methods, '("points", b"\\2")')).toEqual([
      "call points",
      "answer 00",
      "frame 00000100",
      "frame 01000100",
      "frame ",
      "interrupted",
    ]);
  });

  test("a list is an iterator's equal, and the end holds without another credit", () => {
    const lines = serve(
      'def images(self, count): return [b"a"]',
      '("images", b"\\1")',
      ", credits_after_end=False",
    );
    expect(lines).toEqual(["call images", "answer ", "frame 61", "frame ", "interrupted"]);
  });

  test("a reader that leaves lets the generator put away what it holds", () => {
    const methods = `
def images(self, count):
    try:
        while True:
            yield b"a"
    finally:
        print("put away")`;
    const lines = serve(methods, '("images", b"\\1")', ", frames_read=2");
    expect(lines).toEqual([
      "call images",
      "answer ",
      "frame 61",
      "frame 61",
      "reader left",
      "put away",
      "interrupted",
    ]);
  });

  test.each([
    ["an item that raises", 'yield b"a"\n    raise OSError("lens")', "OSError: lens"],
    ["an item of the wrong type", "yield b'a'\n    yield 5", "_WireError: item[1]: 5 is not bytes"],
    [
      "an empty item",
      'yield b"a"\n    yield b""',
      "_WireError: item[1]: an item of no bytes would end the stream",
    ],
  ])("%s breaks the stream off without a clean end, and serving goes on", (_name, body, report) => {
    const methods = `def images(self, count):\n    ${body}\ndef lambda_(self): return 1`;
    const lines = serve(methods, '("images", b"\\1"), ("lambda", b"")');
    expect(lines.filter((line) => line.startsWith("frame"))).toEqual(["frame 61"]);
    expect(lines).toContain("images failed:");
    expect(lines).toContain(report);
    expect(lines.slice(-2)).toEqual(["answer 01", "interrupted"]);
  });

  test("a handler that gives no iterator fails before the answer", () => {
    const lines = serve("def points(self, count): return 5", '("points", b"\\1")');
    expect(lines).toContain("points failed:");
    expect(lines.filter((line) => line.startsWith("answer"))).toHaveLength(1);
    expect(lines.find((line) => line.startsWith("answer"))).toMatch(/^answer ff/);
  });

  test("bulk data of a known size", () => {
    expect(serve('def exact(self): return b"ab"', '("exact", b"")')).toEqual([
      "call exact",
      "answer 00",
      "put 6162 5000",
      "interrupted",
    ]);
    expect(serve('def exact(self): return b"abc"', '("exact", b"")')).toContain(
      "_WireError: result: 3 bytes, not 2",
    );
  });
});

describe("interfaces served together", () => {
  test("of one file", () => {
    const lines = board.run(`
import rpc, other_rpc
class Other(other_rpc.Other):
    def other(self): return 1
class Free(other_rpc.Free):
    def free(self): return 2
try:
    other_rpc.serve(rpc.Slave([("other", b""), ("free", b"")]), Other(), Free())
except KeyboardInterrupt:
    pass`);
    expect(lines).toEqual(["call other", "answer 01", "call free", "answer 02"]);
  });

  test("of two files, also when a handler of the other one must not answer", () => {
    const lines = board.run(`
import rpc, other_rpc, service_rpc
class Service(service_rpc.Service):
    def ping(self): raise OSError("away")
class Free(other_rpc.Free):
    def free(self): return 2
try:
    other_rpc.serve(rpc.Slave([("ping", b""), ("free", b"")]), Service(), Free())
except KeyboardInterrupt:
    pass`);
    expect(lines).toContain("OSError: away");
    expect(lines.filter((line) => line.startsWith("answer"))).toEqual(["answer 02"]);
  });

  test.each([
    [
      "one wire name twice",
      "service_rpc.Service(), other_rpc.Other()",
      "cannot serve a-b and a-b together: they have the same id",
    ],
    [
      "an interface twice",
      "other_rpc.Free(), other_rpc.Free()",
      "cannot serve free and free together: they have the same id",
    ],
    [
      "a class instead of an object",
      "other_rpc.Free",
      "serve() takes objects of classes derived from the generated ones",
    ],
    ["something else", "5", "serve() takes objects of classes derived from the generated ones"],
  ])("are refused when serving starts: %s", (_name, implementations, message) => {
    const lines = board.run(`
import rpc, other_rpc, service_rpc
try:
    other_rpc.serve(rpc.Slave([]), ${implementations})
except (ValueError, TypeError) as e:
    print(e)`);
    expect(lines).toEqual([message]);
  });
});
