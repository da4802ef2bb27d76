/**
 * The two ends of a link over the network: UDP and TCP beside each other.
 *
 * What arrives on both ways is one stream of bytes in the order in which it was sent. Exchanges take turns,
 * so only a long message right behind a short one could overtake it: TCP's bytes wait for the turn's end.
 */
import type { RemoteInfo } from "node:dgram";
import type { Clock } from "../clock.js";
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { createStreamLink } from "../link/stream-link.js";
import { createNetworkDoubt } from "./network-doubt.js";
import { explainNetwork, placeOf } from "./network-errors.js";
import { createNetworkRoute, needsConnection } from "./network-route.js";
import { createNetworkStream, type NetworkStream } from "./network-stream.js";
import { createMasterSide, createSlaveSide, type Remote, type TcpSide } from "./network-tcp.js";
import { checkAborted } from "./open-error.js";
import type { NetworkHost, Sockets, UdpSocket } from "./sockets.js";
import { DEFAULT_PORT } from "./tcp-connect.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export interface NetworkMasterOptions {
  /** Address or name of the slave. */
  readonly slaveIp: string;
  /** The address to bind to; every one of this machine by default. */
  readonly myIp?: string;
  /** This side's port, for UDP and TCP; 0x1DBA (7610) by default. The slave connects to it. */
  readonly port?: number;
  /** The slave's port; the same by default. */
  readonly slavePort?: number;
  /** Comes back by itself after a failure; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

export interface NetworkSlaveOptions {
  /** The address to bind to; every one of this machine by default. */
  readonly myIp?: string;
  /** 0x1DBA (7610) by default. */
  readonly port?: number;
  /** Comes back by itself after a failure; false by default. */
  readonly reconnect?: ReconnectChoice;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

/** `openNetworkMaster` on any sockets. */
export function openMasterEnd(options: NetworkMasterOptions, machine: NetworkHost): Promise<Link> {
  const { clock, sockets } = machine;
  return withReconnect(
    async ({ signal, lost }) => {
      checkAborted(signal);
      const { slaveIp, port = DEFAULT_PORT, slavePort = port } = options;
      const where = placeOf(slaveIp, slavePort);
      const { address, family } = await sockets.lookup(slaveIp).catch((error: unknown) => {
        throw explainNetwork(error, where);
      });
      const myIp = options.myIp ?? (family === 6 ? "::" : "0.0.0.0");
      const remote: Remote = { address, port: slavePort };
      const udp = await bindUdp(sockets, family === 6 ? "udp6" : "udp4", myIp, port);
      const tcp = await createMasterSide({ myIp, port: udp.address().port, remote }, machine).catch(
        (error: unknown) => {
          udp.close();
          throw error;
        },
      );
      return createNetworkLink({ udp, tcp, remote, clock, lost });
    },
    options,
    clock,
  );
}

/** `openNetworkSlave` on any sockets. */
export function openSlaveEnd(options: NetworkSlaveOptions, machine: NetworkHost): Promise<Link> {
  const { clock, sockets } = machine;
  return withReconnect(
    async ({ signal, lost }) => {
      checkAborted(signal);
      const { myIp = "0.0.0.0", port = DEFAULT_PORT } = options;
      const udp = await bindUdp(sockets, myIp.includes(":") ? "udp6" : "udp4", myIp, port);
      return createNetworkLink({ udp, tcp: createSlaveSide(machine), remote: null, clock, lost });
    },
    options,
    clock,
  );
}

function bindUdp(sockets: Sockets, type: "udp4" | "udp6", address: string, port: number): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    const udp = sockets.createUdpSocket(type);
    const fail = (error: Error) => {
      udp.close();
      reject(explainNetwork(error, placeOf(address, port)));
    };
    udp.once("error", fail);
    udp.bind({ address, port, exclusive: true }, () => {
      udp.removeListener("error", fail);
      resolve(udp);
    });
  });
}

interface Parts {
  readonly udp: UdpSocket;
  readonly tcp: TcpSide;
  /** The other side, where it is known from the beginning: only it is listened to. */
  readonly remote: Remote | null;
  readonly clock: Clock;
  lost(error: RpcError): void;
}

function createNetworkLink({ udp, tcp, remote, clock, lost }: Parts): Link {
  const route = createNetworkRoute();
  let current = remote;
  let isFull = false;
  let stream: NetworkStream | null = null;
  // The master can't dial: it takes the newest connection that comes.
  const doubt = remote === null ? createNetworkDoubt(clock) : null;

  /** Frames that nobody waits for any more must not come into the next stream. */
  function followStream(): void {
    if (route.part !== "none") {
      stream ??= createNetworkStream(route.part === "reads", clock);
    } else if (stream !== null) {
      if (stream.mayBringMore && stream.connection !== null) tcp.leave(stream.connection);
      stream = null;
    }
  }

  const bytes = createStreamLink({
    clock,
    traits: { packetsApart: true, keepsOrder: false },
    async write(data, timeoutMs, signal) {
      // Nobody has spoken to this slave yet: there is nobody to answer.
      if (current === null) return false;
      const way = route.wayOf(data);
      followStream();
      if (way === "tcp" || needsConnection(data)) tcp.mayBeNeeded();
      if (way === "tcp") {
        if (route.part === "none") doubt?.wrote();
        return tcp.write(data, timeoutMs, signal, stream);
      }
      await sendDatagram(udp, data, current);
      return true;
    },
    async close() {
      await Promise.all([tcp.close(), new Promise<void>((resolve) => udp.close(() => resolve()))]);
    },
    lost,
    // A datagram that nobody has room for is lost, as on the way.
    pause: () => {
      isFull = true;
      tcp.pause();
    },
    resume: () => {
      isFull = false;
      tcp.resume();
    },
  });
  udp.on("message", (message: Uint8Array, from: RemoteInfo) => {
    if (remote !== null && (from.address !== remote.address || from.port !== remote.port)) return;
    if (remote === null) {
      current = { address: from.address, port: from.port };
      tcp.heardFrom(current, doubt?.hears(message));
    }
    if (isFull || message.length === 0) return;
    if (stream === null || stream.admits(message)) bytes.receive(message, true);
  });
  udp.on("error", (error) => bytes.fail(explainNetwork(error, "UDP")));
  tcp.onData((chunk, connection) => {
    doubt?.heardByTcp();
    if (stream === null || stream.takes(chunk, connection)) bytes.receive(chunk, true);
  });
  return bytes.link;
}

function sendDatagram(udp: UdpSocket, data: Uint8Array, to: Remote): Promise<void> {
  return new Promise((resolve, reject) => {
    udp.send(data, to.port, to.address, (error) => {
      if (error) reject(explainNetwork(error, placeOf(to.address, to.port)));
      else resolve();
    });
  });
}
