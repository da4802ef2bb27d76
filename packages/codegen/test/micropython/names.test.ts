/** Names that generated code needs for itself: they get one more `_`, and everything still works. */
import { expect, test } from "vitest";
import { createBoard } from "./board.js";
import { generateFrom, rpcModuleFrom } from "./generate-from.js";

const IDL = `
  const _VERSION: u8 = 1;
  enum _WireError: u8 { A = 1 }
  flags _Reader: u8 { X = 1 }
  struct _Function { _put_string: u8; v: string[<=4]; type: u8; len: u8; }
  struct optional { a: u8?; }
  struct string_4 { v: u8; }
  union numbers: u8 { 1: list: optional[<=2]; 2: _inside: string_4[4]; }
  error _Leave = 1 { _shown: u8; }
  interface _serve {
    _rpcgen_functions(_r: _Function, e: optional[<=2], b: string[4][4]): _Function throws _Leave;
    _rpcgen_functions_(v: numbers = null_is_none): numbers throws _Leave;
  }
`.replace(" = null_is_none", "");

test("names of the support code", async () => {
  const board = await createBoard();
  board.write("names_rpc.py", await rpcModuleFrom("names", IDL));
  const lines = board.run(`
import rpc, names_rpc
from names_rpc import _VERSION_, _WireError_, _Reader_, _Function_, _Leave_, _serve
class Mine(_serve):
    def _rpcgen_functions_(self, r, e, b):
        print(r, e, b)
        return r
    def _rpcgen_functions__(self, v):
        print(v)
        raise _Leave_(_shown=_VERSION_ + _WireError_.A + _Reader_.X)
function = b"\\1\\2ab\\3\\4"
strings = b"".join([x.encode() + b"\\0\\0\\0" for x in "abcd"])
try:
    names_rpc.serve(rpc.Slave([
        ("_rpcgen_functions", function + b"\\1\\1\\7" + strings),
        ("_rpcgen_functions_", b"\\2\\1\\2\\3\\4"),
    ]), Mine())
except KeyboardInterrupt:
    pass`);
  expect(lines).toEqual([
    "call _rpcgen_functions",
    "_Function_(_put_string=1, v='ab', type=3, len=4) [optional(a=7)] ['a', 'b', 'c', 'd']",
    "answer 00010261620304",
    "call _rpcgen_functions_",
    "('_inside', [string_4(v=1), string_4(v=2), string_4(v=3), string_4(v=4)])",
    "answer 0103",
  ]);
});

test("a constant may name a member of an enum or flags of the same file", async () => {
  const board = await createBoard();
  const idl = `
    const START: Mode = Mode.ON;
    const LIGHTS: Led = RED | Led.BLUE;
    enum Mode: u8 { OFF = 0, ON = 1 }
    flags Led: u8 { RED = 1, BLUE = 4 }
    interface Lamp { set(leds: Led = RED | BLUE, mode: Mode = START): Led; }
  `;
  board.write("lamp_rpc.py", await rpcModuleFrom("lamp", idl));
  const lines = board.run(`
import rpc, lamp_rpc
print(lamp_rpc.START, lamp_rpc.LIGHTS)
class Lamp(lamp_rpc.Lamp):
    def set(self, leds, mode):
        return leds | mode << 4
try:
    lamp_rpc.serve(rpc.Slave([("set", b""), ("set", b"\\x82\\0")]), Lamp())
except KeyboardInterrupt:
    pass`);
  expect(lines).toEqual(["1 5", "call set", "answer 15", "call set", "answer 82"]);
});

test("a script to start from does not hide what it imports", async () => {
  const files = await generateFrom("hidden", "struct slave { v: u8; } interface Hidden { get(): slave; }");
  const main = files.get("hidden_main.py")?.text;
  expect(main).toContain("\nslave_ = rpc.rpc_uart_slave(");
  expect(main).toContain("serve(slave_, Hidden())");
});
