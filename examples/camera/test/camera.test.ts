/** The example on virtual cameras, without a pseudo terminal: what the demo shows, asserted. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startVirtualCamera } from "@rpcgen/device";
import { createMaster } from "@rpcgen/runtime";
import jpeg from "jpeg-js";
import { describe, expect, it } from "vitest";
import { type Camera, createCamera } from "../generated/camera.master.js";

const here = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const RGB565 = 0x0c03_0002;
const QVGA = 10;
// Boards start in real time on machines that may be busy: how long that takes is not what is tested.
const PATIENT = { sendTimeoutMs: 30_000, recvTimeoutMs: 30_000 };

async function onVirtualCamera<T>(seed: number, body: (camera: Camera) => Promise<T>): Promise<T> {
  let printed = "";
  await using board = await startVirtualCamera({
    mainPath: here("device/camera_main.py"),
    seed,
    link: { kind: "memory" },
    onOutput: (text) => {
      printed += text;
    },
  });
  if (board.link === null) throw new Error("the camera has no link");
  await using master = createMaster(board.link);
  const result = await body(createCamera(master));
  expect(printed).toBe("");
  return result;
}

const look = (camera: Camera) => async () => ({
  face: await camera.faceDetection(PATIENT),
  code: await camera.qrcodeDetection(PATIENT),
  tag: (await camera.apriltagDetection(PATIENT))?.id,
  matrix: await camera.datamatrixDetection(PATIENT),
});

describe("the camera example", () => {
  it("finds what its scene holds, and something else in another scene", async () => {
    const first = await onVirtualCamera(1, (camera) => look(camera)());
    const second = await onVirtualCamera(2, (camera) => look(camera)());
    expect(first.face).toMatchObject({ w: expect.any(Number) });
    expect(first.code).toMatch(/^rpcgen:\d+$/);
    expect(second.code).toMatch(/^rpcgen:\d+$/);
    expect(second.code).not.toBe(first.code);
    expect(second.matrix).not.toBe(first.matrix);
  });

  it("gives lists as JSON, and points of colours", async () => {
    await onVirtualCamera(1, async (camera) => {
      expect(await camera.allQrcodeDetection(PATIENT)).toMatchObject([
        { payload: expect.stringMatching(/^rpcgen/) },
      ]);
      expect(await camera.allApriltagDetection(PATIENT)).toMatchObject([{ name: "TAG36H11" }, {}, {}]);
      expect(await camera.allDatamatrixDetection(PATIENT)).toMatchObject([{ payload: expect.any(String) }]);
      const red = { lMin: 30, lMax: 80, aMin: 40, aMax: 100, bMin: 10, bMax: 90 };
      expect(await camera.colorDetection(red, PATIENT)).toMatchObject({ x: expect.any(Number) });
      const nothing = { lMin: 99, lMax: 99, aMin: 120, aMax: 127, bMin: 120, bMax: 127 };
      expect(await camera.colorDetection(nothing, PATIENT)).toBeNull();
    });
  });

  it("takes pictures: JPEG files, raw ones piece by piece and whole, and a stream", async () => {
    await onVirtualCamera(3, async (camera) => {
      const snapshot = await camera.jpegSnapshot(PATIENT);
      expect(jpeg.decode(snapshot)).toMatchObject({ width: 320, height: 240 });
      const image = await camera.rawImageSnapshot(RGB565, QVGA, PATIENT);
      expect(image).toEqual({ width: 320, height: 240, pixformat: RGB565, size: 320 * 240 * 2 });
      const whole = await camera.rawImageReadAll(image.size, PATIENT);
      const piece = await camera.rawImageRead(100_000, 5000, PATIENT);
      expect(piece).toEqual(whole.slice(100_000, 105_000));
      const frames: Uint8Array[] = [];
      for await (const frame of camera.jpegImageStream("GRAYSCALE,QQVGA", { ...PATIENT, queueDepth: 2 })) {
        frames.push(frame);
        if (frames.length === 5) break;
      }
      expect(frames.map((frame) => jpeg.decode(frame).width)).toEqual([160, 160, 160, 160, 160]);
      expect(await camera.faceDetection(PATIENT)).toBeDefined();
    });
  });

  it("keeps its generated files up to date", () => {
    for (const args of [
      ["--target", "typescript", "--out", "generated"],
      ["--target", "micropython", "--out", "device"],
    ]) {
      const rpcgen = here("../../packages/cli/bin/rpcgen.js");
      const result = spawnSync(process.execPath, [rpcgen, "camera.idl", ...args, "--check"], {
        cwd: here("."),
      });
      expect(result.status, String(result.stderr)).toBe(0);
    }
  });
});
