/**
 * A port that goes and comes back, again and again, during calls and streams: what every failed call says of itself is
 * compared with what the slaves counted, and nothing may be left in the end.
 */
import { createMaster, createSlave, type Link, type Master, RpcError, type Slave } from "@rpcgen/runtime";
import { activeResources, createMemoryWatch, type MemoryWatch, newSince } from "./memory-watch.js";

/** Where a slave can be reached, as long as it is plugged in. */
export interface Socket {
  /** The master's link, told to come back by itself. */
  readonly link: Link;
  /** A new end for a slave; resolves once it can be reached. */
  plugIn(): Promise<Link>;
  /** Takes that end away in the middle of whatever happens. */
  unplug(): Promise<void>;
  /** Frees what is left. */
  dispose(): Promise<void>;
}

export interface UnplugResult {
  readonly calls: number;
  readonly failed: number;
  readonly frames: number;
  /** What must not be, in words. */
  readonly failures: readonly string[];
  readonly memory: MemoryWatch;
  readonly resourcesLeft: Readonly<Record<string, number>>;
}

const TURNS_TO_FREE = 20;
const FRAME_BYTES = 2048;
/** Longer than the link needs to come back. */
const CALL_TIMEOUT_MS = 10_000;

/** `rounds` times: calls go on until one is answered, then the cable comes out during a call or a stream. */
export async function unplugOften(open: () => Promise<Socket>, rounds: number): Promise<UnplugResult> {
  const before = activeResources();
  const memory = createMemoryWatch();
  const socket = await open();
  const master = createMaster(socket.link);
  /** How often each call ran, on all slaves together: one that comes new knows nothing of what the one before it has run. */
  const runs = new Map<number, number>();
  const counts = { calls: 0, failed: 0, frames: 0 };
  const failures: string[] = [];
  const claims: { readonly number: number; readonly says: "no" | "yes" | "unknown" }[] = [];

  async function claim(call: (argument: Uint8Array) => Promise<void>): Promise<boolean> {
    counts.calls += 1;
    const number = counts.calls;
    const argument = new Uint8Array(8);
    new DataView(argument.buffer).setUint32(0, number, true);
    try {
      await call(argument);
      claims.push({ number, says: "yes" });
      return true;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      counts.failed += 1;
      claims.push({ number, says: error.executed });
      return false;
    }
  }

  /** Functions that began and frames that came since the last call began. */
  let events = 0;
  let wake = () => {};
  const note = () => {
    events += 1;
    wake();
  };
  async function happened(count: number): Promise<void> {
    events = 0;
    while (events < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  async function plugIn() {
    return serve(await socket.plugIn(), runs, note);
  }

  let slave = await plugIn();
  const callEcho = (argument: Uint8Array) => echo(master, argument, failures);
  const readFrames = (argument: Uint8Array) => stream(master, argument, counts, failures, note);
  for (let round = 0; round < rounds; round++) {
    let tries = 0;
    while (!(await claim(callEcho))) {
      tries += 1;
      if (tries > 20) throw new Error(`round ${round}: no call is answered any more`);
    }
    const working = claim(round % 3 === 0 ? readFrames : callEcho);
    // At another point each time: before the call goes out, in it, once it ran, so many frames into the stream.
    if (round % 2 === 1) await Promise.race([working, happened(round % 3 === 0 ? 1 + (round % 7) : 1)]);
    for (let turn = 0; turn < round % 24; turn++) await new Promise<void>((go) => setImmediate(go));
    await socket.unplug();
    await slave.stop();
    slave = await plugIn();
    await working;
    if (round % 10 === 9) memory.sample();
  }
  await master.close();
  await slave.stop();
  await socket.dispose();
  // Handles that were closed are freed in the host's next turns.
  for (let turn = 0; turn < TURNS_TO_FREE; turn++) await new Promise<void>((go) => setImmediate(go));
  for (const { number, says } of claims) {
    const times = runs.get(number) ?? 0;
    if (times > 1) failures.push(`call ${number} ran ${times} times`);
    if (says === "no" && times > 0) failures.push(`call ${number} says that it did not run, and did`);
    if (says === "yes" && times === 0) failures.push(`call ${number} says that it ran, and did not`);
  }
  return { ...counts, failures, memory, resourcesLeft: newSince(before) };
}

async function echo(master: Master, argument: Uint8Array, failures: string[]): Promise<void> {
  const answer = await master.call("echo", argument, { timeoutMs: CALL_TIMEOUT_MS });
  if (Buffer.compare(answer, argument) !== 0) failures.push(`a wrong answer: ${answer} for ${argument}`);
}

async function stream(
  master: Master,
  argument: Uint8Array,
  counts: { frames: number },
  failures: string[],
  onFrame: () => void,
): Promise<void> {
  let number = 0;
  const frames = master.openStream("frames", argument, { queueDepth: 4, timeoutMs: CALL_TIMEOUT_MS });
  for await (const frame of frames) {
    const isRight = frame.length === FRAME_BYTES && frame.every((byte) => byte === (number & 255));
    if (!isRight) failures.push(`frame ${number} of a stream is wrong`);
    number += 1;
    counts.frames += 1;
    onFrame();
  }
}

function serve(link: Link, runs: Map<number, number>, onRun: () => void): { stop(): Promise<void> } {
  const slave: Slave = createSlave(link, { onError: () => {} });
  const count = (argument: Uint8Array) => {
    const number = new DataView(argument.buffer, argument.byteOffset).getUint32(0, true);
    runs.set(number, (runs.get(number) ?? 0) + 1);
    onRun();
  };
  slave.register("echo", (argument) => {
    count(argument);
    return argument;
  });
  slave.register("frames", (argument, context) => {
    count(argument);
    slave.writeStream(context, numbered());
    return argument;
  });
  const serving = slave.serve().catch(() => {});
  return {
    async stop() {
      await slave.close();
      await serving;
    },
  };
}

/** Long enough that every unplugging finds it under way. */
function* numbered(): Generator<Uint8Array> {
  for (let number = 0; number < 2000; number++) yield new Uint8Array(FRAME_BYTES).fill(number & 255);
}
