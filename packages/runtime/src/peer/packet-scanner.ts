/** Finding packets in what a line delivers: what peers ask for, and how they get it over either kind of link. */
import type { Clock } from "../clock.js";
import type { PushbackLink } from "../link/pushback-link.js";
import type { PacketScanner } from "./scan.js";
import { createStreamScanner } from "./stream-scanner.js";
import { createTransferScanner } from "./transfer-scanner.js";

export function createPacketScanner(link: PushbackLink, clock: Clock): PacketScanner {
  return link.traits.framing === "exact"
    ? createTransferScanner(link, clock)
    : createStreamScanner(link, clock);
}
