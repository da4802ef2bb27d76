// Calls every function of camera.idl over any link, saves a snapshot and watches the stream.
//
//   node dist/src/main.js /dev/ttyACM0          a real camera, or the port that `rpcgen simulate` prints
//   node dist/src/main.js can://can0            or any other link, by its URL
import { writeFileSync } from "node:fs";
import { createMaster } from "@rpcgen/runtime";
import { openLink } from "@rpcgen/runtime/links";
import { type Camera, createCamera } from "../generated/camera.master.js";
import type { Lab } from "../generated/camera.types.js";

/** What `csi.RGB565` and `csi.QVGA` are on a camera with firmware 5. */
const RGB565 = 0x0c03_0002;
const QVGA = 10;

/** A second's worth on a slow cable: what is damaged on the way is read once more, and not the whole picture. */
const PIECE_BYTES = 16 * 1024;

const RED: Lab = { lMin: 30, lMax: 80, aMin: 40, aMax: 100, bMin: 10, bMax: 90 };

const target = process.argv[2];
const frames = Number(process.argv[3] ?? 30);
if (target === undefined || !Number.isInteger(frames)) {
  console.error("usage: node dist/src/main.js <serial port or URL of a link> [number of frames]");
  process.exit(2);
}

const link = await openLink(target.includes(":") ? target : `uart://${target}?baudRate=115200`);
await using master = createMaster(link);
const camera = createCamera(master);

await detect(camera);
await snapshot(camera);
await rawImage(camera);
await watch(camera, frames);

async function detect(camera: Camera): Promise<void> {
  // A camera that was just switched on is not listening yet: the first call gets longer.
  show("faceDetection", await camera.faceDetection({ sendTimeoutMs: 20_000 }));
  show("qrcodeDetection", await camera.qrcodeDetection());
  show("allQrcodeDetection", await camera.allQrcodeDetection());
  show("apriltagDetection", await camera.apriltagDetection());
  show("allApriltagDetection", await camera.allApriltagDetection());
  show("datamatrixDetection", await camera.datamatrixDetection());
  show("allDatamatrixDetection", await camera.allDatamatrixDetection());
  show("barcodeDetection", await camera.barcodeDetection());
  show("allBarcodeDetection", await camera.allBarcodeDetection());
  show("colorDetection(RED)", await camera.colorDetection(RED));
}

async function snapshot(camera: Camera): Promise<void> {
  const jpeg = await camera.jpegSnapshot();
  writeFileSync("snapshot.jpg", jpeg);
  show("jpegSnapshot", `${jpeg.length} bytes, saved as snapshot.jpg`);
}

/** The same picture twice: piece by piece in checked packets, and all at once by cut-through. */
async function rawImage(camera: Camera): Promise<void> {
  const image = await camera.rawImageSnapshot(RGB565, QVGA);
  show("rawImageSnapshot", image);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < image.size; at += PIECE_BYTES) {
    pieces.push(await camera.rawImageRead(at, Math.min(PIECE_BYTES, image.size - at)));
  }
  const whole = await camera.rawImageReadAll(image.size);
  const same = Buffer.concat(pieces).equals(whole);
  show(
    "rawImageRead",
    `${pieces.length} pieces, ${image.size} bytes; cut-through gave ${same ? "the same" : "OTHER"} bytes`,
  );
  if (!same) process.exitCode = 1;
}

async function watch(camera: Camera, wanted: number): Promise<void> {
  const startedMs = performance.now();
  let count = 0;
  let bytes = 0;
  for await (const jpeg of camera.jpegImageStream("RGB565,QVGA", { queueDepth: 2 })) {
    count += 1;
    bytes += jpeg.length;
    if (count === wanted) break;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  show("jpegImageStream", `${count} frames, ${bytes} bytes, ${(count / seconds).toFixed(1)} frames/s`);
}

function show(name: string, result: unknown): void {
  const text = typeof result === "string" ? result : JSON.stringify(result);
  console.log(`  ${name.padEnd(23)} ${text.length > 90 ? `${text.slice(0, 87)}…` : text}`);
}
