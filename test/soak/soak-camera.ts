/** Calls, streams and reopened ports to the virtual camera behind a pseudo terminal, in real time. */
import { join } from "node:path";
import { startVirtualCamera } from "@rpcgen/device";
import { createMaster, type Master, RpcError } from "@rpcgen/runtime";
import { openUart } from "@rpcgen/runtime/uart";
import { activeResources, createMemoryWatch, type MemoryWatch, newSince } from "./memory-watch.js";

export interface CameraSoakResult {
  readonly calls: number;
  readonly answered: number;
  readonly wrong: number;
  readonly frames: number;
  readonly reopened: number;
  readonly memory: MemoryWatch;
  /** What keeps the process alive and was not there before, by kind. */
  readonly resourcesLeft: Readonly<Record<string, number>>;
}

/** Goes on while `goesOn` says so: it is asked after each port that was opened and closed. */
export async function soakCamera(
  callsPerPort: number,
  goesOn: (result: { readonly calls: number }) => boolean,
): Promise<CameraSoakResult> {
  const before = activeResources();
  const counts = { calls: 0, answered: 0, wrong: 0, frames: 0, reopened: 0 };
  const memory = createMemoryWatch();
  const camera = await startVirtualCamera({
    mainPath: join(process.cwd(), "test", "soak", "soak_camera.py"),
    link: { kind: "pty" },
    onOutput: (text) => process.stderr.write(text),
  });
  try {
    do {
      const master = createMaster(await openUart({ path: String(camera.path), baudRate: 115_200 }));
      try {
        for (let call = 0; call < callsPerPort; call++) await oneStep(master, counts);
      } finally {
        await master.close();
      }
      counts.reopened += 1;
      memory.sample();
    } while (goesOn(counts));
  } finally {
    await camera.stop();
  }
  return { ...counts, memory, resourcesLeft: newSince(before) };
}

async function oneStep(
  master: Master,
  counts: { calls: number; answered: number; wrong: number; frames: number },
) {
  counts.calls += 1;
  const argument = crypto.getRandomValues(new Uint8Array(Math.floor(Math.random() * 300)));
  try {
    if (counts.calls % 20 === 0) {
      let left = 10;
      for await (const frame of master.openStream("frames", argument, { queueDepth: 4 })) {
        counts.frames += 1;
        if (frame.length !== 1024) counts.wrong += 1;
        left -= 1;
        if (left === 0) break;
      }
      counts.answered += 1;
      return;
    }
    const signal = counts.calls % 33 === 0 ? AbortSignal.timeout(1) : undefined;
    const answer = await master.call("echo", argument, { signal });
    counts.answered += 1;
    if (Buffer.compare(answer, argument) !== 0) counts.wrong += 1;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
  }
}
