/**
 * A model of the slave in the camera's own library: impatient, and deaf for most of the time. It waits
 * about 2 ms for each byte, throws away what it has received before each try, collects garbage there,
 * and knows neither repeated commands nor lost acknowledgements. It answers what `functions` offers.
 */
import { type Clock, sleep } from "../clock.js";
import type { Link } from "../link/link.js";
import { hashName } from "../packet/hash-name.js";
import { decodePacket, encodePacket, encodeU32, Magic, PACKET_OVERHEAD, readU32 } from "../packet/packet.js";

export type StockFunction = (argument: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export interface StockSlaveOptions {
  readonly link: Link;
  readonly clock: Clock;
  readonly functions: Readonly<Record<string, StockFunction>>;
  /** How long a collection of garbage takes, asked before each one; 0 by default. */
  readonly garbageMs?: () => number;
  /** How long a finished result is held; 1,000 by default. */
  readonly sendTimeoutMs?: number;
}

const FIRST_BYTE_MS = 2;
const NEXT_BYTE_MS = 3;
const COMMAND_HEADER_BYTES = 12;
const EMPTY = new Uint8Array(0);

/** Serves until the link ends; then it rejects with what the link said. */
export async function runStockSlave(options: StockSlaveOptions): Promise<never> {
  const functions = new Map(Object.entries(options.functions).map(([name, run]) => [hashName(name), run]));
  for (;;) {
    const command = await awaitCommand(options);
    const run = functions.get(command.id);
    const result = run === undefined ? EMPTY : await run(command.argument);
    await holdResult(options, result);
  }
}

async function awaitCommand(options: StockSlaveOptions): Promise<{ id: number; argument: Uint8Array }> {
  for (;;) {
    await startOver(options);
    const header = await read(options, COMMAND_HEADER_BYTES);
    const command = header === null ? null : decodePacket(header, Magic.COMMAND_HEADER);
    if (command === null) continue;
    await put(options, encodePacket(Magic.COMMAND_HEADER));
    const data = await read(options, readU32(command, 4) + PACKET_OVERHEAD);
    const argument = data === null ? null : decodePacket(data, Magic.COMMAND_DATA);
    if (argument === null) continue;
    await put(options, encodePacket(Magic.COMMAND_DATA));
    return { id: readU32(command, 0), argument };
  }
}

async function holdResult(options: StockSlaveOptions, result: Uint8Array): Promise<void> {
  const { clock, sendTimeoutMs = 1000 } = options;
  const startedAt = clock.now();
  while (clock.now() - startedAt <= sendTimeoutMs) {
    await startOver(options);
    if (!(await isRequested(options, Magic.RESULT_HEADER))) continue;
    await put(options, encodePacket(Magic.RESULT_HEADER, encodeU32(result.length)));
    if (!(await isRequested(options, Magic.RESULT_DATA))) continue;
    await put(options, encodePacket(Magic.RESULT_DATA, result));
    return;
  }
}

async function startOver({ clock, link, garbageMs }: StockSlaveOptions): Promise<void> {
  const pauseMs = garbageMs?.() ?? 0;
  if (pauseMs > 0) await sleep(clock, pauseMs);
  await link.flush();
}

async function isRequested(options: StockSlaveOptions, magic: Magic): Promise<boolean> {
  const request = await read(options, PACKET_OVERHEAD);
  return request !== null && decodePacket(request, magic) !== null;
}

async function put({ link }: StockSlaveOptions, bytes: Uint8Array): Promise<void> {
  await link.putBytes(bytes, Number.POSITIVE_INFINITY);
}

/** Exactly `size` bytes under the 2 ms rules, or null; what came before the pause is lost. */
async function read({ link }: StockSlaveOptions, size: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const ready = Math.max(1, Math.min(link.available, size - filled));
    const patienceMs = filled === 0 ? FIRST_BYTE_MS : NEXT_BYTE_MS;
    if (!(await link.getBytes(bytes.subarray(filled, filled + ready), patienceMs))) return null;
    filled += ready;
  }
  return bytes;
}
