/** What passes between the main thread and the board's, besides the bytes in shared memory. */
import type { BusMessage } from "./bus-channel.js";
import type { ByteMessage } from "./byte-channel.js";
import type { WireChannel } from "./wire.js";

/** A file for the board's memory disk, by absolute path there. */
export interface BoardFile {
  readonly path: string;
  readonly data: Uint8Array;
}

/** What the board's thread starts with. */
export interface BoardSetup {
  readonly wire: WireChannel;
  readonly files: readonly BoardFile[];
  /** Name of the script in the board's working folder, `/flash`. */
  readonly main: string;
  readonly heapBytes: number;
  readonly seed: number;
}

export type BoardMessage =
  | ByteMessage
  | BusMessage
  | { readonly kind: "output"; readonly text: string }
  /** The script's end: null, or the traceback. */
  | { readonly kind: "ended"; readonly error: string | null };
