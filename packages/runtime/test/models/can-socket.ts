/** What all modelled sockets of the CAN package have in common: filters, and what the kernel's files say of an interface. */
import type { CanMessage } from "../../src/transports/can-channel.js";

/** What `send` answers where the kernel took the frame. */
export const SENT_BYTES = 16;
const EFF_FLAG = 0x8000_0000;
const RTR_FLAG = 0x4000_0000;

export interface CanFilters {
  filter: { readonly id: number; readonly mask: number };
  errorMask: number;
}

/** Whether a socket with these filters gets the frame. */
export function passes(message: CanMessage, { filter, errorMask }: CanFilters): boolean {
  if (message.err === true) return (message.id & errorMask) !== 0;
  const id = (message.id | (message.ext ? EFF_FLAG : 0) | (message.rtr ? RTR_FLAG : 0)) >>> 0;
  return (id & filter.mask) >>> 0 === (filter.id & filter.mask) >>> 0;
}

/** What `/sys/class/net/can0` says: type 280 is CAN, and bit 0 of the flags is "up". */
export function readInterfaceFile(path: string, isUp: boolean): string | null {
  if (!path.startsWith("/sys/class/net/can0/")) return null;
  if (path.endsWith("/type")) return "280\n";
  return isUp ? "0x41\n" : "0x40\n";
}
