/**
 * What a master knows of its line, and the moves that all calls are made of: write packets, wait for
 * one, wait for quiet. `state` says what an answer may be trusted to mean:
 *
 * - `fresh`: nothing was said yet. A program before this one may have left anything behind.
 * - `clean`: the slave has answered everything that it was asked.
 * - `unsettled`: a call was given up. Its answers may still be on their way, its function may still run,
 *   and its result may be held by the slave, which is deaf to commands as long.
 */
import type { Clock } from "../clock.js";
import type { PushbackLink } from "../link/pushback-link.js";
import { PACKET_OVERHEAD } from "../packet/packet.js";
import { HEADER_ACK } from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import type { Patience } from "./patience.js";
import type { Expectation, Packet, PacketScanner } from "./scan.js";
import type { Tally } from "./tally.js";

export interface Line {
  readonly link: PushbackLink;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly tally: Tally;
  /** Nothing is allocated for anything larger. */
  readonly maxMessageBytes: number;
  state: "fresh" | "clean" | "unsettled";
  /** Lone headers that may still be acknowledged. Whatever comes for a later packet comes behind those. */
  readonly strayHeaders: number;
  /** A lone header went out, or one was acknowledged. */
  noteHeaderSent(): void;
  noteHeaderHeard(): void;
  /** Whatever was sent before has been answered, or never will be. */
  forgetHeaders(): void;
  /** Bytes that were no packet, or none that anybody waited for, since the link was opened. */
  readonly skippedBytes: number;
  /** One write, or one a packet where the link needs them apart. Throws when the call is over, or when the line is stuck. */
  put(packets: readonly Uint8Array[], scope: CallScope): Promise<void>;
  /** One packet; false where nobody took it within `timeoutMs`, as a slave that is busy with something else does. */
  offer(packet: Uint8Array, scope: CallScope, timeoutMs: number): Promise<boolean>;
  /** Whether a slave that does not wait for it refuses a packet, so that nobody has it then. */
  readonly refuses: boolean;
  /** Whether nobody says that a slave was not ready; the longest packet offered, which it may be waiting for. */
  readonly isBlind: boolean;
  readonly longestBytes: number;
  /** The next packet that is expected, or null if none began within `waitMs`. Throws when the call is over. */
  await(expected: readonly Expectation[], scope: CallScope, waitMs: number): Promise<Packet | null>;
  /** Discards what comes until nothing more does, or until the time `until`. */
  settle(scope: CallScope, until: number): Promise<void>;
}

export interface LineOptions {
  readonly link: PushbackLink;
  readonly scanner: PacketScanner;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly tally: Tally;
  readonly maxMessageBytes: number;
}

export function createLine(options: LineOptions): Line {
  const { link, scanner, clock, patience, tally, maxMessageBytes } = options;
  const oneByte = new Uint8Array(1);
  let longestBytes = 0;
  const headersSentAt: number[] = [];
  const isApart = link.traits.packetsApart === true || link.traits.framing === "exact";

  async function offer(bytes: Uint8Array, scope: CallScope, timeoutMs: number): Promise<boolean> {
    scope.check();
    tally.bytesSent += bytes.length;
    longestBytes = Math.max(longestBytes, bytes.length);
    if (await link.putBytes(bytes, Math.min(timeoutMs, scope.deadline - clock.now()), scope.signal))
      return true;
    scope.check();
    return false;
  }

  async function write(bytes: Uint8Array, scope: CallScope): Promise<void> {
    const timeoutMs = patience.putMs(bytes.length);
    if (await offer(bytes, scope, timeoutMs)) return;
    throw scope.error("timeout", `the line took nothing for ${Math.round(timeoutMs)} ms`);
  }

  /**
   * Where nothing comes but what is asked for, a slave may still hold the acknowledgement of a header that was given
   * up. Were it taken for the next one's, that call's data would run the other function.
   */
  async function fetchOld(scope: CallScope, until: number): Promise<void> {
    while (clock.now() < until) {
      if ((await line.await([HEADER_ACK], scope, until - clock.now())) === null) break;
    }
    scope.check();
  }

  const line: Line = {
    link,
    clock,
    patience,
    tally,
    maxMessageBytes,
    state: "fresh",
    refuses: link.traits.framing === "exact" && link.traits.tellsReady !== false,
    isBlind: link.traits.tellsReady === false,
    get longestBytes() {
      return longestBytes;
    },
    offer,
    get strayHeaders() {
      const since = clock.now() - patience.strayMs();
      while (headersSentAt.length > 0 && (headersSentAt[0] as number) < since) headersSentAt.shift();
      return headersSentAt.length;
    },
    noteHeaderSent() {
      tally.tries.header += 1;
      headersSentAt.push(clock.now());
    },
    noteHeaderHeard: () => void headersSentAt.shift(),
    forgetHeaders() {
      headersSentAt.length = 0;
    },
    get skippedBytes() {
      return scanner.skippedBytes;
    },
    async put(packets, scope) {
      scope.check();
      if (!isApart) return write(packets.length === 1 ? (packets[0] as Uint8Array) : joined(packets), scope);
      for (const packet of packets) await write(packet, scope);
    },
    async await(expected, scope, waitMs) {
      const packet = await scanner.next(expected, { waitMs, deadline: scope.deadline, signal: scope.signal });
      if (packet === null) scope.check();
      else tally.bytesReceived += packet.payload.length + PACKET_OVERHEAD;
      return packet;
    },
    async settle(scope, until) {
      if (link.traits.framing === "exact")
        return fetchOld(scope, Math.min(until, clock.now() + patience.quietMs()));
      const startedAt = clock.now();
      // Whatever comes, half of the time is for what follows.
      const latest = startedAt + (until - startedAt) / 2;
      for (;;) {
        await link.flush();
        scope.check();
        const waitMs = Math.min(patience.quietMs(), latest - clock.now());
        if (waitMs <= 0 || !(await link.getBytes(oneByte, waitMs, scope.signal))) break;
      }
      scope.check();
    },
  };
  return line;
}

function joined(packets: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(packets.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const packet of packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  return bytes;
}
