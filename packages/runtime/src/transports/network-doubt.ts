/**
 * A connection may be gone without a word: its host was switched off, a router forgot it. The system notices after many
 * minutes where something was sent and never acknowledged. The slave, which dials, hears of it sooner: by datagrams its
 * master says again and again what it would not repeat if the connection had brought what belongs to it.
 */
import type { Clock } from "../clock.js";
import { COMMAND_PAYLOAD, decodePacket, Magic, PACKET_OVERHEAD, readU32 } from "../packet/packet.js";
import { LARGEST_DATAGRAM } from "./network-route.js";

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
const COMMAND_HEADER_BYTES = COMMAND_PAYLOAD + PACKET_OVERHEAD;

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
      if (datagram.length === PACKET_OVERHEAD) {
        const isRequest = [Magic.RESULT_HEADER, Magic.RESULT_DATA].some((magic) =>
          decodePacket(datagram, magic),
        );
        return isRequest && isResult && isDoubtful();
      }
      const command =
        datagram.length === COMMAND_HEADER_BYTES ? decodePacket(datagram, Magic.COMMAND_HEADER) : null;
      if (command === null) return false;
      // Whoever begins a call has what it wanted of the last one, or has given it up.
      if (isResult) since = null;
      isResult = false;
      if (readU32(command, COMMAND_PAYLOAD / 2) + PACKET_OVERHEAD > LARGEST_DATAGRAM) return isDoubtful();
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
