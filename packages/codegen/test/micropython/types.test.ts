/** Every type: its bytes, decoded by generated code in a real MicroPython, and the value packed again. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Board, createBoard } from "./board.js";
import { rpcModuleFrom } from "./generate-from.js";

const DECLARATIONS = `
  const MOST: u8 = 3;
  enum Mode: u8 { AUTO = 1, MANUAL = 2, OFF = 200 }
  enum Signed: i16 { LOW = -2, HIGH = 300 }
  struct Point { x: u16; y: i16; }
  struct Named { id: u8; name: string[<=8]; }
  struct Deep { mode: Mode; on: bool; at: Point; names: Named[<=2]; last: i32; maybe: Point?; f: f64; }
  struct Open { id: u8; rest: bytes; }
  type Label = string[4];
`;

/** Type, bytes in hex, and the value as `show` prints it. */
const TYPES: readonly (readonly [type: string, hex: string, value: string])[] = [
  ["u8", "ff", "255"],
  ["i8", "80", "-128"],
  ["u16", "3412", "4660"],
  ["i16", "0080", "-32768"],
  ["u32", "ffffffff", "4294967295"],
  ["i32", "00000080", "-2147483648"],
  ["u64", "ffffffffffffffff", "18446744073709551615"],
  ["i64", "0000000000000080", "-9223372036854775808"],
  ["f32", "0000c03f", "1.5"],
  ["f32", "0000807f", "inf"],
  ["f32", "ffff7f7f", "3.4028234663852886e+38"],
  ["f64", "000000000000f8bf", "-1.5"],
  ["f64", "0000000000000080", "-0.0"],
  ["bool", "01", "True"],
  ["bool", "00", "False"],
  ["Mode", "c8", "200"],
  ["Signed", "feff", "-2"],
  ["bytes", "", "b''"],
  ["bytes", "00ff10", "b'\\x00\\xff\\x10'"],
  ["bytes[2]", "0102", "b'\\x01\\x02'"],
  ["bytes[<=3]", "020102", "b'\\x01\\x02'"],
  ["bytes[<=256]", "02000102", "b'\\x01\\x02'"],
  ["bytes[<=65536]", "0200000001ff", "b'\\x01\\xff'"],
  ["string", "68c3a9", "'h\\xe9'"],
  ["string", "f09f9880", "'\\U0001f600'"],
  ["string", "efbbbf61", "'\\ufeffa'"],
  ["string[4]", "61620000", "'ab'"],
  ["Label", "61626364", "'abcd'"],
  ["string[<=4]", "026162", "'ab'"],
  ["string[<=4]", "020061", "'\\x00a'"],
  ["Point", "0100feff", "Point(x=1, y=-2)"],
  ["Point[2]", "0100feff0300fcff", "[Point(x=1, y=-2), Point(x=3, y=-4)]"],
  ["Point[]", "0100feff", "[Point(x=1, y=-2)]"],
  ["Named[<=MOST]", "02010161020162", "[Named(id=1, name='a'), Named(id=2, name='b')]"],
  ["Named[]", "010161020162", "[Named(id=1, name='a'), Named(id=2, name='b')]"],
  ["u8[3]", "0102ff", "array('B', [1, 2, 255])"],
  ["i8[<=3]", "0201ff", "array('b', [1, -1])"],
  ["u16[]", "0100ffff", "array('H', [1, 65535])"],
  ["i16[<=300]", "0200010000ff", "array('h', [1, -256])"],
  ["u32[2]", "01000000ffffffff", "array('I', [1, 4294967295])"],
  ["i32[]", "ffffffff", "array('i', [-1])"],
  ["u64[<=2]", "01ffffffffffffffff", "array('Q', [18446744073709551615])"],
  ["i64[1]", "ffffffffffffffff", "array('q', [-1])"],
  ["f32[2]", "0000c03f0000807f", "array('f', [1.5, inf])"],
  ["f64[]", "000000000000f83f", "array('d', [1.5])"],
  ["bool[<=4]", "020100", "[True, False]"],
  ["Mode[2]", "01c8", "[1, 200]"],
  ["string[<=3][<=4]", "0201610162", "['a', 'b']"],
  ["u8[2][<=3]", "0201020304", "[array('B', [1, 2]), array('B', [3, 4])]"],
  ["u8[<=2][]", "0101020304", "[array('B', [1]), array('B', [3, 4])]"],
  [
    "Deep",
    "0101" + "0100feff" + "01050178" + "ffffffff" + "01" + "0300fcff" + "000000000000f83f",
    "Deep(mode=1, on=True, at=Point(x=1, y=-2), names=[Named(id=5, name='x')], last=-1, maybe=Point(x=3, y=-4), f=1.5)",
  ],
  [
    "Deep",
    "0200" + "0100feff" + "00" + "ffffffff" + "00" + "000000000000f83f",
    "Deep(mode=2, on=False, at=Point(x=1, y=-2), names=[], last=-1, maybe=None, f=1.5)",
  ],
  ["Open", "0761", "Open(id=7, rest=b'a')"],
  ["Open", "07", "Open(id=7, rest=b'')"],
];

/** Types that mean something else, or are not allowed, as a message's only item. */
const OPTIONALS: typeof TYPES = [
  ["u16?", "3412", "4660"],
  ["u16?", "", "None"],
  ["Point?", "0100feff", "Point(x=1, y=-2)"],
  ["json", "7b2261223a5b312c6e756c6c5d7d", "{'a': [1, None]}"],
  ["json?", "", "None"],
  ["json?", "5b5d", "[]"],
];

/** What a string of four bytes means to its reader when it is not padded with NUL alone. */
const FIXED_STRINGS: readonly (readonly [hex: string, value: string])[] = [
  ["61620063", "ab"],
  ["6100ff80", "a"],
  ["61c3a900", "a\\xe9"],
  ["616263c3", "abc"],
  ["616265e0", "abe"],
  ["6162e0a0", "ab"],
  ["61f09f98", "a"],
  ["f09f9880", "\\U0001f600"],
  ["efbbbf61", "\\ufeffa"],
];

const SHOW = `
class Shown:
    def __init__(self, v):
        self.v = v
    def __repr__(self):
        return show(self.v)

def show(v):
    if isinstance(v, memoryview):
        return repr(bytes(v))
    if isinstance(v, tuple):
        return repr(type(v)(*(Shown(x) for x in v)))
    return repr(v)
`;

function unique(rows: typeof TYPES): string[] {
  return [...new Set(rows.map(([type]) => type))];
}

describe("every type", () => {
  let board: Board;
  const rows = [...TYPES, ...OPTIONALS];
  const names = unique(rows);

  beforeAll(async () => {
    const functions = names.map((type, index) => `  f${index}(v: ${type}): ${type};`);
    board = await createBoard();
    board.write(
      "types_rpc.py",
      await rpcModuleFrom("types", `${DECLARATIONS}\ninterface Types {\n${functions.join("\n")}\n}`),
    );
    const methods = names.map(
      (_, index) => `    def f${index}(self, v):\n        print(show(v))\n        return v`,
    );
    board.write(
      "echo.py",
      `import types_rpc\n${SHOW}\nclass Echo(types_rpc.Types):\n${methods.join("\n")}\n`,
    );
  });

  test.each(rows)("%s %s", (type, hex, value) => {
    const name = `f${names.indexOf(type)}`;
    const lines = board.run(`
import rpc, echo, types_rpc
try:
    types_rpc.serve(rpc.Slave([("${name}", bytes.fromhex("${hex}"))]), echo.Echo())
except KeyboardInterrupt:
    pass
`);
    expect(lines).toEqual([`call ${name}`, value, `answer ${hex}`]);
  });

  test.each(FIXED_STRINGS)("string[4] %s", (hex, value) => {
    const lines = board.run(`
import rpc, types_rpc
class Prints(types_rpc.Types):
    def f${names.indexOf("string[4]")}(self, v):
        print(repr(v)[1:-1])
        return ""
try:
    types_rpc.serve(rpc.Slave([("f${names.indexOf("string[4]")}", bytes.fromhex("${hex}"))]), Prints())
except KeyboardInterrupt:
    pass
`);
    expect(lines.slice(1)).toEqual([value, "answer 00000000"]);
  });
});
