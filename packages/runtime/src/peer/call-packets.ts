/** The packets of a call as a master sends and expects them. */
import { COMMAND_PAYLOAD, encodePacket, Magic, PACKET_OVERHEAD, SIZE_PAYLOAD } from "../packet/packet.js";
import type { Expectation } from "./scan.js";

export const HEADER_REQUEST: Uint8Array = /* @__PURE__ */ encodePacket(Magic.RESULT_HEADER);
export const DATA_REQUEST: Uint8Array = /* @__PURE__ */ encodePacket(Magic.RESULT_DATA);
export const BOTH_REQUESTS: readonly Uint8Array[] = [HEADER_REQUEST, DATA_REQUEST];
export const BOTH_REQUESTS_BYTES: number = HEADER_REQUEST.length + DATA_REQUEST.length;

/** A whole command header, and with its acknowledgement. */
export const HEADER_BYTES: number = COMMAND_PAYLOAD + PACKET_OVERHEAD;
export const HEADER_EXCHANGE_BYTES: number = HEADER_BYTES + PACKET_OVERHEAD;

/** Pairs of requests so close to each other that a slave with a forgotten result in its hands hears one of them. */
export const REQUESTS_FOR_A_FORGOTTEN = 3;

export const HEADER_ACK: Expectation = { magic: Magic.COMMAND_HEADER, payloadBytes: 0 };
export const DATA_ACK: Expectation = { magic: Magic.COMMAND_DATA, payloadBytes: 0 };
export const RESULT_HEADER: Expectation = { magic: Magic.RESULT_HEADER, payloadBytes: SIZE_PAYLOAD };

const NO_RESYNC = new Uint8Array(0);

export function resultData(size: number): Expectation {
  return { magic: Magic.RESULT_DATA, payloadBytes: size, resync: NO_RESYNC };
}
