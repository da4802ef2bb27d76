/** What the board's UART is wired to on the host: a pseudo terminal, or one end of a memory link. */
import type { Link } from "@rpcgen/runtime";

export interface Line {
  /** Where another program opens it, or null. */
  readonly path: string | null;
  /** The other end, or null. */
  readonly link: Link | null;
  /** Takes what the board sends; resolves once it is on the line. */
  write(data: Uint8Array): Promise<void>;
  /** Begins to hand over what the host sends; the next piece comes when the last one's promise resolves. */
  start(onData: (data: Uint8Array) => Promise<void>): void;
  /** Stops it and releases everything. A second close does nothing. */
  close(): Promise<void>;
}
