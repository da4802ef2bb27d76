/**
 * A master's end of the network. It speaks as the former library does until it knows that its slave is one of this
 * library, which says hello over its connection (`network-connection.ts`). From the next call on the two speak over that
 * connection alone, where nothing overtakes or comes twice: nothing in a datagram says which call it belongs to. Such a
 * connection that breaks is a failure of the link, which comes back by itself: a call that was under way says
 * truthfully whether it ran.
 */
import { type Clock, sleep } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { putPieces } from "../link/put-pieces.js";
import { openReconnectingLink } from "../link/reconnecting-link.js";
import { createSwitchedLink } from "../link/switched-link.js";
import { createWaiters } from "../link/waiters.js";
import { isHello } from "./network-connection.js";
import { createMixedLink } from "./network-mixed.js";
import { createNetworkSilence } from "./network-silence.js";
import type { MasterSide, Remote } from "./network-tcp.js";
import { openError } from "./open-error.js";
import { createSocketLink } from "./socket-link.js";
import type { UdpSocket } from "./sockets.js";

export interface MasterParts {
  readonly udp: UdpSocket;
  readonly tcp: MasterSide;
  /** Only it is listened to. */
  readonly remote: Remote;
  readonly clock: Clock;
  lost(error: RpcError): void;
}

/** A slave that is there has said hello by then, over most networks; a new master's first call waits so long anyway. */
const KNOWN_WITHIN_MS = 110;
const NUDGE_AGAIN_MS = 25;
const NUDGE_LOST_MS = 100;
/** A slave that says by a datagram that it is one of this library has connected by then, unless something keeps it from that. */
const CONNECTS_WITHIN_MS = 3500;
/** After that another slave may have taken its place, which speaks as the former library does. */
const UNKNOWN_AFTER_MS = 2000;
/** So many calls to a slave that answers and has not said hello: it may have missed that it is sought. */
const NUDGED_CALLS = 10;

export function createMasterLink({ udp, tcp, remote, clock, lost }: MasterParts): Link {
  const { connection } = tcp;
  const stop = new AbortController();
  const mixed = createMixedLink({
    udp,
    connection,
    clock,
    lost,
    remote: () => remote,
    leave: tcp.leave,
  });
  const switched = createSwitchedLink(mixed.link, clock);
  /** The slave, which hears nothing either where the connection is gone, makes it anew when it is told. */
  const silence = createNetworkSilence(clock, () => connection.heardAt, nudge);
  /** For a slave's hello. */
  const waiters = createWaiters(clock);
  let own: { readonly link: Link; readonly over: AbortController } | null = null;
  let isExpected = false;
  /** Until then a slave's hello is waited for. */
  let knownBy = clock.now();
  let unknownCalls = 0;
  /** By a datagram, since the last call began. */
  let isHeard = false;
  let lostAt: number | null = null;
  let wants = 0;
  let isNudging = false;

  udp.on("message", (datagram, from) => {
    if (from.address !== remote.address || from.port !== remote.port) return;
    if (isHello(datagram)) return expectConnection();
    isHeard = true;
    if (switched.current === mixed.link) mixed.receive(datagram);
  });
  connection.watch({
    onHello: waiters.wakeAll,
  });
  seek();

  function seek(): void {
    knownBy = clock.now() + KNOWN_WITHIN_MS;
    void nudgeWhile(NUDGE_AGAIN_MS, () => !connection.isUp && clock.now() < knownBy);
  }

  /** Once: a firewall may keep the slave from connecting for ever. */
  function expectConnection(): void {
    if (isExpected || own !== null) return;
    isExpected = true;
    knownBy = clock.now() + CONNECTS_WITHIN_MS;
  }

  /** A datagram of no bytes means nothing to the former library; a slave of this one connects. */
  function nudge(): void {
    if (stop.signal.aborted) return;
    udp.send(new Uint8Array(0), remote.port, remote.address, () => {});
  }

  async function nudgeWhile(everyMs: number, isWanted: () => boolean): Promise<void> {
    if (isNudging) return;
    isNudging = true;
    while (!stop.signal.aborted && isWanted()) {
      nudge();
      await sleep(clock, everyMs, stop.signal);
    }
    isNudging = false;
  }

  async function nextOwn(ended: (error: RpcError) => void, over: AbortSignal): Promise<Link> {
    while (!over.aborted) {
      const taken = connection.takeOver();
      if (taken !== null) return createSocketLink(taken.socket, taken.where, clock, ended, taken.received);
      await waiters.wait(Number.POSITIVE_INFINITY, over);
    }
    throw openError("closed", "the link was closed");
  }

  async function speakAlone(): Promise<void> {
    lostAt = null;
    unknownCalls = 0;
    const onChange = (failure: RpcError | null) => {
      if (failure === null) lostAt = null;
      else lostAt ??= clock.now();
    };
    const over = new AbortController();
    const open = (ended: (error: RpcError) => void) => nextOwn(ended, over.signal);
    own = { link: await openReconnectingLink(open, { firstPauseMs: 0, onChange }, clock), over };
    switched.use(own.link);
  }

  async function endAlone(): Promise<void> {
    const last = own;
    own = null;
    silence.stop();
    last?.over.abort();
    await last?.link.close();
  }

  async function betweenCalls(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const until = clock.now() + timeoutMs;
    if (own !== null) {
      if (lostAt === null || clock.now() < lostAt + UNKNOWN_AFTER_MS) return;
      switched.use(mixed.link);
      isExpected = false;
      void endAlone();
      seek();
    }
    if (connection.isGreeted && !connection.isReady) {
      // A call went over it in the former way: the slave makes another one.
      connection.giveUp();
      seek();
    } else if (!isHeard || unknownCalls < NUDGED_CALLS) {
      if (isHeard) unknownCalls += 1;
      nudge();
    }
    isHeard = false;
    const leftMs = () => Math.min(knownBy, until) - clock.now();
    while (leftMs() > 0 && !connection.isReady && !stop.signal.aborted && !signal?.aborted) {
      await waiters.wait(leftMs(), signal);
    }
    if (connection.isReady && !stop.signal.aborted) await speakAlone();
  }

  /** While somebody waits for a connection that is gone, the slave is told so. */
  async function wanted<T>(work: () => Promise<T>): Promise<T> {
    wants += 1;
    if (lostAt !== null) void nudgeWhile(NUDGE_LOST_MS, () => wants > 0 && lostAt !== null);
    try {
      return await work();
    } finally {
      wants -= 1;
    }
  }

  const link: Link = {
    ...switched.link,
    get traits() {
      return switched.link.traits;
    },
    get available() {
      return switched.link.available;
    },
    getBytes: (into, timeoutMs, signal) => wanted(() => switched.link.getBytes(into, timeoutMs, signal)),
    putBytes(data, timeoutMs, signal) {
      if (own !== null) silence.wrote();
      return wanted(() => switched.link.putBytes(data, timeoutMs, signal));
    },
    putPieces(pieces, timeoutMs, signal) {
      if (own !== null) silence.wrote();
      return wanted(() => putPieces(switched.current, pieces, timeoutMs, signal));
    },
    ready: (timeoutMs, signal) => wanted(async () => switched.link.ready?.(timeoutMs, signal)),
    betweenCalls,
    async close() {
      stop.abort();
      silence.stop();
      waiters.wakeAll();
      await endAlone();
      await Promise.all([tcp.close(), mixed.link.close()]);
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
  return link;
}
