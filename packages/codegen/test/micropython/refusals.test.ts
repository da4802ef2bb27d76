/** Every check of packing and unpacking, with the path of the culprit and the reason, in a real MicroPython. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Board, createBoard } from "./board.js";
import { rpcModuleFrom } from "./generate-from.js";

const DECLARATIONS = `
  enum Mode: u8 { AUTO = 1, MANUAL = 2 }
  struct Point { x: u16; y: u16; }
  struct Mixed { a: u8; b: i8; on: bool; mode: Mode; f: f32; d: f64; wide: i32; big: i64; huge: u64; }
  struct Tag { id: u16; corners: Point[2]; label: string[<=4]; note: string[<=4]?; }
  struct Tags { tags: Tag[<=4]; }
  struct Shorts { values: i16[<=4]; }
  struct Pair { a: f32; b: f64; }
  struct Page { data: bytes[400]; pairs: Pair[<=4]; floats: f32[<=4]; }
  struct Level { @range(1, 5) level: u8; @range(0.1, 0.5) ratio: f32; }
  union Shape: u8 { 1: point: Point; 2: none; }
`;

/** Type, a Python expression that is no value of it, and the error. */
const NOT_PACKED: readonly (readonly [type: string, value: string, error: string])[] = [
  ["u8", "256", "result: 256 is not a u8"],
  ["u8", "-1", "result: -1 is not a u8"],
  ["u8", "1.0", "result: 1.0 is not a u8"],
  ["u8", "None", "result: None is not a u8"],
  ["u8", "'1'", "result: '1' is not a u8"],
  ["u8", "b'1'", "result: a value of type bytes is not a u8"],
  ["i8", "128", "result: 128 is not an i8"],
  ["i8", "-129", "result: -129 is not an i8"],
  ["u16", "70000", "result: 70000 is not a u16"],
  ["i16", "32768", "result: 32768 is not an i16"],
  ["u32", "1 << 32", "result: 4294967296 is not a u32"],
  ["u32", "-1", "result: -1 is not a u32"],
  ["i32", "1 << 31", "result: 2147483648 is not an i32"],
  ["i32", "-(1 << 31) - 1", "result: -2147483649 is not an i32"],
  ["u64", "1 << 64", "result: 18446744073709551616 is not a u64"],
  ["u64", "-1", "result: -1 is not a u64"],
  ["i64", "1 << 63", "result: 9223372036854775808 is not an i64"],
  ["f32", "1e39", "result: 1e+39 is not an f32"],
  ["f32", "-3.4028235677973366e38", "result: -3.4028235677973366e+38 is not an f32"],
  ["f32", "'1'", "result: '1' is not an f32"],
  ["f64", "None", "result: None is not an f64"],
  ["f64", "10 ** 400", `result: 1${"0".repeat(400)} is not an f64`],
  ["bool", "2", "result: 2 is not a bool"],
  ["bool", "1.0", "result: 1.0 is not a bool"],
  ["Mode", "3", "result: 3 is not a Mode"],
  ["Mode", "1.0", "result: 1.0 is not a Mode"],
  ["string", "b'a'", "result: a value of type bytes is not a string"],
  ["string", "'\\ud800'", "result: not valid UTF-8"],
  ["string[<=4]", "'abcde'", "result: 5 bytes of UTF-8, at most 4"],
  ["string[<=4]", "'ééé'", "result: 6 bytes of UTF-8, at most 4"],
  ["string[4]", "'abcde'", "result: 5 bytes of UTF-8, at most 4"],
  ["string[4]", "'a\\0'", "result: U+0000 in a string of fixed size"],
  ["bytes", "'a'", "result: 'a' is not bytes"],
  ["bytes", "memoryview(array('H', [1]))", "result: a memoryview of wider items is not bytes"],
  ["bytes[2]", "b'abc'", "result: 3 bytes, not 2"],
  ["bytes[<=2]", "b'abc'", "result: 3 bytes, at most 2"],
  ["u16[<=2]", "[1, 2, 3]", "result: 3 items, at most 2"],
  ["u16[2]", "[1]", "result: 1 items, not 2"],
  ["u16[2]", "[1, 70000]", "result[1]: 70000 is not a u16"],
  ["u16[2]", "[1, 1.5]", "result[1]: 1.5 is not a u16"],
  ["u16[2]", "[1, -1]", "result[1]: -1 is not a u16"],
  ["u16[2]", "5", "result: 5 is not a list"],
  ["u16[2]", "'ab'", "result: 'ab' is not a list"],
  ["i64[]", "[1 << 63]", "result[0]: 9223372036854775808 is not an i64"],
  ["f32[]", "[1, 1e39]", "result[1]: 1e+39 is not an f32"],
  ["f32[]", "[1, None]", "result[1]: None is not an f32"],
  ["Mode[]", "[1, 5]", "result[1]: 5 is not a Mode"],
  ["bool[]", "[True, 5]", "result[1]: 5 is not a bool"],
  ["string[<=2][<=2]", "['ab', 'abc']", "result[1]: 3 bytes of UTF-8, at most 2"],
  ["u8[2][2]", "[[1, 2], [3, 256]]", "result[1][1]: 256 is not a u8"],
  ["Point", "(1, 70000)", "result.y: 70000 is not a u16"],
  ["Point", "(1,)", "result: 1 values for the 2 fields of Point"],
  ["Point", "(1, 2, 3)", "result: 3 values for the 2 fields of Point"],
  ["Point", "7", "result: 7 is not Point"],
  ["Point?", "(1, -2)", "result.y: -2 is not a u16"],
  ["Mixed", "(256, 0, 0, 1, 0, 0, 0, 0, 0)", "result.a: 256 is not a u8"],
  ["Mixed", "(0, 128, 0, 1, 0, 0, 0, 0, 0)", "result.b: 128 is not an i8"],
  ["Mixed", "(0, 0, 2, 1, 0, 0, 0, 0, 0)", "result.on: 2 is not a bool"],
  ["Mixed", "(0, 0, 0, 3, 0, 0, 0, 0, 0)", "result.mode: 3 is not a Mode"],
  ["Mixed", "(0, 0, 0, 1, 1e39, 0, 0, 0, 0)", "result.f: 1e+39 is not an f32"],
  ["Mixed", "(0, 0, 0, 1, 0, 'x', 0, 0, 0)", "result.d: 'x' is not an f64"],
  ["Mixed", "(0, 0, 0, 1, 0, 0, 1 << 31, 0, 0)", "result.wide: 2147483648 is not an i32"],
  ["Mixed", "(0, 0, 0, 1, 0, 0, 0, 1 << 63, 0)", "result.big: 9223372036854775808 is not an i64"],
  ["Mixed", "(0, 0, 0, 1, 0, 0, 0, 0, -1)", "result.huge: -1 is not a u64"],
  ["Tags", "[[(1, [(1, 2), (70000, 4)], '', None)]]", "result.tags[0].corners[1].x: 70000 is not a u16"],
  ["Tags", "[[(1, [(1, 2)], '', None)]]", "result.tags[0].corners: 1 items, not 2"],
  ["Tags", "[[(1, [(1, 2)] * 2, 'abcde', None)]]", "result.tags[0].label: 5 bytes of UTF-8, at most 4"],
  ["Tags", "[[(1, [(1, 2)] * 2, '', 'abcde')]]", "result.tags[0].note: 5 bytes of UTF-8, at most 4"],
  ["Tags", "[None]", "result.tags: None is not a list"],
  ["Shorts", "[[0, 32768]]", "result.values[1]: 32768 is not an i16"],
  ["Point[<=4]", "[(1, 2), {3, 4}]", "result[1]: a value of type set is not Point"],
  ["Point[<=4]", "[(1, 2), {5: 3, 6: 4}]", "result[1]: a value of type dict is not Point"],
  ["Point[<=4]", "[(1, 2), 'ab']", "result[1]: 'ab' is not Point"],
  ["Point[<=4]", "[(1, 2), (1, 2, 3)]", "result[1]: 3 values for the 2 fields of Point"],
  ["Point[<=4]", "[[1, 2], [1]]", "result[1]: 1 values for the 2 fields of Point"],
  ["Point[<=4]", "[(1, 2), [1, 70000]]", "result[1].y: 70000 is not a u16"],
  ["Pair[<=4]", "[(1, 2), (-1e39, 2)]", "result[1].a: -1e+39 is not an f32"],
  ["Pair[<=4]", "[(float('inf'), 2), (1, 'x')]", "result[1].b: 'x' is not an f64"],
  ["Pair[<=4]", "[(float('inf'), 2), (1, 10 ** 309)]", `result[1].b: 1${"0".repeat(309)} is not an f64`],
  ["Page", "(bytes(400), [(1, 2), (1e39, 2)], [])", "result.pairs[1].a: 1e+39 is not an f32"],
  ["Page", "(bytes(400), [], [1, 1e39])", "result.floats[1]: 1e+39 is not an f32"],
  ["f32be[]", "[float('-inf'), 1e39]", "result[1]: 1e+39 is not an f32be"],
  ["u16be[2]", "[1, 70000]", "result[1]: 70000 is not a u16be"],
  ["Level", "(6, 0.2)", "result.level: 6 is not within 1 to 5"],
  ["Level", "(1.5, 0.2)", "result.level: 1.5 is not a u8"],
  ["Level", "(None, 0.2)", "result.level: None is not a u8"],
  ["Level", "(1, 0.0999)", "result.ratio: 0.0999 is not within 0.10000000149011612 to 0.5"],
  ["Level", "(1, float('nan'))", "result.ratio: nan is not within 0.10000000149011612 to 0.5"],
  ["Level[<=2]", "[(1, 0.2), (0, 0.2)]", "result[1].level: 0 is not within 1 to 5"],
  ["Level[<=2]", "[(1, 0.6)]", "result[0].ratio: 0.6 is not within 0.10000000149011612 to 0.5"],
  ["Shape", "('circle', 1)", "result.kind: 'circle' is no kind of Shape"],
  ["Shape", "('point',)", "result: a value of type tuple is not a (kind, value) pair of Shape"],
  ["Shape", "(1, 2)", "result: a value of type tuple is not a (kind, value) pair of Shape"],
  ["Shape", "('none', 0)", "result.none: 0 where there is no value"],
  ["Shape", "('point', (1, -1))", "result.point.y: -1 is not a u16"],
  ["json", "{'a': [float('nan')]}", "result.a[0]: nan is not JSON"],
  ["json", "b'a'", "result: a value of type bytes is not JSON"],
  ["json", "{1: 2}", "result: a key of JSON is a string, not 1"],
  ["json", "['\\udc00']", "result[0]: not valid UTF-8"],
];

/** Type, bytes that hold no value of it, and the error. */
const NOT_UNPACKED: readonly (readonly [type: string, hex: string, error: string])[] = [
  ["u16", "01", "v: the message ends here: 2 bytes needed, 1 left"],
  ["u16", "010203", "3 bytes came, 1 of them left over"],
  ["bool", "02", "v: 2 is not a bool"],
  ["Mode", "03", "v: 3 is not a Mode"],
  ["bytes[2]", "01", "v: 2 wanted, which take 2 bytes or more, 1 left"],
  ["bytes[<=2]", "03010203", "v: a count of 3, at most 2 allowed"],
  ["bytes[<=2]", "0201", "v: a count of 2 needs 2 bytes or more, 1 left"],
  ["bytes[<=65536]", "ffff", "v: the message ends here: 4 bytes needed, 2 left"],
  ["string", "ff", "v: not valid UTF-8"],
  ["string", "c3", "v: not valid UTF-8"],
  ["string", "c080", "v: not valid UTF-8"],
  ["string", "c1bf", "v: not valid UTF-8"],
  ["string", "e08080", "v: not valid UTF-8"],
  ["string", "eda080", "v: not valid UTF-8"],
  ["string", "edbfbf", "v: not valid UTF-8"],
  ["string", "f0808080", "v: not valid UTF-8"],
  ["string", "f4908080", "v: not valid UTF-8"],
  ["string", "f880808080", "v: not valid UTF-8"],
  ["string[4]", "616280ff", "v: not valid UTF-8"],
  ["string[4]", "6162e080", "v: not valid UTF-8"],
  ["string[4]", "80808080", "v: not valid UTF-8"],
  ["string[<=4]", "01c3", "v: not valid UTF-8"],
  ["u16[<=2]", "03", "v: a count of 3, at most 2 allowed"],
  ["u16[<=2]", "0201000200ff", "6 bytes came, 1 of them left over"],
  ["u16[<=2]", "02010002", "v: a count of 2 needs 4 bytes or more, 3 left"],
  ["i64[]", "0102", "v: 2 bytes left are not whole items of 8"],
  ["Point[]", "0100", "v: 2 bytes left are not whole items of 4"],
  ["Mode[]", "0105", "v[1]: 5 is not a Mode"],
  ["bool[]", "0105", "v[1]: 5 is not a bool"],
  ["string[<=2][<=2]", "03", "v: a count of 3, at most 2 allowed"],
  ["string[<=2][<=2]", "0201610361", "v[1]: a count of 3, at most 2 allowed"],
  ["Tags", "0101000000000000000000" + "00" + "02", "v.tags[0].note: a presence byte of 2"],
  ["Tags", "0101000000000000000000" + "0500", "v.tags[0].label: a count of 5, at most 4 allowed"],
  ["Tags", "04", "v.tags: a count of 4 needs 48 bytes or more, 0 left"],
  ["Mixed", `00000201${"00".repeat(32)}`, "v.on: 2 is not a bool"],
  ["Mixed", `00000109${"00".repeat(32)}`, "v.mode: 9 is not a Mode"],
  ["Level", "06cdcccc3d", "v.level: 6 is not within 1 to 5"],
  ["Level", "010000c07f", "v.ratio: nan is not within 0.10000000149011612 to 0.5"],
  ["Shape", "03", "v: 3 is no tag of Shape"],
  ["Shape", "01010002", "v.point: the message ends here: 4 bytes needed, 3 left"],
  ["u16be[]", "010203", "v: 3 bytes left are not whole items of 2"],
  ["json", "7b", "v: not valid JSON"],
  ["json", "22ff22", "v: not valid UTF-8"],
];

const types = [...new Set([...NOT_PACKED, ...NOT_UNPACKED].map(([type]) => type))];
let board: Board;

/** Runs the one function of a type and gives the text of the error that the caller gets. */
function errorOf(type: string, argument: string, result: string): string {
  const index = types.indexOf(type);
  const lines = board.run(`
import rpc, refusals_rpc
from array import array
class Gives(refusals_rpc.Gives):
    def f${index}(self):
        return ${result}
class Takes(refusals_rpc.Takes):
    def f${index}(self, v):
        print("ran")
try:
    refusals_rpc.serve(rpc.Slave([("${argument === "" ? "give" : "take"}${index}", bytes.fromhex("${argument}"))]), Gives(), Takes())
except KeyboardInterrupt:
    pass`);
  expect(lines).not.toContain("ran");
  const answer = Buffer.from(lines.at(-1)?.slice("answer ".length) ?? "", "hex");
  return answer.subarray(1).toString();
}

beforeAll(async () => {
  const gives = types.map((type, index) => `@wire("give${index}") f${index}(): ${type} throws;`);
  const takes = types.map((type, index) => `@wire("take${index}") f${index}(v: ${type}) throws;`);
  board = await createBoard();
  board.write(
    "refusals_rpc.py",
    await rpcModuleFrom(
      "refusals",
      `${DECLARATIONS} interface Gives { ${gives.join("\n")} } interface Takes { ${takes.join("\n")} }`,
    ),
  );
});

describe("a value that is none of its type is not packed", () => {
  test.each(NOT_PACKED)("%s from %s", (type, value, error) => {
    expect(errorOf(type, "", value)).toBe(`WireError: ${error}`.slice(0, 200));
  });
});

describe("bytes that hold no value of the type are not unpacked", () => {
  test.each(NOT_UNPACKED)("%s from %s", (type, hex, error) => {
    expect(errorOf(type, hex, "None")).toBe(error);
  });
});
