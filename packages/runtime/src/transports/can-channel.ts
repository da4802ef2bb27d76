/** The shape of the `socketcan` package, as far as the CAN link uses it. */
import { loadPackage } from "./load-package.js";

export interface CanMessage {
  readonly id: number;
  readonly data: Uint8Array;
  readonly ext?: boolean;
  readonly rtr?: boolean;
  /** An error frame: its id says what happened on the bus. */
  readonly err?: boolean;
}

export interface CanChannel {
  addListener(event: "onMessage", listener: (message: CanMessage) => void): unknown;
  /** Told once when the socket has an error: the interface went down or away; also by `stop`. */
  addListener(event: "onStopped", listener: () => void): unknown;
  start(): unknown;
  /** Once, and not after it stopped by itself. */
  stop(): unknown;
  /** How many bytes the kernel took; below 0 if it took none, and there is no word of why. */
  send(message: CanMessage): number;
  setRxFilters(filter: { readonly id: number; readonly mask: number }): unknown;
  setErrorFilters(mask: number): unknown;
}

export interface CanPackage {
  /** Throws without a reason where there is no such interface. */
  createRawChannelWithOptions(
    name: string,
    options: { readonly timestamps: boolean; readonly non_block_send: boolean },
  ): CanChannel;
}

export const loadSocketcan = (): Promise<CanPackage> => loadPackage<CanPackage>("socketcan", "CAN");

/** Bits beside the id in the kernel's filters: extended frames and remote requests. */
const CAN_EFF_FLAG = 0x8000_0000;
const CAN_RTR_FLAG = 0x4000_0000;
const CAN_SFF_MASK = 0x7ff;

/** Lets through data frames with this 11-bit id and nothing else. */
export const onlyId = (id: number): { readonly id: number; readonly mask: number } => ({
  id,
  mask: (CAN_SFF_MASK | CAN_EFF_FLAG | CAN_RTR_FLAG) >>> 0,
});

/**
 * Lets nothing through: no bus has extended remote requests with the last of all ids. A socket is freed only once its
 * channel is collected, and what it hears until then would wait in the kernel.
 */
export const NOTHING = { id: 0xdfff_ffff, mask: 0xdfff_ffff } as const;

/** Classes of error frames (linux/can/error.h). */
export const CAN_ERR_BUSOFF = 0x40;
