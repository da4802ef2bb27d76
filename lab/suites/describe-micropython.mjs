/**
 * A MicroPython on a real bus, in a process of its own: the virtual camera with the generated script of the main
 * example, which also offers the functions of the recorded slave. The recorded master calls the latter, generated
 * TypeScript all of examples/camera/camera.idl. One start for both: it takes an emulated processor long.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createMaster } from "@rpcgen/runtime";
import { startBus } from "./bus-process.mjs";
import { playMaster } from "./recorded-master.mjs";
import { readExchanges } from "./recorded-turns.mjs";
import { tools } from "./test-tools.mjs";

const EXAMPLE = new URL("../../examples/camera/device/", import.meta.url);
const GENERATED = new URL("../../.cache/lab/example/generated/camera.master.js", import.meta.url);
const PROGRAM = new URL("../../.cache/lab/example/src/main.js", import.meta.url);
const RECORDED_FUNCTIONS = new URL("recorded_functions.py", import.meta.url);
const RGB565 = 0x0c03_0002;
const QVGA = 10;
const PIECE_BYTES = 16 * 1024;
const PROGRAM_MS = 400_000;
const RED = { lMin: 30, lMax: 80, aMin: 40, aMax: 100, bMin: 10, bMax: 90 };
/** A MicroPython starts slowly on an emulated processor. */
const START_MS = 240_000;
const MOST_PICTURES = 10;
/** So long a result is held for a master: either side may come to its turn seconds late on a busy machine. */
const HOLD_MS = 20_000;
/** Pictures are searched by an emulated processor here. */
const PATIENT = { sendTimeoutMs: 240_000, recvTimeoutMs: 120_000 };

/**
 * `slave` is what the camera's script opens in place of its UART; `place` says where that is for the process of the
 * camera: the kind of bus, and an interface of it; `mostPieces` of the picture are read where its checksums take an
 * emulated processor long; `before` makes the bus free; `url()` is where the example's program runs, with its own
 * timeouts.
 */
export function describeMicroPython(
  name,
  { slave, place, openMaster, mostPieces = Number.POSITIVE_INFINITY, before, url },
) {
  const [kind, ...where] = place;
  const running = { bus: null, link: null, master: null, camera: null };
  tools.describe(`${name}: MicroPython in a process of its own`, () => {
    tools.before(async () => {
      await before?.();
      running.bus = await startBus("camera-on-bus.mjs", [kind, ...where, scriptFor(kind, slave)]);
      running.link = await openMaster();
    });
    tools.after(async () => {
      await running.master?.close();
      await running.link?.close();
      running.bus?.close();
    });
    describeRecordedMaster(kind, running);
    describeExample(running, mostPieces);
    describeProgram(running, url);
  });
}

function describeRecordedMaster(kind, running) {
  for (const exchange of readExchanges(kind)) {
    tools.it(`recorded exchanges: ${exchange.name}: the recorded master`, () =>
      playMaster(running.link, exchange.turns, START_MS),
    );
  }
}

function describeExample(running, mostPieces) {
  tools.it("the camera example: finds what is in the picture", async () => {
    const { createCamera } = await import(GENERATED.href);
    running.master = createMaster(running.link, { peerHoldMs: HOLD_MS });
    running.camera = createCamera(running.master);
    const { camera } = running;
    const face = await seen(() => camera.faceDetection(PATIENT));
    assert.ok(face.w > 0 && face.h > 0, JSON.stringify(face));
    assert.match(await seen(() => camera.qrcodeDetection(PATIENT)), /^rpcgen/);
    const tags = await seen(() => camera.allApriltagDetection(PATIENT));
    assert.ok(Array.isArray(tags) && tags.length > 0);
    assert.match(await seen(() => camera.datamatrixDetection(PATIENT)), /^LOT-/);
    assert.match(await seen(() => camera.barcodeDetection(PATIENT)), /^\d{13}$/);
    const color = await seen(() => camera.colorDetection(RED, PATIENT));
    assert.ok(color.x > 0);
  });

  tools.it("the camera example: reads a raw picture in pieces", async () => {
    const { camera } = running;
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

  tools.it("the camera example: takes a snapshot and watches the stream", async () => {
    const { camera } = running;
    const jpeg = await camera.jpegSnapshot(PATIENT);
    assert.deepEqual([jpeg[0], jpeg[1]], [0xff, 0xd8]);
    let frames = 0;
    for await (const frame of camera.jpegImageStream("RGB565,QVGA", { queueDepth: 2, ...PATIENT })) {
      assert.deepEqual([frame[0], frame[1]], [0xff, 0xd8]);
      frames += 1;
      if (frames === 5) break;
    }
    assert.equal(frames, 5);
    assert.match(await seen(() => camera.qrcodeDetection(PATIENT)), /^rpcgen/);
  });
}

/** What a detection found; in a scene that moves not every picture can be read, a bar code least of all. */
async function seen(detect) {
  for (let picture = 1; ; picture += 1) {
    const found = await detect();
    if ((found !== null && found !== "") || picture === MOST_PICTURES) return found;
  }
}

function describeProgram(running, url) {
  tools.it("the camera example: runs as a program", async () => {
    await running.master.close();
    const run = promisify(execFile)(process.execPath, [fileURLToPath(PROGRAM), await url(), "5"], {
      cwd: "/tmp",
      timeout: PROGRAM_MS,
    });
    const { stdout } = await run.catch((error) => {
      throw new Error(`${error.message}\n${error.stdout}`);
    });
    assert.match(stdout, /rawImageRead .*the same bytes/);
    assert.match(stdout, /jpegImageStream .*5 frames/);
  });
}

/** The example's folder in the guest's memory, its script on another link, with more functions and more patience. */
function scriptFor(kind, slave) {
  const folder = `/tmp/camera-${kind}`;
  cpSync(EXAMPLE, folder, { recursive: true });
  cpSync(RECORDED_FUNCTIONS, `${folder}/recorded_functions.py`);
  const script = readFileSync(`${folder}/camera_main.py`, "utf8");
  const changed = script.replace(
    /camera_rpc\.serve\(rpc\.rpc_uart_slave\([^)]*\), Camera\(\)\)/,
    `camera_rpc.serve(__import__("recorded_functions").offer(${slave}), Camera(), send_timeout=${HOLD_MS})`,
  );
  assert.notEqual(changed, script);
  writeFileSync(`${folder}/camera_main.py`, changed);
  return `${folder}/camera_main.py`;
}
