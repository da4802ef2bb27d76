/**
 * An I2C bus with targets that are processes: each connects to a socket (bus-messages.mjs) and says at
 * which address it answers. The kernel is its controller, over a USB adapter.
 *
 * node i2c-bus.mjs <socket of the bus>
 */
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { createMessageReader, encodeCount, writeMessage } from "./bus-messages.mjs";
import { plugInI2cAdapter } from "./usb-i2c-adapter.mjs";

/** So long a target that is not ready holds the clock, before it has refused. */
const STRETCH_MS = 50;

await plugInI2cAdapter(openI2cBus(process.argv[2]));
console.log("I2C adapter plugged in");

/** The controller's side of the bus. */
function openI2cBus(path) {
  const targets = new Map();
  const counts = { transactions: 0, written: 0, read: 0, refused: 0 };

  const server = createServer((socket) => {
    const target = { ready: null, onReady: null, socket };
    let address = null;
    const setReady = (ready) => {
      target.ready = ready;
      if (ready) target.onReady?.();
    };
    const onMessage = (kind, payload) => {
      if (kind === "A") {
        address = payload[0];
        targets.set(address, target);
      } else if (kind === "W") setReady({ wanted: payload.readUInt32LE() });
      else if (kind === "O") setReady({ offered: Buffer.from(payload) });
      else if (kind === "C") {
        setReady(null);
        writeMessage(socket, "c");
      }
      if (kind === "Q") writeMessage(socket, "q", Buffer.from(JSON.stringify(counts)));
    };
    socket.on("data", createMessageReader(onMessage));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (targets.get(address) === target) targets.delete(address);
    });
  });
  rmSync(path, { force: true }); // of an adapter that was unplugged
  server.listen(path);

  /** The target once it is ready for this direction, or null: then nobody acknowledges. */
  async function find(address, direction) {
    const target = targets.get(address);
    if (!target) return null;
    const isReady = () => target.ready !== null && direction in target.ready;
    if (!isReady()) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, STRETCH_MS);
        target.onReady = () => {
          if (!isReady()) return;
          clearTimeout(timer);
          resolve();
        };
      });
      target.onReady = null;
    }
    return isReady() ? target : null;
  }

  return {
    /** True if the target acknowledged. */
    async write(address, data) {
      const target = await find(address, "wanted");
      counts.transactions += 1;
      if (!target) return refuse();
      const taken = data.subarray(0, target.ready.wanted);
      target.ready = null;
      counts.written += taken.length;
      writeMessage(target.socket, "w", taken);
      return taken.length === data.length || refuse();
    },
    /** The bytes, or null if no target acknowledged. What a target doesn't drive reads as ones. */
    async read(address, length) {
      const target = await find(address, "offered");
      counts.transactions += 1;
      if (!target) return refuse() || null;
      const data = Buffer.alloc(length, 0xff);
      data.set(target.ready.offered.subarray(0, length));
      target.ready = null;
      counts.read += length;
      writeMessage(target.socket, "r", encodeCount(length));
      return data;
    },
  };

  function refuse() {
    counts.refused += 1;
    return false;
  }
}
