/**
 * A model of the stock masters: step by step, what was received discarded before each try, patience that begins
 * at 3 ms and grows by a third. The camera's own one reads like the camera's slave (2 ms, whatever it is told)
 * and sleeps after an answer that did not come; the desktop's waits 10 ms and sleeps then (so the recordings show,
whatever timeout it is given). It repeats commands as long
 * as `sendTimeoutMs` lasts, so behind its back a function may run twice: that is what our slave must prevent.
 */
import { sleep } from "../clock.js";
import { hashName } from "../packet/hash-name.js";
import {
  decodePacket,
  encodeCommand,
  encodePacket,
  Magic,
  PACKET_OVERHEAD,
  readU32,
  SIZE_PAYLOAD,
} from "../packet/packet.js";
import { createRandom, type Random } from "./seeded-random.js";
import { STOPPED } from "./stock-port.js";
import { createStockUart } from "./stock-uart.js";
import type { LineEnd } from "./timed-line.js";

export interface StockMasterOptions {
  readonly end: LineEnd;
  /** `camera`: the library on a board. `desktop`: the one on a computer. `camera` by default. */
  readonly kind?: "camera" | "desktop";
  readonly random?: Random;
  /** Longest collection of garbage before a try, ms; 3 by default for a camera, none for a desktop. */
  readonly garbageMs?: number;
}

export interface StockMaster {
  /** The result, or null: it gave up. Timeouts are 1,000 ms by default. Rejects only when it was stopped. */
  call(
    name: string,
    argument: Uint8Array,
    sendTimeoutMs?: number,
    recvTimeoutMs?: number,
  ): Promise<Uint8Array | null>;
  /** Tries of all calls, of commands and of requests. */
  readonly tries: number;
  /** As a reset in the middle of whatever it does. */
  stop(): void;
}

/** What the two kinds do differently. */
interface Port {
  startTry(): Promise<void>;
  put(bytes: Uint8Array): Promise<void>;
  /** Null: it did not come, and the master has slept `patienceMs` then. */
  get(size: number, patienceMs: number): Promise<Uint8Array | null>;
  stop(): void;
}

const FIRST_PATIENCE_MS = 3;
const PUT_TIMEOUT_MS = 5000;
/** The desktop's serial port waits so long for bytes. */
const DESKTOP_GAP_MS = 10;
const HEADER_REQUEST = /* @__PURE__ */ encodePacket(Magic.RESULT_HEADER);
const DATA_REQUEST = /* @__PURE__ */ encodePacket(Magic.RESULT_DATA);

const grown = (patienceMs: number, most: number) => Math.min(Math.floor((patienceMs * 4) / 3), most);

export function createStockMaster(options: StockMasterOptions): StockMaster {
  const { clock } = options.end;
  const port = options.kind === "desktop" ? createDesktopPort(options) : createCameraPort(options);
  let tries = 0;

  async function getPacket(
    magic: Magic,
    payloadBytes: number,
    patienceMs: number,
  ): Promise<Uint8Array | null> {
    const packet = await port.get(payloadBytes + PACKET_OVERHEAD, patienceMs);
    return packet === null ? null : decodePacket(packet, magic);
  }

  async function putCommand(id: number, argument: Uint8Array, timeoutMs: number): Promise<boolean> {
    const header = encodePacket(Magic.COMMAND_HEADER, encodeCommand(id, argument.length));
    const data = encodePacket(Magic.COMMAND_DATA, argument);
    const until = clock.now() + timeoutMs;
    for (let patienceMs = FIRST_PATIENCE_MS; clock.now() < until; patienceMs = grown(patienceMs, timeoutMs)) {
      tries += 1;
      await port.startTry();
      await port.put(header);
      if ((await getPacket(Magic.COMMAND_HEADER, 0, patienceMs)) === null) continue;
      await port.put(data);
      if ((await getPacket(Magic.COMMAND_DATA, 0, patienceMs)) !== null) return true;
    }
    return false;
  }

  async function getResult(timeoutMs: number): Promise<Uint8Array | null> {
    const until = clock.now() + timeoutMs;
    for (let patienceMs = FIRST_PATIENCE_MS; clock.now() < until; patienceMs = grown(patienceMs, timeoutMs)) {
      tries += 1;
      await port.startTry();
      await port.put(HEADER_REQUEST);
      const size = await getPacket(Magic.RESULT_HEADER, SIZE_PAYLOAD, patienceMs);
      if (size === null) continue;
      await port.put(DATA_REQUEST);
      const result = await getPacket(Magic.RESULT_DATA, readU32(size, 0), patienceMs);
      if (result !== null) return result;
    }
    return null;
  }

  return {
    get tries() {
      return tries;
    },
    async call(name, argument, sendTimeoutMs = 1000, recvTimeoutMs = 1000) {
      const isSent = await putCommand(hashName(name), argument, sendTimeoutMs);
      return isSent ? getResult(recvTimeoutMs) : null;
    },
    stop: () => port.stop(),
  };
}

function createCameraPort({ end, random = createRandom(1), garbageMs = 3 }: StockMasterOptions): Port {
  const uart = createStockUart({ end, random });
  return {
    async startTry() {
      if (garbageMs > 0) await uart.sleep(garbageMs * random());
      uart.discard();
    },
    async put(bytes) {
      await uart.put(bytes);
    },
    async get(size, patienceMs) {
      const bytes = await uart.read(size);
      if (bytes === null) await uart.sleep(patienceMs);
      return bytes;
    },
    stop: () => uart.stop(),
  };
}

function createDesktopPort({ end, random = createRandom(1), garbageMs = 0 }: StockMasterOptions): Port {
  const { link, clock } = end;
  const stopping = new AbortController();
  const check = () => (stopping.signal.aborted ? Promise.reject(STOPPED) : Promise.resolve());
  return {
    async startTry() {
      if (garbageMs > 0) await new Promise<void>((go) => clock.after(garbageMs * random(), go));
      await link.flush();
      await check();
    },
    async put(bytes) {
      await link.putBytes(bytes, PUT_TIMEOUT_MS, stopping.signal);
      await check();
    },
    async get(size, patienceMs) {
      const bytes = new Uint8Array(size);
      for (let seen = -1; link.available > seen; ) {
        seen = link.available;
        const isWhole = await link.getBytes(bytes, DESKTOP_GAP_MS, stopping.signal);
        await check();
        if (isWhole) return bytes;
      }
      await sleep(clock, patienceMs, stopping.signal);
      await check();
      return null;
    },
    stop: () => stopping.abort(),
  };
}
