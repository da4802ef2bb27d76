/** What peers expect of a line, and what they find on it. */
export interface Expectation {
  readonly magic: number;
  readonly payloadBytes: number;
  /** Set where the payload is a person's data: what to look for inside it if it is damaged. */
  readonly resync?: Uint8Array;
}

export interface Packet {
  readonly magic: number;
  readonly payload: Uint8Array;
}

export interface ScanLimits {
  /** How long to wait for the first byte of a packet. */
  readonly waitMs: number;
  /** Ends a packet under way too; on the clock's scale. */
  readonly deadline?: number;
  /** Ends the wait for a first byte, and a packet under way. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the wait for a first byte only: a packet that has begun is read to its end. */
  readonly wake?: AbortSignal | undefined;
  /** Where a read is one transfer: whether anything else than the packet ends the wait, too. */
  readonly onlyFirst?: boolean;
}

/** Where a read is one transfer, only the last of the expected packets is looked for: see `transfer-scanner.ts`. */
export interface PacketScanner {
  /** Bytes skipped so far: noise, damaged packets, and such as nobody waited for. */
  readonly skippedBytes: number;
  /** The next packet that is expected and undamaged, or null if none began in time. */
  next(expected: readonly Expectation[], limits: ScanLimits): Promise<Packet | null>;
}
