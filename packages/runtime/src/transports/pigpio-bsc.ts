/**
 * The I2C slave peripheral of a Raspberry Pi (BSC), through the pigpio daemon's socket: requests of four
 * words, command, two parameters and the length of what follows; answers alike, with a result at the end.
 */
import type { Clock } from "../clock.js";
import type { RpcError } from "../errors.js";
import { explainNetwork, placeOf } from "./network-errors.js";
import { errnoOf, openError } from "./open-error.js";
import { closeSocket } from "./socket-link.js";
import { systemSockets, type TcpSocket } from "./sockets.js";
import { connectSocket } from "./tcp-connect.js";

/** What one look at the peripheral found and did. */
export interface BscTransfer {
  /** How many of the bytes to send fit into the transmit FIFO. */
  readonly copied: number;
  readonly isTransmitEmpty: boolean;
  readonly isBusy: boolean;
  readonly received: Uint8Array;
}

export interface BscPeripheral {
  /** Puts `bytes` into the transmit FIFO, and takes what the receive FIFO has. */
  transfer(bytes: Uint8Array): Promise<BscTransfer>;
  /** Empties both FIFOs and goes on listening to the address. */
  clear(): Promise<void>;
  /** Gives the pins back and ends the connection. */
  close(): Promise<void>;
}

const CMD_BSCX = 114;
const WORDS_BYTES = 16;
const STATUS_BYTES = 4;
/** Enable, I2C mode, transmit and receive. */
const LISTEN = 0x305;
/** Abort and clear the FIFOs. */
const BREAK = 0x80;
const ADDRESS_SHIFT = 16;
/** Of the status, as the peripheral's flag register has them. */
const TRANSMIT_BUSY = 0x01;
const TRANSMIT_EMPTY = 0x10;
const RECEIVE_BUSY = 0x20;
const COPIED_SHIFT = 16;
/** Most bytes that the daemon takes at once. */
export const BSC_LARGEST = 512;

const NOTHING = new Uint8Array(0);

/** Rejects where no daemon listens, or it refuses, with what to do about it. */
export async function openBsc(
  options: { readonly host: string; readonly port: number; readonly address: number },
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<BscPeripheral> {
  const { host, port, address } = options;
  const where = placeOf(host, port);
  const socket = await connectSocket({ host, port }, { clock, sockets: systemSockets }, signal).catch(
    (error: RpcError) => {
      if (errnoOf(error.cause) !== "ECONNREFUSED") throw error;
      throw openError(
        "link-failure",
        `${where}: the pigpio daemon does not run; install and start it (sudo apt install pigpio && sudo systemctl enable --now pigpiod)`,
        error.cause,
      );
    },
  );
  socket.setNoDelay(true);
  const ask = createAsker(socket, where);
  const control = (address << ADDRESS_SHIFT) | LISTEN;
  const peripheral: BscPeripheral = {
    async transfer(bytes) {
      const answer = await ask(control, bytes);
      const status = answer.readUInt32LE(0);
      return {
        copied: status >>> COPIED_SHIFT,
        isTransmitEmpty: (status & TRANSMIT_EMPTY) !== 0,
        isBusy: (status & (TRANSMIT_BUSY | RECEIVE_BUSY)) !== 0,
        received: answer.subarray(STATUS_BYTES),
      };
    },
    async clear() {
      await ask(control | BREAK, NOTHING);
      await ask(control, NOTHING);
    },
    async close() {
      await ask(0, NOTHING).catch(() => {});
      await closeSocket(socket, clock);
    },
  };
  try {
    await peripheral.clear();
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return peripheral;
}

/** One request at a time, in the order in which they are asked. */
function createAsker(
  socket: TcpSocket,
  where: string,
): (control: number, bytes: Uint8Array) => Promise<Buffer> {
  let received = Buffer.alloc(0);
  let failure: RpcError | null = null;
  let wake = () => {};
  let last: Promise<unknown> = Promise.resolve();
  const fail = (error: RpcError) => {
    failure ??= error;
    wake();
  };
  socket.on("data", (chunk: Uint8Array) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  socket.on("error", (error) => fail(explainNetwork(error, where)));
  socket.on("close", () => fail(openError("closed", `${where}: the pigpio daemon closed the connection`)));

  async function take(length: number): Promise<Buffer> {
    while (received.length < length) {
      if (failure !== null) throw failure;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const bytes = received.subarray(0, length);
    received = received.subarray(length);
    return bytes;
  }

  async function exchange(control: number, bytes: Uint8Array): Promise<Buffer> {
    if (failure !== null) throw failure;
    const request = Buffer.alloc(WORDS_BYTES + bytes.length);
    request.writeUInt32LE(CMD_BSCX, 0);
    request.writeUInt32LE(control, 4);
    request.writeUInt32LE(bytes.length, 12);
    request.set(bytes, WORDS_BYTES);
    socket.write(request);
    const result = (await take(WORDS_BYTES)).readInt32LE(12);
    if (result < 0) {
      throw openError("link-failure", `${where}: the pigpio daemon refused the I2C slave (error ${result})`);
    }
    const answer = await take(result);
    return answer.length < STATUS_BYTES ? Buffer.alloc(STATUS_BYTES) : answer;
  }

  return (control, bytes) => {
    const answered = last.then(() => exchange(control, bytes));
    last = answered.catch(() => {});
    return answered;
  };
}
