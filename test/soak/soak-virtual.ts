/** Hours of calls and streams over a line that is a little bad, in virtual time, to our slave or a modelled stock one. */
import { createMaster, createSlave, RpcError } from "@rpcgen/runtime";
import {
  createFaults,
  createRandom,
  createStockSlave,
  createTimedLine,
  createVirtualClock,
  standardFunctions,
} from "@rpcgen/runtime/testing";
import { createMemoryWatch, type MemoryWatch } from "./memory-watch.js";

export interface SoakResult {
  readonly calls: number;
  readonly answered: number;
  readonly wrong: number;
  readonly memory: MemoryWatch;
  /** Timers that were still pending after everything was closed. */
  readonly timersLeft: number;
}

const SAMPLES = 12;
const FAULTS = {
  lossRate: 0.005,
  bitFlipRate: 1e-5,
  duplicateRate: 0.005,
  noiseRate: 0.005,
  delayRate: 0.01,
};

export async function soakVirtual(
  peer: "ours" | "stock",
  minutes: number,
  seed: number,
  onProgress: (minute: number) => void = () => {},
): Promise<SoakResult> {
  const clock = createVirtualClock();
  const random = createRandom(seed);
  const line = createTimedLine({
    clock,
    oneWayMs: 2,
    jitter: 0.5,
    baudRate: 921_600,
    random: createRandom(seed + 1),
    faults: {
      aToB: createFaults({ seed: seed + 2, ...FAULTS }),
      bToA: createFaults({ seed: seed + 3, ...FAULTS }),
    },
  });
  const stopPeer = peer === "ours" ? serveOurs() : serveStock();
  const master = createMaster(line.a.link, { clock });
  const memory = createMemoryWatch();
  const counts = { calls: 0, answered: 0, wrong: 0 };

  function serveOurs(): () => Promise<void> {
    const slave = createSlave(line.b.link, { clock, onError: () => {} });
    slave.register("echo", (argument) => argument);
    slave.register("frames", (argument, context) => {
      const count = argument[0] as number;
      slave.writeStream(
        context,
        Array.from({ length: count }, () => new Uint8Array(1024)),
      );
      return argument;
    });
    const stop = new AbortController();
    const serving = slave.serve({ signal: stop.signal }).catch(() => {});
    return () => {
      stop.abort();
      return serving;
    };
  }

  function serveStock(): () => Promise<void> {
    const slave = createStockSlave({
      end: line.b,
      functions: standardFunctions(),
      random: createRandom(seed + 4),
      receiveBytes: 64,
    });
    const forget = () => {
      slave.log.forget();
      cancel = clock.after(60_000, forget);
    };
    let cancel = clock.after(60_000, forget);
    return async () => {
      cancel();
      slave.stop();
    };
  }

  async function oneStep(): Promise<void> {
    const argument = new Uint8Array(4 + Math.floor(random() * 200)).map(() => random() * 256);
    counts.calls += 1;
    try {
      if (random() < 0.05) {
        argument.fill(0, 1, 4);
        argument[0] = 1 + random() * 8;
        let left = Math.floor(random() * 6);
        for await (const _frame of master.openStream("frames", argument, { queueDepth: 2 })) {
          left -= 1;
          if (left < 0) break;
        }
        counts.answered += 1;
        return;
      }
      const signal = random() < 0.02 ? abortAfter(random() * 20) : undefined;
      const answer = await master.call("echo", argument, { signal });
      counts.answered += 1;
      if (Buffer.compare(answer, argument) !== 0) counts.wrong += 1;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
    }
  }

  function abortAfter(ms: number): AbortSignal {
    const aborting = new AbortController();
    clock.after(ms, () => aborting.abort());
    return aborting.signal;
  }

  const everyMs = (minutes * 60_000) / SAMPLES;
  for (let sample = 0; sample <= SAMPLES; sample++) {
    memory.sample();
    onProgress(Math.round((clock.now() / 60_000) * 10) / 10);
    const until = (sample + 1) * everyMs;
    await clock.run(
      (async () => {
        while (sample < SAMPLES && clock.now() < until) await oneStep();
      })(),
    );
  }
  await clock.run(stopPeer());
  await clock.run(master.close());
  await clock.advance(10_000);
  return { ...counts, memory, timersLeft: clock.pendingTimers };
}
