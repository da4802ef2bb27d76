/** Several interfaces on one slave, of one file and of several. */
import { beforeAll, describe, expect, test } from "vitest";
import { rpcModuleFrom } from "./generate-from.js";
import { createServiceBoard, type ServiceBoard } from "./service-board.js";

const OTHER = `interface Other { other(): u8; @wire("a-b") clash(): u8; } interface Free { free(): u8; }`;

let board: ServiceBoard;

beforeAll(async () => {
  board = await createServiceBoard();
  board.write("other_rpc.py", await rpcModuleFrom("other", OTHER));
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
