/**
 * A peer that means harm, or is broken beyond all: whatever it writes, a call ends by its deadline with an answer or
 * an `RpcError`, a slave goes on serving, and neither takes more memory than its limit allows.
 */
import { createMaster, createSlave, hashName, type Link, type Master, RpcError } from "../../src/index.js";
import {
  COMMAND_PAYLOAD,
  encodeCommand,
  encodePacket,
  encodeU32,
  Magic,
  PACKET_OVERHEAD,
  readU16,
} from "../../src/packet/packet.js";
import {
  createTimedLine,
  createVirtualClock,
  type LineEnd,
  type VirtualClock,
} from "../../src/testing/index.js";

/** One write of the hostile peer, after a pause; `every` ms apart byte by byte where that is given. */
export interface HostileWrite {
  readonly pauseMs: number;
  readonly bytes: Uint8Array;
  readonly byteEveryMs: number;
}

/** How a hostile slave attacks: well-behaved at first, then not. */
export interface HostileSlave {
  /** So many writes of the master are answered as an honest slave would. */
  readonly honestReplies: number;
  /** What the next ones are answered with, one each. */
  readonly replies: readonly Uint8Array[];
  /** What it writes without being asked. */
  readonly writes: readonly HostileWrite[];
}

/** What the victim does meanwhile. */
export type VictimAction = "call" | "stream" | "send stream" | "bulk";

export const MAX_MESSAGE_BYTES = 64 * 1024;
/** Far above what a master or slave with that limit needs, far below what a hostile size would take. */
const MEMORY_LIMIT_BYTES = 64 * 1024 * 1024;
const REPLY_AFTER_MS = 0.3;
const CALL_TIMEOUT_MS = 2000;
/** A stream has time for each frame, 5 ms a byte; a peer that goes on sending keeps a stream alive, so it is broken off. */
const STREAM_FRAMES = 20;
const ENDS_WITHIN_MS = 400_000;

/** Resolves with what went wrong, or null. */
export async function attackMaster(
  attacker: HostileSlave,
  action: VictimAction,
  note: (outcome: string) => void = () => {},
): Promise<string | null> {
  let asked = 0;
  const { clock, a, b } = setUp((bytes) => {
    const reply =
      asked < attacker.honestReplies ? honestReply(bytes) : attacker.replies[asked - attacker.honestReplies];
    asked += 1;
    if (reply !== undefined) clock.after(REPLY_AFTER_MS, () => b.send(reply));
  });
  const master = createMaster(a.link, { clock, maxMessageBytes: MAX_MESSAGE_BYTES });
  const writing = play(clock, b, attacker.writes);
  const startedAt = clock.now();
  const fault = await clock.run(outcomeOf(master, action, note));
  const tookMs = clock.now() - startedAt;
  const used = memoryFault();
  writing.stop();
  await clock.run(master.close());
  // The attacker's last replies are its own.
  await clock.advance(2 * REPLY_AFTER_MS);
  if (fault !== null) return fault;
  if (action === "call" && tookMs > CALL_TIMEOUT_MS + 1) return `a call took ${tookMs} ms`;
  if (tookMs > ENDS_WITHIN_MS) return `a ${action} took ${tookMs} ms`;
  if (clock.pendingTimers > 0) return `${clock.pendingTimers} timers are left`;
  return used;
}

async function outcomeOf(
  master: Master,
  action: VictimAction,
  note: (outcome: string) => void,
): Promise<string | null> {
  const argument = Uint8Array.of(1, 2, 3);
  const options = { timeoutMs: CALL_TIMEOUT_MS };
  try {
    if (action === "call") await master.call("echo", argument, options);
    else if (action === "bulk") await master.readBulk("bulk", argument, 1000, options);
    else if (action === "send stream") {
      await master.sendStream("take", argument, [argument, argument, argument], options);
    } else {
      let frames = 0;
      for await (const frame of master.openStream("frames", argument, { ...options, queueDepth: 4 })) {
        frames += frame.length > MAX_MESSAGE_BYTES ? Number.NaN : 1;
        if (frames >= STREAM_FRAMES) break;
      }
      if (Number.isNaN(frames)) return "a frame beyond the limit";
    }
  } catch (error) {
    if (!(error instanceof RpcError)) return `threw ${String(error)}`;
    note(`${action}: ${error.code}, ${error.phase}, executed: ${error.executed}`);
    return null;
  }
  note(`${action}: answered`);
  return null;
}

/** The slave must go on, and answer an honest call afterwards. */
export async function attackSlave(writes: readonly HostileWrite[]): Promise<string | null> {
  const { clock, a, b } = setUp();
  const slave = createSlave(b.link, { clock, maxMessageBytes: MAX_MESSAGE_BYTES, onError: () => {} });
  let tooLong = false;
  slave.register("echo", (argument) => {
    tooLong ||= argument.length > MAX_MESSAGE_BYTES;
    return argument;
  });
  slave.register("frames", (argument, context) => {
    slave.writeStream(context, [argument, argument]);
    return argument;
  });
  const stop = new AbortController();
  let ended: string | null = null;
  const serving = slave.serve({ signal: stop.signal }).catch((error: unknown) => {
    ended = `the slave stopped serving: ${String(error)}`;
  });
  await clock.run(play(clock, a, writes).done);
  const used = memoryFault();
  const answered = await clock.run(honestCall(clock, a.link));
  stop.abort();
  await clock.run(serving);
  if (ended !== null) return ended;
  if (tooLong) return "an argument beyond the limit";
  if (clock.pendingTimers > 0) return `${clock.pendingTimers} timers are left`;
  return answered ? used : "an honest call was not answered afterwards";
}

function setUp(onWrite: (bytes: Uint8Array) => void = () => {}) {
  const clock = createVirtualClock();
  const onSend = (from: "a" | "b", bytes: Uint8Array) => {
    if (from === "a") onWrite(bytes);
  };
  return { clock, ...createTimedLine({ clock, oneWayMs: 0, onSend }) };
}

/** What an honest slave with the result `HONEST` makes of one write of a master. */
function honestReply(write: Uint8Array): Uint8Array | undefined {
  if (write.length < PACKET_OVERHEAD) return undefined;
  const magic = readU16(write, 0);
  const rest = write.subarray(
    magic === Magic.COMMAND_HEADER ? COMMAND_PAYLOAD + PACKET_OVERHEAD : PACKET_OVERHEAD,
  );
  if (magic === Magic.COMMAND_HEADER) {
    const acknowledgement = encodePacket(magic);
    return rest.length === 0
      ? acknowledgement
      : Uint8Array.of(...acknowledgement, ...encodePacket(Magic.COMMAND_DATA));
  }
  if (magic === Magic.COMMAND_DATA) return encodePacket(magic);
  const data = encodePacket(Magic.RESULT_DATA, HONEST);
  if (magic === Magic.RESULT_DATA) return data;
  if (magic !== Magic.RESULT_HEADER) return undefined;
  const header = encodePacket(magic, encodeU32(HONEST.length));
  return rest.length === 0 ? header : Uint8Array.of(...header, ...data);
}

/** Plays the writes one after the other; reads nothing. */
function play(
  clock: VirtualClock,
  end: LineEnd,
  writes: readonly HostileWrite[],
): { readonly done: Promise<void>; stop(): void } {
  let isStopped = false;
  let wake = () => {};
  const pause = (ms: number) =>
    new Promise<void>((go) => {
      const cancel = clock.after(ms, go);
      wake = () => {
        cancel();
        go();
      };
    });
  const done = (async () => {
    for (const { pauseMs, bytes, byteEveryMs } of writes) {
      await pause(pauseMs);
      if (byteEveryMs === 0 && !isStopped) end.send(bytes);
      else {
        for (const byte of bytes) {
          if (isStopped) return;
          end.send(Uint8Array.of(byte));
          await pause(byteEveryMs);
        }
      }
      if (isStopped) return;
    }
  })();
  return {
    done,
    stop() {
      isStopped = true;
      wake();
    },
  };
}

/** Looked at before what was read is let go of. */
function memoryFault(): string | null {
  const { arrayBuffers } = process.memoryUsage();
  return arrayBuffers > MEMORY_LIMIT_BYTES ? `${arrayBuffers} bytes of buffers are held` : null;
}

const HONEST = Uint8Array.of(7, 7, 7);
const HONEST_COMMAND = Uint8Array.of(
  ...encodePacket(Magic.COMMAND_HEADER, encodeCommand(hashName("echo"), HONEST.length)),
  ...encodePacket(Magic.COMMAND_DATA, HONEST),
);
const REQUESTS = Uint8Array.of(...encodePacket(Magic.RESULT_HEADER), ...encodePacket(Magic.RESULT_DATA));
const HONEST_ANSWER = Uint8Array.of(
  ...encodePacket(Magic.RESULT_HEADER, encodeU32(HONEST.length)),
  ...encodePacket(Magic.RESULT_DATA, HONEST),
).join();

/** A call as a stock master makes it, three tries at the most, after all that was left hanging has timed out. */
async function honestCall(clock: VirtualClock, link: Link): Promise<boolean> {
  const pause = (ms: number) => new Promise<void>((go) => clock.after(ms, go));
  for (let attempt = 0; attempt < 3; attempt++) {
    await pause(5100);
    await link.flush();
    await link.putBytes(HONEST_COMMAND, 1000);
    await pause(5);
    await link.flush();
    await link.putBytes(REQUESTS, 1000);
    await pause(5);
    const answer = new Uint8Array(link.available);
    await link.getBytes(answer, 0);
    if (answer.join() === HONEST_ANSWER) return true;
  }
  return false;
}
