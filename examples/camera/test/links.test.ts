/** The example over the links that need no laboratory: USB serial, TCP, the network, and a browser's serial port. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startVirtualCamera, type VirtualCamera, type VirtualLink } from "@rpcgen/device";
import { createMaster, type Link } from "@rpcgen/runtime";
import { openLink } from "@rpcgen/runtime/links";
import { openNetworkMaster, openNetworkSlave } from "@rpcgen/runtime/network";
import { openWebSerial } from "@rpcgen/runtime/web-serial";
import jpeg from "jpeg-js";
import { afterEach, beforeEach, expect, it } from "vitest";
import { freePort } from "../../../packages/runtime/test/free-port.js";
import { createWebSerialModel } from "../../../packages/runtime/test/models/web-serial-port.js";
import { createCamera } from "../generated/camera.master.js";

const DEVICE = fileURLToPath(new URL("../device", import.meta.url));
const RGB565 = 0x0c03_0002;
const QVGA = 10;
// Boards start in real time on machines that may be busy.
const PATIENT = { sendTimeoutMs: 30_000, recvTimeoutMs: 30_000 };

const HOST = "127.0.0.1";

let folder = "";
const relays: Link[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rpcgen-camera-"));
  cpSync(DEVICE, folder, { recursive: true });
});
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.close();
  rmSync(folder, { recursive: true });
});

/** The example's script with another class of `rpc.py` in the place of its UART. */
function start(opening: string, link: VirtualLink): Promise<VirtualCamera> {
  const mainPath = join(folder, "camera_main.py");
  const script = readFileSync(mainPath, "utf8");
  const changed = script.replace(/rpc\.rpc_uart_slave\([^)]*\)/, `rpc.${opening}`);
  expect(changed).not.toBe(script);
  writeFileSync(mainPath, changed);
  return startVirtualCamera({ mainPath, seed: 1, link });
}

/** A browser's serial port with the camera at its other end. */
async function openInBrowser({ link }: VirtualCamera): Promise<Link> {
  if (link === null) throw new Error("the camera has no link");
  const model = createWebSerialModel();
  let written: Promise<unknown> = Promise.resolve();
  model.onWrite = (bytes) => {
    const own = bytes.slice();
    written = written.then(() => link.putBytes(own, PATIENT.sendTimeoutMs)).catch(() => {});
  };
  pump(link, async (bytes) => model.receive(bytes));
  return openWebSerial({ port: model.port });
}

/** A computer beside the camera that passes its bytes on: `rpc.py` has plain TCP, and none of the former network's classes. */
async function openBehindRelay({ link }: VirtualCamera): Promise<Link> {
  if (link === null) throw new Error("the camera has no link");
  const slavePort = await freePort(HOST);
  const relay = await openNetworkSlave({ myIp: HOST, port: slavePort });
  relays.push(relay);
  pump(link, (bytes) => relay.putBytes(bytes, PATIENT.sendTimeoutMs));
  pump(relay, (bytes) => link.putBytes(bytes, PATIENT.sendTimeoutMs));
  return openNetworkMaster({ slaveIp: HOST, myIp: HOST, port: 0, slavePort });
}

/** Hands over what comes, until either end is closed. */
function pump(link: Link, hand: (bytes: Uint8Array) => Promise<unknown>): void {
  const run = async () => {
    for (;;) {
      const into = new Uint8Array(Math.max(1, link.available));
      if (await link.getBytes(into, PATIENT.recvTimeoutMs)) await hand(into);
    }
  };
  run().catch(() => {});
}

it.each([
  [
    "USB serial",
    "rpc_usb_vcp_slave()",
    { kind: "pty", port: "usb" },
    ({ path }: VirtualCamera) => openLink(`usb://${path}`),
  ],
  ["TCP", "rpc_tcp_slave()", { kind: "tcp" }, ({ path }: VirtualCamera) => openLink(`${path}`)],
  ["Web Serial", "rpc_uart_slave()", { kind: "memory" }, openInBrowser],
  ["the network", "rpc_uart_slave()", { kind: "memory" }, openBehindRelay],
] as const)("finds, takes and streams pictures over %s", async (_, opening, where, open) => {
  await using board = await start(opening, where);
  await using master = createMaster(await open(board));
  const camera = createCamera(master);
  expect(await camera.qrcodeDetection(PATIENT)).toMatch(/^rpcgen:\d+$/);
  expect(await camera.faceDetection(PATIENT)).toMatchObject({ w: expect.any(Number) });
  expect(jpeg.decode(await camera.jpegSnapshot(PATIENT))).toMatchObject({ width: 320, height: 240 });
  const { size } = await camera.rawImageSnapshot(RGB565, QVGA, PATIENT);
  const whole = await camera.rawImageReadAll(size, PATIENT);
  expect(await camera.rawImageRead(100_000, 5000, PATIENT)).toEqual(whole.slice(100_000, 105_000));
  let frames = 0;
  for await (const frame of camera.jpegImageStream("RGB565,QVGA", { ...PATIENT, queueDepth: 2 })) {
    expect(jpeg.decode(frame).width).toBe(320);
    frames += 1;
    if (frames === 3) break;
  }
  expect(frames).toBe(3);
  expect(await camera.qrcodeDetection(PATIENT)).toMatch(/^rpcgen:\d+$/);
});
