/** A link moves exact numbers of bytes before a deadline. It knows nothing of packets or calls. */
import type { Turnaround } from "./turnaround.js";

export interface LinkTraits {
  /** `stream`: bytes as they come (UART, memory, TCP). `exact`: a read matches one transfer (CAN, I2C, SPI). */
  readonly framing: "stream" | "exact";
  /** Largest queue depth that a stream writer may grant on this link (I2C and SPI: 1). */
  readonly streamDepth: number;
  /** Most bytes in one transfer, or null where there is no limit. */
  readonly largestTransfer: number | null;
  /** True where the other side reads whole transfers: each packet is then handed over in a `putBytes` of its own. */
  readonly packetsApart?: boolean;
  /** False where bytes of different writes may overtake each other: calls are then spoken step by step. */
  readonly keepsOrder?: boolean;
  /** False where nobody says whether the other side is ready, as on SPI: what it was not ready for is lost. */
  readonly tellsReady?: boolean;
  /** True while a failure is not the end: the link opens itself again. A slave then goes on serving. */
  readonly comesBack?: boolean;
  /**
   * Where nothing is lost between the two ends and order is kept, but bytes may be held back for so long, in ms, and
   * then come all at once (TCP). Calls then go by the order of answers, not by the time that they take.
   */
  readonly stallsMs?: number;
  /** How fast the line moves bytes; left out where that is unknown or too fast to matter. */
  readonly bytesPerMs?: number;
}

export interface Link extends AsyncDisposable {
  readonly traits: LinkTraits;
  /** Bytes received and not read yet (0 where a link can't tell). */
  readonly available: number;
  /** Where transfers must not come faster than the other side gets ready for them (I2C, SPI; the master's end). */
  readonly turnaround?: Turnaround | undefined;
  /**
   * Fills `into` whole and resolves true, or resolves false when that did not happen within `timeoutMs`
   * or before the signal aborted; then nothing was consumed: the bytes that did come stay until they are
   * read or flushed. One read at a time. Rejects with `RpcError` (`closed`, `link-failure`) when the link
   * ends.
   */
  getBytes(into: Uint8Array, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /**
   * Hands `data` to the line in one write; true once it is taken, false if not within `timeoutMs` or
   * before the signal aborted (it may still go out then). `data` may be reused after true. Rejects like
   * `getBytes`.
   */
  putBytes(data: Uint8Array, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /**
   * As `putBytes`, for several pieces that go out in one write without being joined first. Left out where the line
   * wants one array: it is then given one.
   */
  putPieces?(pieces: readonly Uint8Array[], timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /**
   * Resolves once there is a line to speak over, or when the signal aborts; rejects like `getBytes`, and with what
   * ails the line when there is none within `timeoutMs`. Left out where there always is one.
   */
  ready?(timeoutMs: number, signal?: AbortSignal): Promise<void>;
  /**
   * A master says before each call that none is under way, and gives it what time the call has. A link that has several ways to
   * speak changes them only now, and `traits` with it; it rejects like `ready`. Left out where there is one way.
   */
  betweenCalls?(timeoutMs: number, signal?: AbortSignal): Promise<void>;
  /** Discards everything received so far. */
  flush(): Promise<void>;
  /** Ends it; pending reads and writes reject with `closed`. A second close does nothing. */
  close(): Promise<void>;
}
