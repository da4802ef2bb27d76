/**
 * An I2C adapter that the kernel takes for real: a USB/IP server that poses as an i2c-tiny-usb, plugged
 * into the kernel's virtual USB host (vhci-hcd). So i2c-dev and everything below it are the kernel's own.
 * USB/IP and the adapter's requests are little messages; both are laid out here where they are handled.
 */
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";

/** USB/IP: a 48-byte header, big-endian, then the bytes of an OUT transfer. */
const SUBMIT = 1;
const UNLINK = 2;
const SUBMITTED = 3;
const UNLINKED = 4;
const HEADER_BYTES = 48;
const SETUP_AT = 40;
const OUT = 0;
const EPIPE = -32;

/** What the driver asks for; any request with bit 2 set is a transfer on the bus. */
const GET_FUNCTIONS = 1;
const GET_STATUS = 3;
const TRANSFER = 4;
const READ_FLAG = 1;
const ACKNOWLEDGED = 1;
const REFUSED = 2;
/** I2C_FUNC_I2C and the SMBus calls that follow from it. */
const FUNCTIONS = 0x0eff0001;

const DEVICE = Buffer.from([18, 1, 0x10, 1, 0xff, 0, 0, 64, 0x03, 0x04, 0x31, 0xc6, 5, 2, 1, 2, 0, 1]);
const CONFIGURATION = Buffer.from([9, 2, 18, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 0, 0xff, 0, 0, 0]);
const STRINGS = [Buffer.from([4, 3, 9, 4]), text("rpcgen"), text("laboratory I2C adapter")];
const HIGH_SPEED = 3;
const FREE_WITHIN_MS = 20_000;

/**
 * Plugs in an adapter to `bus`: `write(address, data)` resolves true if it was acknowledged, and
 * `read(address, length)` with the bytes, or null. Resolves once the kernel has the adapter.
 */
export async function plugInI2cAdapter(bus) {
  let status = 0;
  await plugIn((socket) => serve(socket, control));

  /** One control request; what it returns goes in with an IN request, null stalls. */
  async function control(setup, out) {
    const [type, request] = setup;
    const [value, index, length] = [2, 4, 6].map((at) => setup.readUInt16LE(at));
    if ((type & 0x60) === 0) return standard(request, value);
    if (request === GET_FUNCTIONS) return uint32(FUNCTIONS);
    if (request === GET_STATUS) return Buffer.from([status]);
    if ((request & TRANSFER) === 0) return Buffer.alloc(length); // echo, delay: nothing to do
    const data = value & READ_FLAG ? await bus.read(index, length) : (await bus.write(index, out)) || null;
    status = data === null ? REFUSED : ACKNOWLEDGED;
    return data instanceof Uint8Array ? data : Buffer.alloc(length);
  }
}

/** Makes a connected pair of sockets, hands one to the kernel and serves the other. */
async function plugIn(onSocket) {
  const path = `/run/usbip-${process.pid}`;
  const server = createServer(onSocket).listen(path);
  await once(server, "listening");
  // Paused from the start: what comes here is for the kernel, and not a byte for Node.
  const kernelsEnd = connect(path).pause();
  await once(kernelsEnd, "connect");
  const fd = kernelsEnd._handle.fd;
  await attach(fd);
  server.close();
  rmSync(path, { force: true });
}

/** The port is free a moment after another adapter was unplugged from it. */
async function attach(fd) {
  for (const until = Date.now() + FREE_WITHIN_MS; ; ) {
    try {
      return writeFileSync("/sys/devices/platform/vhci_hcd.0/attach", `0 ${fd} 1 ${HIGH_SPEED}\n`);
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function serve(socket, control) {
  let pending = Buffer.alloc(0);
  let line = Promise.resolve();
  socket.on("data", (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      if (pending.length < HEADER_BYTES) return;
      const isOut = pending.readUInt32BE(12) === OUT;
      const isSubmit = pending.readUInt32BE(0) === SUBMIT;
      const end = HEADER_BYTES + (isSubmit && isOut ? pending.readUInt32BE(24) : 0);
      if (pending.length < end) return;
      const request = pending.subarray(0, end);
      pending = pending.subarray(end);
      line = line.then(() => answer(socket, request, control));
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => process.exit(0));
}

async function answer(socket, request, control) {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(request.readUInt32BE(4), 4);
  if (request.readUInt32BE(0) === UNLINK) {
    header.writeUInt32BE(UNLINKED, 0);
    socket.write(header);
    return;
  }
  const isOut = request.readUInt32BE(12) === OUT;
  const room = request.readUInt32BE(24);
  const data = await control(request.subarray(SETUP_AT, HEADER_BYTES), request.subarray(HEADER_BYTES));
  header.writeUInt32BE(SUBMITTED, 0);
  if (data === null) header.writeInt32BE(EPIPE, 20);
  else header.writeUInt32BE(isOut ? room : Math.min(data.length, room), 24);
  socket.write(isOut || data === null ? header : Buffer.concat([header, data.subarray(0, room)]));
}

function standard(request, value) {
  if (request === 6) {
    if (value >> 8 === 1) return DEVICE;
    if (value >> 8 === 2) return CONFIGURATION;
    return value >> 8 === 3 ? (STRINGS[value & 255] ?? null) : null;
  }
  if (request === 0) return Buffer.alloc(2); // status
  return request === 8 ? Buffer.from([1]) : Buffer.alloc(0); // configuration; the setting ones
}

function uint32(value) {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function text(string) {
  const units = Buffer.from(string, "utf16le");
  return Buffer.concat([Buffer.from([units.length + 2, 3]), units]);
}
