/** `accept`: items that the master streams after a call, and how that ended; `with` parts of all that follows a call. */
import { beforeAll, describe, expect, test } from "vitest";
import { createServiceBoard, type ServiceBoard } from "./service-board.js";

const IDL = `
  struct Point { x: u8; y: u8; }
  interface Service {
    upload(name: string[<=8]): accept<bytes>;
    points(): accept<Point> with (room: u16) throws;
    frames(): stream<Point> with (width: u16);
    raw(): bulk<bytes> with (_: pad[1], width: u8, size: u16);
    page(): bulk<bytes[2]> with (number: u8) throws;
    ping();
  }
`;

let board: ServiceBoard;

beforeAll(async () => {
  board = await createServiceBoard(IDL);
});

const UPLOAD = `
def upload(self, name):
    print("name", name)
    return lambda item: print("item", bytes(item)), lambda complete: print("end", complete)`;
const CALL = '("upload", b"\\1a")';

describe("accept", () => {
  test("calls with each item, then once with how it ended; the end has its credit", () => {
    const lines = board.serve(UPLOAD, CALL, ', streams=[[b"ab", b"c", b""]]');
    // Two frames have taken the credits 255 and 199.
    expect(lines).toEqual([
      "call upload",
      "name a",
      "answer ",
      "read 1 5000",
      "item b'ab'",
      "item b'c'",
      "put db 1000",
      "end True",
      "interrupted",
    ]);
  });

  test("a master that leaves did not send all", () => {
    const lines = board.serve(UPLOAD, CALL, ', streams=[[b"ab"]]');
    expect(lines.slice(-4)).toEqual(["item b'ab'", "writer left", "end False", "interrupted"]);
  });

  test("an item that cannot be taken ends it at once, with a byte that is no credit", () => {
    const methods = `
def upload(self, name):
    def on_item(item):
        raise OSError("full")
    return on_item, lambda complete: print("end", complete)
def ping(self): pass`;
    const lines = board.serve(methods, `${CALL}, ("ping", b"")`, ', streams=[[b"ab", b"c", b""]]');
    expect(lines).toContain("upload failed:");
    expect(lines).toContain("OSError: full");
    expect(lines.slice(-5)).toEqual(["put 00 1000", "end False", "call ping", "answer ", "interrupted"]);
  });

  test("items are decoded, and the answer has the `with` part", () => {
    const methods = "def points(self): return (300,), print, print";
    expect(board.serve(methods, '("points", b"")', ', streams=[[b"\\1\\2", b"\\3\\4", b""]]')).toEqual([
      "call points",
      "answer 002c01",
      "read 1 5000",
      "Point(x=1, y=2)",
      "Point(x=3, y=4)",
      "put db 1000",
      "True",
      "interrupted",
    ]);
    const lines = board.serve(methods, '("points", b"")', ', streams=[[b"\\1\\2", b"\\3"]]');
    expect(lines).toContain("_WireError: item[1]: the message ends here: 2 bytes needed, 1 left");
    expect(lines.slice(-3)).toEqual(["put 00 1000", "False", "interrupted"]);
  });

  test("how it ended is told although it never began: the master did not fetch the answer", () => {
    const methods = `${UPLOAD}\ndef ping(self): pass`;
    const lines = board.serve(methods, `${CALL}, ("ping", b"")`, ", fetches=False");
    expect(lines).toEqual([
      "call upload",
      "name a",
      "answer ",
      "call ping",
      "end False",
      "answer ",
      "interrupted",
    ]);
  });

  test("a failure at the end is reported and does not end the service", () => {
    const methods = `
def upload(self, name):
    def on_end(complete):
        raise OSError("disk")
    return print, on_end
def ping(self): pass`;
    const lines = board.serve(methods, `${CALL}, ("ping", b"")`, ", streams=[[b'']]");
    expect(lines).toContain("OSError: disk");
    expect(lines.slice(-3)).toEqual(["call ping", "answer ", "interrupted"]);
  });

  test.each([
    ["one function", "return print", "result: a value of type function is not a tuple of 2"],
    ["no functions", "return 1, 2", "result: two functions are wanted, for each item and for the end"],
  ])("wants two functions: %s", (_name, body, error) => {
    const lines = board.serve(`def upload(self, name): ${body}`, CALL);
    expect(lines).toContain(`_WireError: ${error}`);
    expect(lines.at(-1)).toBe("interrupted");
  });

  test("a `with` part that does not fit ends it before it began", () => {
    const lines = board.serve("def points(self): return (-1,), print, print", '("points", b"")');
    expect(lines).toContain("_WireError: result.room: -1 is not a u16");
    expect(lines.find((line) => line.startsWith("answer"))).toMatch(/^answer ff/);
    expect(lines).toContain("False");
  });
});

describe("`with` parts", () => {
  test("of a stream", () => {
    expect(board.serve("def frames(self): return (640,), [(1, 2)]", '("frames", b"")')).toEqual([
      "call frames",
      "answer 8002",
      "frame 0102",
      "frame ",
      "interrupted",
    ]);
  });

  test("of bulk data, whose size has to be true", () => {
    expect(board.serve('def raw(self): return (7, 2), b"ab"', '("raw", b"")')).toEqual([
      "call raw",
      "answer 00070200",
      "put 6162 5000",
      "interrupted",
    ]);
    const lines = board.serve('def raw(self): return (7, 3), b"ab"', '("raw", b"")');
    expect(lines).toContain("_WireError: result: 2 bytes, but the size says 3");
    expect(lines.filter((line) => line.startsWith("put"))).toEqual([]);
  });

  test("of bulk data of a known size", () => {
    expect(board.serve('def page(self): return (7,), b"ab"', '("page", b"")')).toContain("answer 0007");
    expect(board.serve('def page(self): return (7,), b"abc"', '("page", b"")')).toContain(
      "_WireError: result: 3 bytes, not 2",
    );
  });
});
