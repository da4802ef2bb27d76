/**
 * The main example on a real bus: the functions of examples/camera/camera.idl, called by the generated
 * TypeScript and answered by the generated MicroPython on the virtual camera.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createMaster } from "@rpcgen/runtime";
import { startBus } from "./bus-process.mjs";
import { tools } from "./test-tools.mjs";

const EXAMPLE = new URL("../../examples/camera/device/", import.meta.url);
const GENERATED = new URL("../../.cache/lab/example/generated/camera.master.js", import.meta.url);
const RGB565 = 0x0c03_0002;
const QVGA = 10;
const PIECE_BYTES = 16 * 1024;
const PROGRAM_MS = 400_000;
const RED = { lMin: 30, lMax: 80, aMin: 40, aMax: 100, bMin: 10, bMax: 90 };
const PROGRAM = new URL("../../.cache/lab/example/src/main.js", import.meta.url);
/** Pictures are searched by an emulated processor here. */
const PATIENT = { sendTimeoutMs: 240_000, recvTimeoutMs: 120_000 };

/**
 * `slave` is what the camera's script opens in place of its UART; `place` says where that is for the
 * process of the camera; `mostPieces` of the picture are read where its checksums take an emulated processor long; `before` makes the bus free;
 * `url` has the example's program run too, with its own timeouts, which is for fast processors.
 */
export function describeExample(
  name,
  { slave, place, openMaster, mostPieces = Number.POSITIVE_INFINITY, before, url = null },
) {
  tools.describe(`${name}: the camera example`, () => {
    let bus = null;
    let master = null;
    let camera = null;

    tools.before(async () => {
      await before?.();
      const [kind, ...where] = place;
      bus = await startBus("camera-on-bus.mjs", [kind, ...where, scriptFor(kind, slave)]);
      const { createCamera } = await import(GENERATED.href);
      master = createMaster(await openMaster());
      camera = createCamera(master);
    });
    tools.after(async () => {
      await master?.close();
      bus?.close();
    });

    tools.it("finds what is in the picture", async () => {
      const face = await camera.faceDetection(PATIENT);
      assert.ok(face !== null && face.w > 0 && face.h > 0, JSON.stringify(face));
      assert.match(await camera.qrcodeDetection(PATIENT), /^rpcgen/);
      const tags = await camera.allApriltagDetection(PATIENT);
      assert.ok(Array.isArray(tags) && tags.length > 0);
      assert.match(await camera.datamatrixDetection(PATIENT), /^LOT-/);
      assert.match(await camera.barcodeDetection(PATIENT), /^\d{13}$/);
      const color = await camera.colorDetection(RED, PATIENT);
      assert.ok(color !== null && color.x > 0);
    });

    tools.it("reads a raw picture in pieces", async () => {
      const { size } = await camera.rawImageSnapshot(RGB565, QVGA, PATIENT);
      const pieces = [];
      for (let at = 0; at < size && pieces.length < mostPieces; at += PIECE_BYTES) {
        pieces.push(await camera.rawImageRead(at, Math.min(PIECE_BYTES, size - at), PATIENT));
      }
      const read = Buffer.concat(pieces);
      assert.ok(new Set(read).size > 16, "a picture has many values");
      const whole = await camera.rawImageReadAll(size, PATIENT);
      assert.equal(whole.length, size);
      assert.ok(read.equals(Buffer.from(whole.subarray(0, read.length))), "cut-through gave other bytes");
    });

    tools.it("takes a snapshot and watches the stream", async () => {
      const jpeg = await camera.jpegSnapshot(PATIENT);
      assert.deepEqual([jpeg[0], jpeg[1]], [0xff, 0xd8]);
      let frames = 0;
      for await (const frame of camera.jpegImageStream("RGB565,QVGA", { queueDepth: 2, ...PATIENT })) {
        assert.deepEqual([frame[0], frame[1]], [0xff, 0xd8]);
        frames += 1;
        if (frames === 5) break;
      }
      assert.equal(frames, 5);
      assert.match(await camera.qrcodeDetection(PATIENT), /^rpcgen/);
    });

    if (url === null) return;

    tools.it("runs as a program", async () => {
      await master.close();
      const run = promisify(execFile)(process.execPath, [fileURLToPath(PROGRAM), url, "5"], {
        cwd: "/tmp",
        timeout: PROGRAM_MS,
      });
      const { stdout } = await run.catch((error) => {
        throw new Error(`${error.message}\n${error.stdout}`);
      });
      assert.match(stdout, /rawImageRead .*the same bytes/);
      assert.match(stdout, /jpegImageStream .*5 frames/);
    });
  });
}

/** The example's folder in the guest's memory, its script on another link. */
function scriptFor(kind, slave) {
  const folder = `/tmp/camera-${kind}`;
  cpSync(EXAMPLE, folder, { recursive: true });
  const script = readFileSync(`${folder}/camera_main.py`, "utf8");
  const changed = script.replace(/rpc\.rpc_uart_slave\([^)]*\)/, slave);
  assert.notEqual(changed, script);
  writeFileSync(`${folder}/camera_main.py`, changed);
  return `${folder}/camera_main.py`;
}
