/** How a slave's answers get onto its line, and how long one is held out where the master comes and fetches it. */
import type { Clock } from "../clock.js";
import type { Link } from "../link/link.js";
import { lengthOfPieces, putPieces } from "../link/put-pieces.js";

export interface Answers {
  /** False: the master has not fetched it. Where bytes wait for their reader, what was taken counts as fetched. */
  put(...pieces: readonly Uint8Array[]): Promise<boolean>;
  /** When all of them are through the wire, where its speed is known; else when the last one was taken. */
  readonly throughAt: number;
}

const PUT_TIMEOUT_MS = 5000;
/** On I2C and SPI: how long an answer is held out to the master, which begins again if it missed it. A late one gets more. */
const HELD_OUT_MS = 100;
const LONGEST_HELD_OUT_MS = 800;
const HELD_OUT_SPREAD = 4;

/** There the master clocks, and may do it as slowly as I2C at 80 kHz: what so many bytes take. */
export const clockedMs = (bytes: number): number => bytes / 8;

export function createAnswers(link: Link, clock: Clock): Answers {
  const { bytesPerMs = null } = link.traits;
  let heldOutMs = HELD_OUT_MS;
  let throughAt = clock.now();

  // A transfer that nobody answers in time tells the master to try again; one that is answered late would not fit.
  async function holdOut(pieces: readonly Uint8Array[]): Promise<boolean> {
    const clocked = clockedMs(lengthOfPieces(pieces));
    const startedAt = clock.now();
    const isFetched = await putPieces(link, pieces, heldOutMs + clocked);
    const wantedMs = isFetched ? (clock.now() - startedAt - clocked) * HELD_OUT_SPREAD : heldOutMs * 2;
    heldOutMs = Math.min(Math.max(wantedMs, HELD_OUT_MS), LONGEST_HELD_OUT_MS);
    return isFetched;
  }

  return {
    async put(...pieces) {
      if (link.traits.framing === "exact") {
        const isFetched = await holdOut(pieces);
        throughAt = clock.now();
        return isFetched;
      }
      const onWireMs = bytesPerMs === null ? 0 : lengthOfPieces(pieces) / bytesPerMs;
      throughAt = Math.max(throughAt, clock.now()) + onWireMs;
      await putPieces(link, pieces, PUT_TIMEOUT_MS);
      throughAt = Math.max(throughAt, clock.now());
      return true;
    },
    get throughAt() {
      return throughAt;
    },
  };
}
