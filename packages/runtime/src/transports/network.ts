/**
 * A link over the network as the former desktop library and its cameras speak: short messages by UDP, long
 * ones and streams by TCP, where the slave connects to the master (`network-link.ts`). Two ends of this library speak
 * over that connection alone. Plain TCP is beside it, in `tcp.ts`.
 */
import { type Clock, systemClock } from "../clock.js";
import type { Link } from "../link/link.js";
import {
  type NetworkMasterOptions,
  type NetworkSlaveOptions,
  openMasterEnd,
  openSlaveEnd,
} from "./network-link.js";
import { systemSockets } from "./sockets.js";

export type { NetworkMasterOptions, NetworkSlaveOptions } from "./network-link.js";
export {
  listenTcp,
  openTcp,
  type TcpListener,
  type TcpListenOptions,
  type TcpOptions,
} from "./tcp.js";

/** Opens the master's end. Rejects with an `RpcError` of phase `open`, `link-failure` or `aborted`. */
export function openNetworkMaster(options: NetworkMasterOptions, clock: Clock = systemClock): Promise<Link> {
  return openMasterEnd(options, { clock, sockets: systemSockets });
}

/** Opens the slave's end, which answers whoever spoke last. Rejects like `openNetworkMaster`. */
export function openNetworkSlave(
  options: NetworkSlaveOptions = {},
  clock: Clock = systemClock,
): Promise<Link> {
  return openSlaveEnd(options, { clock, sockets: systemSockets });
}
