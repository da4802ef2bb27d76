/** A board with one service on the stand-in of the camera's library, for tests of `serve`. */
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

export interface ServiceBoard extends Board {
  /**
   * Serves calls with an implementation whose methods are given, and gives what was printed meanwhile.
   * `calls`: Python items of the stand-in's list; `slave`: its further arguments.
   */
  serve(methods: string, calls: string, slave?: string): string[];
}

/** `idl`: a file with an interface `Service`. */
export async function createServiceBoard(idl: string = SERVICE): Promise<ServiceBoard> {
  const board = await createBoard();
  board.write("service_rpc.py", await rpcModuleFrom("service", idl));
  return {
    ...board,
    serve(methods, calls, slave = "") {
      const indented = methods.trim().split("\n");
      return board.run(`
import rpc, service_rpc
from service_rpc import *
class Service(service_rpc.Service):
${indented.map((line) => `    ${line}`).join("\n")}
try:
    service_rpc.serve(rpc.Slave([${calls}]${slave}), Service())
except KeyboardInterrupt:
    print("interrupted")
`);
    },
  };
}
