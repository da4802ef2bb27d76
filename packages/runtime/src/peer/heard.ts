/** What has been heard of one call so far, and what the packets that come mean for it. */
import { Magic, readU32 } from "../packet/packet.js";
import { DATA_ACK, HEADER_ACK, RESULT_HEADER, resultData } from "./call-packets.js";
import type { Expectation, Packet } from "./scan.js";

export interface Heard {
  /** Acknowledgements of command headers since the beginning, or since `forget`. */
  readonly headers: number;
  /** When the first of them came. */
  readonly headerAt: number;
  /** Acknowledgements of command data, with or without one of the header: the slave may have run something. */
  readonly datas: number;
  /** When the data was first acknowledged, its header having been; null before. */
  readonly dataAt: number | null;
  /** The result's size, once its header came behind both acknowledgements. */
  readonly size: number | null;
  readonly sizeAt: number;
  readonly answer: Uint8Array | null;
  /** A result's header came although the data's acknowledgement did not: the slave held one. */
  readonly hasHeldResult: boolean;
  /** Something came that only a loss explains. */
  readonly isFaulty: boolean;
  /** All that can come; what is not expected is skipped as noise. */
  expected(): readonly Expectation[];
  take(packet: Packet, now: number): void;
  /** The next command has nothing to do with what was heard before. */
  forget(): void;
}

export function createHeard(maxMessageBytes: number): Heard {
  const acknowledgements = [HEADER_ACK, DATA_ACK, RESULT_HEADER];
  let expectations: Expectation[] = acknowledgements;
  const heard = {
    headers: 0,
    headerAt: 0,
    datas: 0,
    dataAt: null as number | null,
    size: null as number | null,
    sizeAt: 0,
    answer: null as Uint8Array | null,
    hasHeldResult: false,
    isFaulty: false,
    expected: () => expectations,
    take(packet: Packet, now: number) {
      switch (packet.magic) {
        case Magic.COMMAND_HEADER:
          if (heard.headers === 0) heard.headerAt = now;
          heard.headers += 1;
          break;
        case Magic.COMMAND_DATA:
          heard.datas += 1;
          if (heard.headers === 0) heard.isFaulty = true;
          else heard.dataAt ??= now;
          break;
        case Magic.RESULT_HEADER:
          takeSize(readU32(packet.payload, 0), now);
          break;
        default:
          if (heard.dataAt !== null && heard.size !== null) heard.answer = packet.payload;
          expectations = acknowledgements;
      }
    },
    forget() {
      heard.headers = 0;
    },
  };

  function takeSize(size: number, now: number): void {
    expectations = size <= maxMessageBytes ? [...acknowledgements, resultData(size)] : acknowledgements;
    if (heard.dataAt === null) {
      heard.hasHeldResult ||= heard.headers > 0;
      return;
    }
    if (heard.size === null) heard.sizeAt = now;
    heard.size = size;
  }

  return heard;
}
