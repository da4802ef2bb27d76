/** A master and a slave on the two ends of a memory link, in virtual time. */
import { createMaster, createMemoryLink, createSlave, type Master, type Slave } from "@rpcgen/runtime";
import { createVirtualClock } from "@rpcgen/runtime/testing";

export interface Pair {
  readonly master: Master;
  readonly slave: Slave;
  /** What the slave's `onError` was told: wire name and message. */
  readonly reported: string[];
  /** Serves while `work` runs, and closes both. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createPair(): Pair {
  const clock = createVirtualClock();
  const [near, far] = createMemoryLink({ clock });
  const reported: string[] = [];
  const master = createMaster(near, { clock });
  const slave = createSlave(far, {
    clock,
    onError: (error, wireName) => {
      reported.push(`${wireName}: ${error instanceof Error ? error.message : String(error)}`);
    },
  });
  return {
    master,
    slave,
    reported,
    run(work) {
      return clock.run(
        (async () => {
          const stopping = new AbortController();
          const serving = slave.serve({ signal: stopping.signal });
          try {
            return await work();
          } finally {
            stopping.abort();
            await serving;
            await master.close();
            await slave.close();
          }
        })(),
      );
    },
  };
}

/** For handlers that must not be reached. */
export function unreachable(..._: readonly unknown[]): never {
  throw new Error("this function was not expected to run");
}

/** What went wrong, in short: `code executed message`. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "nothing went wrong";
  } catch (error) {
    const { code, phase, executed, message } = error as {
      code?: string;
      phase?: string;
      executed?: string;
      message: string;
    };
    return `${code} ${phase} ${executed}: ${message}`;
  }
}
