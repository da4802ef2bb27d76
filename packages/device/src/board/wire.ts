/** What the board's ports lead to: one of them is wired, the others hang in the air. */
import type { BusBoardEnd, BusChannel } from "./bus-channel.js";
import type { ByteBoardEnd, ByteChannel } from "./byte-channel.js";

/** Bytes in order; CAN frames as records of 16 bytes, as Linux's `struct can_frame` has them. */
export type ByteWireKind = "uart" | "usb" | "tcp" | "can";
export type BusWireKind = "i2c" | "spi";
export type WireKind = ByteWireKind | BusWireKind;

/** As it is handed to the board's thread. */
export type WireChannel =
  | { readonly kind: ByteWireKind; readonly bytes: ByteChannel }
  | { readonly kind: BusWireKind; readonly bus: BusChannel };

/** The board's end. */
export type BoardWire =
  | { readonly kind: ByteWireKind; readonly bytes: ByteBoardEnd }
  | { readonly kind: BusWireKind; readonly bus: BusBoardEnd };

/** Bytes of a port that leads nowhere. */
export const UNWIRED_BYTES: ByteBoardEnd = {
  available: () => 0,
  waitForData: () => false,
  take: () => 0,
  send: () => true,
  connection: () => 0,
  hangUp: () => {},
};
