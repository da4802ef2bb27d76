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
import type { LinkTraits } from "../link/link.js";
import type { PushbackLink } from "../link/pushback-link.js";
import { lengthOfPieces, putPieces } from "../link/put-pieces.js";
import { Magic, PACKET_OVERHEAD } from "../packet/packet.js";
import { HEADER_ACK } from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import { createHeaderLedger, type HeaderLedger } from "./header-ledger.js";
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
  /** A read is one transfer of just the size that the other side sends: it is asked for one packet at a time. */
  readonly isExact: boolean;
  /** Of all packets that were offered: a slave that missed a part of one may wait for so many bytes. */
  readonly longestBytes: number;
  state: "fresh" | "clean" | "unsettled";
  /** Whether a link with these traits is spoken to as this one was when the line was made. */
  isOf(traits: LinkTraits): boolean;
  /** Where packets overtake each other: until then one that was sent more than once, or its answer, may still come. */
  strayUntil: number;
  /** Lone headers that may still be acknowledged. Whatever comes for a later packet comes behind those. */
  readonly strayHeaders: number;
  /** A lone header went out, or one was acknowledged. */
  noteHeaderSent(): void;
  noteHeaderHeard(): void;
  /** Whatever was sent before has been answered, or never will be. */
  forgetHeaders(): void;
  /** Where the line loses nothing and may stall: what is known of headers by their order. */
  readonly ledger: HeaderLedger | null;
  /** Bytes that were no packet, or none that anybody waited for, since the link was opened. */
  readonly skippedBytes: number;
  /**
   * One write, or one a packet where the link needs them apart. A packet may be in pieces. Throws when the call is over,
   * or when the line is stuck.
   */
  put(packets: readonly OutgoingPacket[], scope: CallScope): Promise<void>;
  /**
   * One packet to a side that may not be listening. Where a transfer is refused then, it is offered until the time
   * `until`, and false says that it never was taken; elsewhere it is `put`.
   */
  offer(packet: OutgoingPacket, scope: CallScope, until: number): Promise<boolean>;
  /** The next packet that is expected, or null if none began within `waitMs`. Throws when the call is over. */
  await(expected: readonly Expectation[], scope: CallScope, waitMs: number): Promise<Packet | null>;
  /** Discards what comes until nothing more does, or until the time `until`. */
  settle(scope: CallScope, until: number): Promise<void>;
}

/** Whole, or in pieces that follow each other. */
export type OutgoingPacket = Uint8Array | readonly Uint8Array[];

/** There: what is held back longer on its way there and back than all others counts as lost. */
export const STRAY_MS = 110;
/** A segment that is lost again and again is sent after twice the time, and twice that. */
const STALLS_KEPT = 5;
/** Whatever the time, a packet is offered once. */
const LEAST_OFFER_MS = 1;

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
  const { stallsMs = 0, keepsOrder = true } = link.traits;
  const isExact = link.traits.framing === "exact";
  const isApart = link.traits.packetsApart === true || isExact;

  async function write(pieces: readonly Uint8Array[], scope: CallScope): Promise<void> {
    const byteLength = lengthOfPieces(pieces);
    const timeoutMs = Math.min(patience.putMs(byteLength), scope.deadline - clock.now());
    tally.bytesSent += byteLength;
    if (await putPieces(link, pieces, timeoutMs, scope.signal)) return;
    scope.check();
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
    isExact,
    get longestBytes() {
      return longestBytes;
    },
    state: "fresh",
    isOf: (traits) => (traits.stallsMs ?? 0) === stallsMs && (traits.keepsOrder ?? true) === keepsOrder,
    strayUntil: clock.now() + (keepsOrder ? 0 : STRAY_MS),
    get strayHeaders() {
      const since = clock.now() - patience.strayMs();
      while (headersSentAt.length > 0 && (headersSentAt[0] as number) < since) headersSentAt.shift();
      return headersSentAt.length;
    },
    noteHeaderSent() {
      tally.tries.header += 1;
      line.ledger?.noteSent();
      headersSentAt.push(clock.now());
    },
    noteHeaderHeard: () => void headersSentAt.shift(),
    forgetHeaders() {
      headersSentAt.length = 0;
    },
    ledger: stallsMs > 0 ? createHeaderLedger(clock, stallsMs * STALLS_KEPT) : null,
    get skippedBytes() {
      return scanner.skippedBytes;
    },
    async put(packets, scope) {
      scope.check();
      if (!isApart) return write(packets.flat(), scope);
      for (const packet of packets) await write([packet].flat(), scope);
    },
    async offer(packet, scope, until) {
      if (!isExact) {
        await line.put([packet], scope);
        return true;
      }
      scope.check();
      const pieces = [packet].flat();
      const byteLength = lengthOfPieces(pieces);
      tally.bytesSent += byteLength;
      longestBytes = Math.max(longestBytes, byteLength);
      const timeoutMs = Math.min(until, scope.deadline) - clock.now();
      const isTaken = await putPieces(link, pieces, Math.max(timeoutMs, LEAST_OFFER_MS), scope.signal);
      if (!isTaken) scope.check();
      return isTaken;
    },
    async await(expected, scope, waitMs) {
      const packet = await scanner.next(expected, { waitMs, deadline: scope.deadline, signal: scope.signal });
      if (packet === null) scope.check();
      else tally.bytesReceived += packet.payload.length + PACKET_OVERHEAD;
      if (packet?.magic === Magic.COMMAND_HEADER) line.ledger?.noteHeard();
      return packet;
    },
    async settle(scope, until) {
      if (isExact) return fetchOld(scope, Math.min(until, clock.now() + patience.quietMs()));
      // How long a line takes to be there says nothing of how long it takes to be quiet.
      await link.ready?.(until - clock.now(), scope.signal);
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
