/**
 * The virtual camera on a bus of the laboratory: a process in which a MicroPython script is the slave, with
 * the kernel on the other side.
 *
 * node camera-on-bus.mjs can <interface> <script> | i2c <script> | spi <script>
 */
import { createRequire } from "node:module";
import { startVirtualCamera } from "@rpcgen/device";

/** So long the camera may let a transaction wait until its script is ready. */
const HOLD_MS = 50;

const [kind, ...rest] = process.argv.slice(2);
const camera = await { can: onCan, i2c: onI2c, spi: onSpi }[kind](...rest);
console.log("camera started");
const { error } = await camera.exited;
console.log(error ?? "the script has ended");
process.exit(1);

function start(link, mainPath) {
  return startVirtualCamera({ mainPath, link, onOutput: (text) => process.stderr.write(text) });
}

async function onCan(interfaceName, script) {
  const require = createRequire(new URL("../../packages/runtime/package.json", import.meta.url));
  const socketcan = require("socketcan");
  const channel = socketcan.createRawChannelWithOptions(interfaceName, {
    timestamps: false,
    non_block_send: true,
  });
  const onFrame = async ({ id, data }) => {
    while (channel.send({ id, ext: false, rtr: false, data: Buffer.from(data) }) < 0) {
      await new Promise((resolve) => setTimeout(resolve, 1)); // the queue is full
    }
  };
  const camera = await start({ kind: "can", onFrame }, script);
  channel.addListener(
    "onMessage",
    ({ id, data }) => void camera.can.send({ id, data: Uint8Array.from(data) }),
  );
  channel.start();
  return camera;
}

async function onI2c(script) {
  const { plugInI2cAdapter } = await import("./usb-i2c-adapter.mjs");
  const camera = await start({ kind: "i2c" }, script);
  await plugInI2cAdapter({
    write: (address, data) => camera.i2c.write(address, data, HOLD_MS),
    read: (address, length) => camera.i2c.read(address, length, HOLD_MS),
  });
  return camera;
}

async function onSpi(script) {
  const { serveVirtualSpi } = await import("./virtual-spi.mjs");
  const camera = await start({ kind: "spi" }, script);
  await serveVirtualSpi((received) => camera.spi.shift(Uint8Array.from(received), HOLD_MS));
  return camera;
}
