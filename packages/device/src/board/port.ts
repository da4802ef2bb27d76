/** The host's side of the port that is wired: what reaches the board's thread, and what others may hold of it. */
import type { Link } from "@rpcgen/runtime";
import type { BoardMessage } from "./board-messages.js";
import type { BusHostEnd } from "./bus-channel.js";
import type { WireChannel } from "./wire.js";

/** A frame of a CAN bus with an 11-bit id and at most 8 bytes. */
export interface CanFrame {
  readonly id: number;
  readonly data: Uint8Array;
}

/** The bus that the board's CAN controller is on. */
export interface CanWire {
  /** Another node's frame; resolves once the board has it. */
  send(frame: CanFrame): Promise<void>;
}

/** The I2C bus as another master sees it. */
export type I2cWire = Pick<BusHostEnd, "read" | "write">;
/** The SPI bus as its master sees it. */
export type SpiWire = Pick<BusHostEnd, "shift">;

/** What the holder of the camera gets; null where the port is another one. */
export interface PortFaces {
  /** Where another program opens it. */
  readonly path: string | null;
  readonly link: Link | null;
  readonly can: CanWire | null;
  readonly i2c: I2cWire | null;
  readonly spi: SpiWire | null;
}

export const NO_FACES: PortFaces = { path: null, link: null, can: null, i2c: null, spi: null };

export interface Port {
  readonly faces: PortFaces;
  /** Handed to the board's thread. */
  readonly channel: WireChannel;
  /** To be called with each message of the board. */
  receive(message: BoardMessage): void;
  /** Begins to hand over what the host sends. */
  start(): void;
  /** Resolves once what the board has sent is on its way. */
  drained(): Promise<void>;
  /** Stops it and releases everything. A second close does nothing. */
  close(): Promise<void>;
}
