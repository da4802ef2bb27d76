/** A generated TypeScript master and a generated MicroPython slave, on the virtual camera over a memory link. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startVirtualCamera, type VirtualCamera } from "@rpcgen/device";
import { createMaster, type Master, RpcError } from "@rpcgen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { benchMain, generateBench } from "./generate-bench.js";

// The board starts in real time on a machine that may be busy: how long that takes is not what is tested.
const PATIENT = { sendTimeoutMs: 30_000, recvTimeoutMs: 30_000 };

let camera: VirtualCamera;
let master: Master;
let printed = "";
// What is generated while the test runs has no static type; the compiler checks scenarios elsewhere.
let stubs: Record<string, ReturnType<typeof JSON.parse>>;

beforeAll(async () => {
  const folder = await generateBench("typescript-master");
  camera = await startVirtualCamera({
    script: benchMain(),
    files: { "bench_rpc.py": readFileSync(join(folder, "bench_rpc.py"), "utf8") },
    link: { kind: "memory" },
    onOutput: (text) => {
      printed += text;
    },
  });
  if (camera.link === null) throw new Error("the camera has no link");
  master = createMaster(camera.link);
  stubs = await import(join(folder, "bench.master.ts"));
  await bench().ping(PATIENT);
});
afterAll(async () => {
  await master?.close();
  await camera?.stop();
});

const bench = () => stubs.createBench?.(master);
const careful = () => stubs.createCareful?.(master);
const flow = () => stubs.createFlow?.(master);

describe("a generated master and a generated MicroPython slave", () => {
  it("move structs, lists, text, options and floats both ways", async () => {
    const tags = [1, 2, 3].map((id) => ({
      id,
      corners: [0, 1, 2, 3].map((n) => ({ x: n - 2 * id, y: 300 * n })),
      label: `tag ${id} é`,
      note: id === 2 ? null : Uint8Array.of(0, id, 255),
      weight: id / 3,
      mode: id % 2,
    }));
    expect(await bench().tags(tags, PATIENT)).toEqual([...tags].reverse());
    expect(await bench().sum(Float32Array.of(0.5, 1.25, -4), PATIENT)).toBe(-2.25);
  });

  it("fill in defaults", async () => {
    expect(await bench().settings("day")).toEqual({ name: "day", gain: 7, mode: 1 });
    expect(await bench().settings("night", 200, 0, PATIENT)).toEqual({ name: "night", gain: 200, mode: 0 });
  });

  it("let a slave fill in what an older caller does not send", async () => {
    const name = new Uint8Array(16);
    name.set(new TextEncoder().encode("old"));
    const answer = await master.call("settings", name, PATIENT);
    expect([...answer]).toEqual([...name, 7, 1]);
  });

  it("call names that a language or an identifier can't have", async () => {
    expect(await bench().lambda(-128 + 1, PATIENT)).toBe(127);
    expect(await bench().aMinusB(1n, 2n ** 40n, PATIENT)).toBe(1n - 2n ** 40n);
  });

  it("move 64-bit numbers, JSON and nothing", async () => {
    expect(await bench().ticks(PATIENT)).toBe(2n ** 64n - 1n);
    expect(await bench().maybe({ give: { deep: [1, "ü", null] } }, PATIENT)).toEqual({
      deep: [1, "ü", null],
    });
    expect(await bench().maybe({ give: null }, PATIENT)).toBeNull();
    expect(await bench().ping(PATIENT)).toBeUndefined();
    expect(printed).toContain("pinged");
  });

  it("refuse a misfit before anything is sent, and say where it is", async () => {
    const tag = { id: 1, corners: [], label: "", note: null, weight: 0, mode: 0 };
    const corners = [0, 1, 2, 70_000].map((x) => ({ x, y: 0 }));
    await expect(bench().tags([tag])).rejects.toMatchObject({ code: "bad-argument", executed: "no" });
    await expect(bench().tags([{ ...tag, corners }])).rejects.toThrow(
      "wanted[0].corners[3].x: 70000 is not an i16",
    );
  });

  it("tell a handler's failure where `throws` gives it a status", async () => {
    expect(await careful().divide(7, 2, PATIENT)).toBe(3);
    await expect(careful().divide(1, 0, PATIENT)).rejects.toMatchObject({
      code: "remote-failure",
      executed: "yes",
      message: expect.stringContaining("ZeroDivisionError"),
    });
    await expect(careful().nothing(PATIENT)).resolves.toBeUndefined();
    const answer = await master.call("divide", Uint8Array.of(1, 2), PATIENT);
    expect(answer[0]).toBe(254);
  });

  it("go on after a failure that has no status", async () => {
    await expect(bench().maybe({}, { ...PATIENT, recvTimeoutMs: 200 })).rejects.toBeInstanceOf(RpcError);
    expect(printed).toContain("KeyError");
    expect(await bench().lambda(1, PATIENT)).toBe(-1);
  });

  it("stream to the clean end, or until the reader has enough", async () => {
    const all: number[] = [];
    for await (const item of flow().count(20, { ...PATIENT, queueDepth: 3 })) all.push(item);
    expect(all).toEqual(Array.from({ length: 20 }, (_, index) => index));
    for await (const item of flow().count(1_000_000, PATIENT)) if (item === 5) break;
    expect(await bench().lambda(2, PATIENT)).toBe(-2);
  });

  it("move bulk bytes by cut-through", async () => {
    const block: Uint8Array = await flow().block(PATIENT);
    expect(block).toEqual(Uint8Array.from({ length: 1000 }, (_, index) => index & 255));
  });
});
