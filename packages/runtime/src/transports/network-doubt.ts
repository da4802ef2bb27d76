/**
 * A connection may be gone without a word: its host was switched off, a router forgot it. The system notices after many
 * minutes where something was sent and never acknowledged. The slave, which dials, hears of it sooner: by datagrams its
 * master says again and again what it would not repeat if the connection had brought what belongs to it.
 */
import type { Clock } from "../clock.js";
import { announcedBytes, isLong, isRequest } from "./network-route.js";

export interface NetworkDoubt {
  /** A datagram came; whether the connection is to be made anew. */
  hears(datagram: Uint8Array): boolean;
  /** A long message of this side went out by the connection. */
  wrote(): void;
  /** Something came by the connection: it is there. */
  heardByTcp(): void;
}

/** Longer than a segment takes that was lost twice. */
const DOUBTFUL_AFTER_MS = 700;

export function createNetworkDoubt(clock: Clock): NetworkDoubt {
  /** When what should have come, or been taken, was first spoken of; null where nothing is missing. */
  let since: number | null = null;
  let isResult = false;

  function isDoubtful(): boolean {
    since ??= clock.now();
    if (clock.now() - since < DOUBTFUL_AFTER_MS) return false;
    since = null;
    return true;
  }

  return {
    hears(datagram) {
      if (isRequest(datagram)) return isResult && isDoubtful();
      const announced = announcedBytes(datagram);
      if (announced === null) return false;
      // Whoever begins a call has what it wanted of the last one, or has given it up.
      if (isResult) since = null;
      isResult = false;
      if (isLong(announced)) return isDoubtful();
      since = null;
      return false;
    },
    wrote() {
      if (!isResult) since = clock.now();
      isResult = true;
    },
    heardByTcp() {
      if (!isResult) since = null;
    },
  };
}
