/**
 * Our master against the recorded slave: whenever the master has sent what the recording says next, it
 * gets what the recorded slave answered, as it was delivered.
 */
import { createMaster, createMemoryLink, type Link, type Master, RpcError } from "../../src/index.js";
import { createVirtualClock } from "../../src/testing/index.js";
import {
  type Exchange,
  fromHex,
  isSame,
  type RecordedCall,
  type Sent,
  toHex,
  withoutRepeats,
} from "./exchange.js";

export interface MasterOutcome {
  readonly sent: readonly Sent[];
  /** What each call of the exchange gave, in hex; null where it was given up. */
  readonly results: readonly (string | null)[];
  readonly frames: readonly string[];
}

export const callsOf = (exchange: Exchange): RecordedCall[] =>
  [{ ...exchange.call, result_hex: exchange.result_hex }, exchange.next_call, exchange.third_call].filter(
    (call) => call !== undefined,
  );

export async function replayMaster(exchange: Exchange): Promise<MasterOutcome> {
  const clock = createVirtualClock();
  const [link, slaveLink] = createMemoryLink({ clock });
  const sent: Sent[] = [];
  const script = createScript(exchange, slaveLink, sent);
  const master = createMaster(tapped(link, script), { clock, shape: "stepwise" });
  const frames: string[] = [];
  const results: (string | null)[] = [];
  for (const call of callsOf(exchange)) {
    results.push(await clock.run(speak(master, exchange, call, frames)));
  }
  return { sent, results, frames };
}

/** Gets what the master writes; answers as the recorded slave did. */
function createScript(exchange: Exchange, slaveLink: Link, sent: Sent[]): (hex: string) => void {
  const recorded = withoutRepeats(exchange.bytes);
  let at = 0;
  const answer = () => {
    for (let next = recorded[at]; next?.dir === "s2m"; next = recorded[at]) {
      at += 1;
      sent.push({ dir: "s2m", hex: next.hex });
      void slaveLink.putBytes(fromHex(next.delivered_hex ?? next.hex), 1000);
    }
  };
  return (hex) => {
    const said: Sent = { dir: "m2s", hex };
    sent.push(said);
    const next = recorded[at];
    if (next === undefined) return;
    if (exchange.stream?.direction === "s2m" && next.hex.startsWith(hex)) {
      // Credits: how many go out in one write is timing.
      recorded[at] = { ...next, hex: next.hex.slice(hex.length) };
      if (recorded[at]?.hex === "") at += 1;
    } else if (isSame(said, next)) at += 1;
    else return;
    answer();
  };
}

function tapped(link: Link, onWrite: (hex: string) => void): Link {
  return {
    traits: link.traits,
    get available() {
      return link.available;
    },
    getBytes: (into, timeoutMs, signal) => link.getBytes(into, timeoutMs, signal),
    async putBytes(data) {
      onWrite(toHex(data));
      return true;
    },
    flush: () => link.flush(),
    close: () => link.close(),
    [Symbol.asyncDispose]: () => link.close(),
  };
}

async function speak(
  master: Master,
  exchange: Exchange,
  call: RecordedCall,
  frames: string[],
): Promise<string | null> {
  const argument = fromHex(call.data_hex);
  const options = call.send_timeout === undefined ? {} : { sendTimeoutMs: call.send_timeout };
  const target = [...call.name].every((char) => char <= "~") ? call.name : idOf(exchange);
  const { stream } = exchange;
  try {
    if (stream === undefined) return toHex(await master.call(target, argument, options));
    if (stream.direction === "m2s") {
      return toHex(await master.sendStream(target, argument, stream.frames_hex.map(fromHex), options));
    }
    const reading = master.openStream(target, argument, { queueDepth: stream.queue_depth });
    const header = toHex(await reading.header);
    // The recorded writers stop without an end mark.
    try {
      for await (const frame of reading) frames.push(toHex(frame));
    } catch (error) {
      if (!(error instanceof RpcError) || error.code !== "stream-broken") throw error;
    }
    return header;
  } catch (error) {
    if (error instanceof RpcError) return null;
    throw error;
  }
}

/** The id in the recorded header, for a name on whose id stock peers disagree. */
function idOf(exchange: Exchange): number {
  return Buffer.from(exchange.bytes[0]?.hex ?? "", "hex").readUInt32LE(2);
}
