/**
 * A generated TypeScript master and a generated MicroPython slave on the virtual camera, with our own `rpc.py`:
 * errors, streams both ways, bulk data, calls to run once, and the handshake.
 */
import { readFileSync } from "node:fs";
import { generate } from "@rpcgen/codegen";
import { startVirtualCamera, type VirtualCamera } from "@rpcgen/device";
import { compile } from "@rpcgen/idl";
import { createMaster } from "@rpcgen/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createErrors,
  type Errors,
} from "../../packages/codegen/test/scenarios/errors/expected/errors.master.js";
import {
  Empty,
  Jammed,
  OutOfRange,
  Refused,
} from "../../packages/codegen/test/scenarios/errors/expected/errors.types.js";

const SCRIPT = `
import rpc
import errors_rpc
from errors_rpc import *

class Device(errors_rpc.Errors):
    total = 0
    stored = b""
    ended = None

    def expose(self, us):
        if us < 0:
            raise OutOfRange(us, min=0, max=100)
        return us
    def move(self, to):
        if to > 200:
            raise Jammed(Place(to, "wall"))
        if to > 100:
            raise Empty
        return (to, "ok") if to else None
    def plain(self):
        raise Refused(5, "not now")
    def image(self):
        return Device.stored
    def limited(self, level):
        raise OSError("lens")
    def frames(self, count):
        return (7,), (i for i in range(count))
    def store(self, name):
        Device.stored = name.encode()
        return self.take, self.end
    def keep(self, name):
        if not name:
            raise OutOfRange(0, 1, 8)
        Device.stored = b""
        return (300,), self.take, self.end
    def take(self, item):
        if bytes(item) == b"bad":
            raise ValueError("bad item")
        Device.stored += item
    def end(self, complete):
        Device.stored += b"!" if complete else b"?"
    def raw(self, ok):
        if not ok:
            raise Empty
        return (1000,), bytes(range(250)) * 4
    def count(self, step):
        Device.total += step
        return Device.total

errors_rpc.serve(rpc.rpc_uart_slave(baudrate=115200), Device())
`;

/** Long enough for a machine that is busy with other tests; nothing waits for it in a good run. */
const PATIENT = { sendTimeoutMs: 20_000, recvTimeoutMs: 20_000 } as const;

let camera: VirtualCamera;
let device: Errors;
const output: string[] = [];

beforeAll(async () => {
  const path = "../../packages/codegen/test/scenarios/errors/errors.idl";
  const source = readFileSync(new URL(path, import.meta.url));
  const { model } = await compile("errors.idl", { read: () => source, resolve: (_, file) => file });
  if (model === null) throw new Error("errors.idl does not compile");
  const options = {
    generatorVersion: "1.0.0",
    sourceFile: "errors.idl",
    singleFile: false,
    embedSchema: false,
  };
  const files = await generate(model, { ...options, targets: ["micropython"] });
  camera = await startVirtualCamera({
    script: SCRIPT,
    files: Object.fromEntries(files.map(({ path: name, text }) => [name, text])),
    link: { kind: "memory" },
    onOutput: (text) => output.push(text),
  });
  if (camera.link === null) throw new Error("a camera with a memory link has one");
  device = createErrors(createMaster(camera.link));
});

afterAll(() => camera.stop());

test("the handshake: both pack the same", async () => {
  await device.$verify(PATIENT);
});

test("results and declared errors", async () => {
  expect(await device.expose(12, PATIENT)).toBe(12);
  await expect(device.expose(-3, PATIENT)).rejects.toEqual(new OutOfRange({ value: -3, min: 0, max: 100 }));
  expect(await device.move(3, PATIENT)).toEqual({ x: 3, name: "ok" });
  expect(await device.move(0, PATIENT)).toBeNull();
  await expect(device.move(150, PATIENT)).rejects.toBeInstanceOf(Empty);
  await expect(device.move(250, PATIENT)).rejects.toEqual(new Jammed({ where: { x: 250, name: "wall" } }));
  await expect(device.plain(PATIENT)).rejects.toEqual(new Refused({ code_: 5, message_: "not now" }));
});

test("an undeclared error is told as text, and reported on the board", async () => {
  const failure = { code: "remote-failure", message: expect.stringContaining("OSError: lens") };
  await expect(device.limited(1, PATIENT)).rejects.toMatchObject(failure);
  expect(output.join("")).toContain("limited failed:");
});

test("a stream with its part", async () => {
  const stream = device.frames(5, PATIENT);
  expect(await stream.header).toEqual({ width: 7 });
  const items: number[] = [];
  for await (const item of stream) items.push(item);
  expect(items).toEqual([0, 1, 2, 3, 4]);
});

const chunks = (...texts: readonly string[]) => texts.map((text) => new TextEncoder().encode(text));

test("items to the board, and how that ended", async () => {
  await device.store("a", chunks("bc", "d"), PATIENT);
  expect(Buffer.from(await device.image(PATIENT)).toString()).toBe("abcd!");
  expect(await device.keep("a", chunks("x", "y"), PATIENT)).toEqual({ room: 300 });
  expect(Buffer.from(await device.image(PATIENT)).toString()).toBe("xy!");
});

test("a board that takes no more says so, and the next call works", async () => {
  const sending = device.store("a", chunks("b", "bad", "c", "d", "e", "f"), PATIENT);
  await expect(sending).rejects.toMatchObject({ code: "stream-broken" });
  expect(Buffer.from(await device.image(PATIENT)).toString()).toBe("ab?");
});

test("a board that does not accept is sent nothing", async () => {
  await expect(device.keep("", chunks("x"), PATIENT)).rejects.toEqual(
    new OutOfRange({ value: 0, min: 1, max: 8 }),
  );
  expect(await device.expose(1, PATIENT)).toBe(1);
});

test("bulk data of the size that its part says", async () => {
  const { size, data } = await device.raw(true, PATIENT);
  expect([size, data.length, data[999]]).toEqual([1000, 1000, 249]);
  await expect(device.raw(false, PATIENT)).rejects.toBeInstanceOf(Empty);
});

test("calls to run once run once each", async () => {
  expect([
    await device.count(5, PATIENT),
    await device.count(5, PATIENT),
    await device.count(1, PATIENT),
  ]).toEqual([5, 10, 11]);
});
