/**
 * The network as the former library speaks over it: UDP and TCP beside each other.
 *
 * What arrives on both ways is one stream of bytes in the order in which it was sent. Exchanges take turns,
 * so only a long message right behind a short one could overtake it: TCP's bytes wait for the turn's end.
 */
import type { Clock } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { createStreamLink } from "../link/stream-link.js";
import type { Connection } from "./network-connection.js";
import { explainNetwork, placeOf } from "./network-errors.js";
import { createNetworkRoute } from "./network-route.js";
import { createNetworkStream, type NetworkStream } from "./network-stream.js";
import type { Remote } from "./network-tcp.js";
import type { UdpSocket } from "./sockets.js";

export interface MixedLink {
  /** Closing it closes the datagrams' socket and no connection. */
  readonly link: Link;
  /** A datagram came that counts. */
  receive(datagram: Uint8Array): void;
}

export interface MixedOptions {
  readonly udp: UdpSocket;
  readonly connection: Connection;
  readonly clock: Clock;
  lost(error: RpcError): void;
  /** The other side; null as long as nobody has spoken. */
  remote(): Remote | null;
  /** A stream was left before its end: what is still under way on its connection must not come into the next one. */
  leave?(connection: number): void;
}

export function createMixedLink(options: MixedOptions): MixedLink {
  const { udp, connection, clock, lost } = options;
  const route = createNetworkRoute();
  let isFull = false;
  let stream: NetworkStream | null = null;

  function followStream(): void {
    if (route.part !== "none") {
      stream ??= createNetworkStream(route.part === "reads", clock);
    } else if (stream !== null) {
      if (stream.mayBringMore && stream.connection !== null) options.leave?.(stream.connection);
      stream = null;
    }
  }

  const bytes = createStreamLink({
    clock,
    traits: { packetsApart: true, keepsOrder: false },
    async write(data, timeoutMs, signal) {
      const remote = options.remote();
      // Nobody has spoken to this slave yet: there is nobody to answer.
      if (remote === null) return false;
      const way = route.wayOf(data);
      followStream();
      if (way === "tcp") {
        return connection.write(data, timeoutMs, signal, stream);
      }
      await sendDatagram(udp, data, remote);
      return true;
    },
    close: () => new Promise<void>((resolve) => udp.close(() => resolve())),
    lost,
    // A datagram that nobody has room for is lost, as on the way.
    pause: () => {
      isFull = true;
      connection.pause();
    },
    resume: () => {
      isFull = false;
      connection.resume();
    },
  });
  udp.on("error", (error) => bytes.fail(explainNetwork(error, "UDP")));
  connection.onData((chunk, number) => {
    if (stream === null || stream.takes(chunk, number)) bytes.receive(chunk, true);
  });
  return {
    link: bytes.link,
    receive(datagram) {
      if (isFull || datagram.length === 0) return;
      if (stream === null || stream.admits(datagram)) bytes.receive(datagram, true);
    },
  };
}

function sendDatagram(udp: UdpSocket, data: Uint8Array, to: Remote): Promise<void> {
  return new Promise((resolve, reject) => {
    udp.send(data, to.port, to.address, (error) => {
      if (error) reject(explainNetwork(error, placeOf(to.address, to.port)));
      else resolve();
    });
  });
}
