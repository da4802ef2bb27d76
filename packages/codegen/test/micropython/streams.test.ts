/** What follows a call: the frames of a stream, and bulk data. */
import { beforeAll, describe, expect, test } from "vitest";
import { createServiceBoard, type ServiceBoard } from "./service-board.js";

let board: ServiceBoard;

beforeAll(async () => {
  board = await createServiceBoard();
});

describe("streams and bulk", () => {
  test("the items of an iterator become frames after the answer, and an empty frame ends them", () => {
    const methods = `def points(self, count):\n    for i in range(count):\n        yield i, 1`;
    expect(board.serve(methods, '("points", b"\\2")')).toEqual([
      "call points",
      "answer 00",
      "frame 00000100",
      "frame 01000100",
      "frame ",
      "interrupted",
    ]);
  });

  test("a list is an iterator's equal, and the end holds without another credit", () => {
    const lines = board.serve(
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
    const lines = board.serve(methods, '("images", b"\\1")', ", frames_read=2");
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
    const lines = board.serve(methods, '("images", b"\\1"), ("lambda", b"")');
    expect(lines.filter((line) => line.startsWith("frame"))).toEqual(["frame 61"]);
    expect(lines).toContain("images failed:");
    expect(lines).toContain(report);
    expect(lines.slice(-2)).toEqual(["answer 01", "interrupted"]);
  });

  test("a handler that gives no iterator fails before the answer", () => {
    const lines = board.serve("def points(self, count): return 5", '("points", b"\\1")');
    expect(lines).toContain("points failed:");
    expect(lines.filter((line) => line.startsWith("answer"))).toHaveLength(1);
    expect(lines.find((line) => line.startsWith("answer"))).toMatch(/^answer ff/);
  });

  test("bulk data of a known size", () => {
    expect(board.serve('def exact(self): return b"ab"', '("exact", b"")')).toEqual([
      "call exact",
      "answer 00",
      "put 6162 5000",
      "interrupted",
    ]);
    expect(board.serve('def exact(self): return b"abc"', '("exact", b"")')).toContain(
      "_WireError: result: 3 bytes, not 2",
    );
  });
});
