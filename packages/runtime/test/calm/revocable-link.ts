/** A port as one program has it open: when the program is killed, its reads and writes end and the line stays as it is. */
import { type Link, RpcError } from "../../src/index.js";

export interface RevocableLink {
  readonly link: Link;
  /** The program is gone: whatever it still does with the link rejects. `line` itself is free for the next one. */
  revoke(): void;
}

export function createRevocableLink(line: Link): RevocableLink {
  const revoking = new AbortController();
  const { signal } = revoking;

  function check(): void {
    if (!signal.aborted) return;
    throw new RpcError("closed", "the program was killed", { phase: "open", executed: "unknown" });
  }

  /** Runs one operation; the end of the program ends it, even if that comes in its middle. */
  async function guarded<T>(
    callers: AbortSignal | undefined,
    run: (either: AbortSignal) => Promise<T>,
  ): Promise<T> {
    check();
    const result = await run(callers === undefined ? signal : AbortSignal.any([signal, callers]));
    check();
    return result;
  }

  return {
    link: {
      get traits() {
        // Whoever serves is gone with the program.
        return { ...line.traits, comesBack: !signal.aborted && line.traits.comesBack === true };
      },
      get turnaround() {
        return line.turnaround;
      },
      get available() {
        return signal.aborted ? 0 : line.available;
      },
      getBytes: (into, timeoutMs, callers) =>
        guarded(callers, (either) => line.getBytes(into, timeoutMs, either)),
      putBytes: (data, timeoutMs, callers) =>
        guarded(callers, (either) => line.putBytes(data, timeoutMs, either)),
      async ready(timeoutMs, callers) {
        await guarded(callers, async (either) => line.ready?.(timeoutMs, either));
      },
      betweenCalls: (timeoutMs, callers) =>
        guarded(callers, async (either) => line.betweenCalls?.(timeoutMs, either)),
      async flush() {
        check();
        await line.flush();
      },
      async close() {
        revoking.abort();
      },
      async [Symbol.asyncDispose]() {
        revoking.abort();
      },
    },
    revoke: () => revoking.abort(),
  };
}
