/**
 * A slave's end of the network, which answers whoever spoke last. It speaks as the former library does until its master
 * takes their connection over (`network-connection.ts`): from there on only what comes by that connection counts, since a
 * datagram may be a late copy of anything.
 */
import type { RemoteInfo } from "node:dgram";
import type { Clock } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { openReconnectingLink } from "../link/reconnecting-link.js";
import { createSwitchedLink } from "../link/switched-link.js";
import { HELLO, type OwnConnection } from "./network-connection.js";
import { createMixedLink } from "./network-mixed.js";
import type { SlaveSide } from "./network-tcp.js";
import { openError } from "./open-error.js";
import { createSocketLink } from "./socket-link.js";
import type { UdpSocket } from "./sockets.js";

export interface SlaveParts {
  readonly udp: UdpSocket;
  readonly tcp: SlaveSide;
  readonly clock: Clock;
  lost(error: RpcError): void;
}

/** A datagram that is held back longer than this counts as lost. */
const LATE_MS = 110;
/** A master that sends a datagram has waited for less than this, and may be waited for. */
const SILENT_MS = 800;
/** Of another master, whose datagrams are none of the one before. */
const LEFT_MS = 300;
/** What came by the connection while this host was busy is read by then. */
const LOOK_AGAIN_MS = 50;

export function createSlaveLink({ udp, tcp, clock, lost }: SlaveParts): Link {
  const { connection } = tcp;
  const mixed = createMixedLink({
    udp,
    connection,
    clock,
    lost,
    remote: () => tcp.master,
  });
  const switched = createSwitchedLink(mixed.link, clock);
  const lines = createArrivals();
  let own: Link | null = null;
  let speaking: Promise<void> | null = null;
  let cancelLook: (() => void) | null = null;
  let isClosed = false;

  connection.watch({
    onTakenOver(taken) {
      lines.add(taken, clock);
      // Its first connection is there; it fails only where the link is closed meanwhile.
      speaking ??= speakAlone().catch(() => {});
      if (own !== null) switched.use(own);
    },
    onOwnEnded() {
      if (!isClosed) tcp.connectAgain();
    },
  });
  udp.on("message", (datagram, from) => {
    const isNudge = datagram.length === 0;
    if (isNudge || connection.isOwn) lookAgain(from, isNudge);
    if (connection.isOwn) return;
    tcp.heardFrom({ address: from.address, port: from.port });
    if (isNudge) {
      tcp.greet();
      // The connection may take its time: whoever sent this knows now that it comes.
      udp.send(HELLO, from.port, from.address, () => {});
    }
    if (isNudge || clock.now() < connection.ownEndedAt + LATE_MS) return;
    switched.use(mixed.link);
    mixed.receive(datagram);
  });

  async function speakAlone(): Promise<void> {
    own = await openReconnectingLink(lines.next, { firstPauseMs: 0 }, clock);
    if (connection.isOwn) switched.use(own);
  }

  /**
   * Whoever sends datagrams now has no connection, or one over which nothing comes: one may be gone without a word, if its
   * host was switched off or a router forgot it. But this one may be a late copy.
   */
  function lookAgain(from: RemoteInfo, isNudge: boolean): void {
    const { master } = tcp;
    const isSame = master !== null && master.address === from.address && master.port === from.port;
    const silentMs = isSame ? SILENT_MS : LEFT_MS;
    const isSilent = () => connection.isUp && clock.now() >= connection.heardAt + silentMs;
    if (!isSilent() || cancelLook !== null) return;
    cancelLook = clock.after(LOOK_AGAIN_MS, () => {
      cancelLook = null;
      if (!isSilent()) return;
      connection.giveUp();
      tcp.heardFrom({ address: from.address, port: from.port });
      if (isNudge) tcp.greet();
    });
  }

  const link: Link = {
    ...switched.link,
    get traits() {
      return switched.link.traits;
    },
    get available() {
      return switched.link.available;
    },
    async close() {
      isClosed = true;
      cancelLook?.();
      lines.end();
      await speaking;
      await own?.close();
      await Promise.all([tcp.close(), mixed.link.close()]);
    },
    [Symbol.asyncDispose]: () => link.close(),
  };
  return link;
}

interface Arrivals {
  /** A connection was taken over. It is read from now on; one before it has ended. */
  add(taken: OwnConnection, clock: Clock): void;
  /** The newest one that has not ended, once there is one. */
  next(lost: (error: RpcError) => void): Promise<Link>;
  end(): void;
}

function createArrivals(): Arrivals {
  let newest: { readonly link: Link; tell: ((error: RpcError) => void) | null } | null = null;
  let wake = () => {};
  let isEnded = false;

  return {
    add({ socket, where, received }, clock) {
      const lose = (error: RpcError) => {
        if (newest === arrival) newest = null;
        arrival.tell?.(error);
      };
      const link = createSocketLink(socket, where, clock, lose, received);
      const arrival: NonNullable<typeof newest> = { link, tell: null };
      newest = arrival;
      wake();
    },
    async next(lost) {
      while (newest === null && !isEnded) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (newest === null) throw openError("closed", "the link was closed");
      const arrival = newest;
      newest = null;
      arrival.tell = lost;
      return arrival.link;
    },
    end() {
      isEnded = true;
      wake();
    },
  };
}
