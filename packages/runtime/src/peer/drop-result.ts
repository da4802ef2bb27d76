/** A result that nobody waits for any more: once its header came, its data is read and forgotten. */
import { PACKET_OVERHEAD, readU32 } from "../packet/packet.js";
import { resultData } from "./call-packets.js";
import type { CallScope } from "./call-scope.js";
import type { Line } from "./line.js";
import type { Packet } from "./scan.js";

/** @param attempt Which try, 0 first, brought the header: later ones wait longer for the data. */
export async function dropResult(
  line: Line,
  scope: CallScope,
  header: Packet,
  attempt: number,
): Promise<void> {
  const size = readU32(header.payload, 0);
  const restMs = line.patience.restMs(attempt, size + PACKET_OVERHEAD);
  if (size <= line.maxMessageBytes) await line.await([resultData(size)], scope, restMs);
}
