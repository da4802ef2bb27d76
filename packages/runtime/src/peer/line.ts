/**
 * What a master knows of its line, and the moves that all calls are made of: write packets, wait for
 * one, wait for quiet. `state` says what an answer may be trusted to mean:
 *
 * - `fresh`: nothing was said yet. A program before this one may have left a result with the slave.
 * - `clean`: the slave has answered everything that it was asked.
 * - `unsettled`: a call was given up. Its answers may still be on their way, its function may still run,
 *   and its result may be held by the slave, which is deaf to commands as long.
 */
import type { Clock } from "../clock.js";
import type { PushbackLink } from "../link/pushback-link.js";
import type { CallScope } from "./call-scope.js";
import type { Expectation, Packet, PacketScanner } from "./packet-scanner.js";
import type { Patience } from "./patience.js";

export interface Line {
  readonly link: PushbackLink;
  readonly clock: Clock;
  readonly patience: Patience;
  state: "fresh" | "clean" | "unsettled";
  /** One write. Throws when the call is over, or when the line is stuck. */
  put(bytes: Uint8Array, scope: CallScope): Promise<void>;
  /** The next packet that is expected, or null if none began within `waitMs`. Throws when the call is over. */
  await(expected: readonly Expectation[], scope: CallScope, waitMs: number): Promise<Packet | null>;
  /** Discards what comes until nothing more does, or until the time `until`. */
  settle(scope: CallScope, until: number): Promise<void>;
}

export function createLine(
  link: PushbackLink,
  scanner: PacketScanner,
  clock: Clock,
  patience: Patience,
): Line {
  const oneByte = new Uint8Array(1);
  const line: Line = {
    link,
    clock,
    patience,
    state: "fresh",
    async put(bytes, scope) {
      scope.check();
      const timeoutMs = Math.min(patience.putMs(bytes.length), scope.deadline - clock.now());
      if (await link.putBytes(bytes, timeoutMs, scope.signal)) return;
      scope.check();
      throw scope.error("timeout", `the line took nothing for ${Math.round(timeoutMs)} ms`);
    },
    async await(expected, scope, waitMs) {
      const packet = await scanner.next(expected, { waitMs, deadline: scope.deadline, signal: scope.signal });
      if (packet === null) scope.check();
      return packet;
    },
    async settle(scope, until) {
      do {
        await link.flush();
        scope.check();
      } while ((await link.getBytes(oneByte, patience.quietMs(), scope.signal)) && clock.now() < until);
      scope.check();
    },
  };
  return line;
}
