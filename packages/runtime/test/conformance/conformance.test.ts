/** Our master (step by step) and our slave against the recorded bytes of stock peers, in virtual time. */
import { describe, expect, it } from "vitest";
import { crc16 } from "../../src/packet/crc16.js";
import { hashName } from "../../src/packet/hash-name.js";
import { decodePacket, encodePacket, type Magic } from "../../src/packet/packet.js";
import { FIRST_STREAM_TOKEN, nextStreamToken } from "../../src/packet/stream-tokens.js";
import {
  type Exchange,
  fromHex,
  inOrder,
  readDeviations,
  readExchanges,
  readVectors,
  toHex,
} from "./exchange.js";
import { callsOf, replayMaster } from "./replay-master.js";
import { replaySlave } from "./replay-slave.js";

const vectors = readVectors();
const exchanges = readExchanges();

describe("recorded vectors", () => {
  it("gives every name its id", () => {
    const agreed = vectors.hash.filter(({ agree }) => agree);
    expect(agreed.map(({ name }) => hashName(name))).toEqual(
      agreed.map(({ all_utf8_bytes }) => all_utf8_bytes),
    );
    for (const { name } of vectors.hash.filter(({ agree }) => !agree)) {
      expect(() => hashName(name)).toThrow(RangeError);
    }
  });

  it("works out every crc", () => {
    expect(vectors.crc16.map(({ data_hex }) => crc16(fromHex(data_hex)))).toEqual(
      vectors.crc16.map((vector) => vector.crc16),
    );
  });

  it("writes and reads every packet", () => {
    for (const { magic, payload_hex, packet_hex } of vectors.packets) {
      const packet = encodePacket(magic as Magic, fromHex(payload_hex));
      expect(toHex(packet)).toBe(packet_hex);
      expect(decodePacket(packet, magic as Magic)).toEqual(fromHex(payload_hex));
      packet[packet.length - 1] = (packet.at(-1) ?? 0) ^ 1;
      expect(decodePacket(packet, magic as Magic)).toBeNull();
    }
  });

  it("steps through the tokens of a stream", () => {
    let token = FIRST_STREAM_TOKEN;
    for (const expected of vectors.stream_tokens_lfsr) {
      expect(token).toBe(expected);
      token = nextStreamToken(token);
    }
  });
});

function describePeer(peer: string, check: (exchange: Exchange) => Promise<void>): void {
  const intended = new Set(readDeviations(peer).map(({ exchange }) => exchange));

  describe(peer, () => {
    it("deviates only in exchanges that were recorded", () => {
      expect(exchanges.map(({ name }) => name)).toEqual(expect.arrayContaining([...intended]));
    });

    it.each(exchanges.filter(({ name }) => !intended.has(name)))("$name: the same bytes", check);

    it.each(exchanges.filter(({ name }) => intended.has(name)))(
      "$name: differs on purpose",
      async (exchange) => {
        await expect(check(exchange)).rejects.toThrow(/expected/);
      },
    );
  });
}

describePeer("@rpcgen/runtime master", async (exchange) => {
  const outcome = await replayMaster(exchange);
  expect(inOrder(outcome.sent)).toEqual(inOrder(exchange.bytes));
  expect(outcome.results).toEqual(callsOf(exchange).map(({ result_hex }) => result_hex));
  if (exchange.stream?.direction === "s2m") expect(outcome.frames).toEqual(exchange.stream.frames_hex);
});

describePeer("@rpcgen/runtime slave", async (exchange) => {
  expect(inOrder(await replaySlave(exchange))).toEqual(inOrder(exchange.bytes));
});
