/**
 * Opening the two ends of a link over the network. Each has two ways to speak: as the former library does, by UDP and TCP
 * beside each other (`network-mixed.ts`), and with a peer of this library over their TCP connection alone, where nothing
 * overtakes or comes twice (`network-master.ts`, `network-slave.ts`).
 */
import type { Link } from "../link/link.js";
import { checkPort } from "./check-port.js";
import { explainNetwork, placeOf } from "./network-errors.js";
import { createMasterLink } from "./network-master.js";
import { createSlaveLink } from "./network-slave.js";
import { createMasterSide, createSlaveSide, type Remote } from "./network-tcp.js";
import { checkAborted } from "./open-error.js";
import type { NetworkHost, Sockets, UdpSocket } from "./sockets.js";
import { DEFAULT_PORT } from "./tcp-connect.js";
import { type ReconnectChoice, withReconnect } from "./with-reconnect.js";

export interface NetworkMasterOptions {
  /** Address or name of the slave. */
  readonly slaveIp: string;
  /** The address to bind to; every one of this machine by default. */
  readonly myIp?: string;
  /** This side's port, for UDP and TCP; 0x1DBA (7610) by default, 0 takes a free one. The slave connects to it. */
  readonly port?: number;
  /** The slave's port; the same by default, 0x1DBA where that is 0. */
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
      const { slaveIp, port = DEFAULT_PORT, slavePort = port || DEFAULT_PORT } = options;
      checkPort(port, 0);
      checkPort(slavePort, 1);
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
      return createMasterLink({ udp, tcp, remote, clock, lost });
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
      checkPort(port, 0);
      const udp = await bindUdp(sockets, myIp.includes(":") ? "udp6" : "udp4", myIp, port);
      return createSlaveLink({ udp, tcp: createSlaveSide(machine), clock, lost });
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
