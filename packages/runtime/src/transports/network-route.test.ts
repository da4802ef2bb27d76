import { describe, expect, it } from "vitest";
import { encodePacket, encodeU32, Magic } from "../packet/packet.js";
import { nextStreamToken } from "../packet/stream-tokens.js";
import { createNetworkRoute } from "./network-route.js";

const bytes = (length: number) => new Uint8Array(length);
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const frameHeader = (size: number) => encodePacket(Magic.STREAM_FRAME, encodeU32(size));

describe("the way of a message", () => {
  it("is UDP up to 1,400 bytes and TCP beyond", () => {
    const route = createNetworkRoute();
    expect([0, 1, 12, 1400, 1401, 70_000].map((length) => route.wayOf(bytes(length)))).toEqual([
      "udp",
      "udp",
      "udp",
      "udp",
      "tcp",
      "tcp",
    ]);
  });

  it("is TCP for all that a reader of a stream says, until its next call", () => {
    const route = createNetworkRoute();
    expect(route.wayOf(encodePacket(Magic.STREAM_SETUP, encodeU32(4)))).toBe("tcp");
    let token = 255;
    for (let credit = 0; credit < 255; credit++) {
      expect(route.wayOf(Uint8Array.of(token))).toBe("tcp");
      const next = nextStreamToken(token);
      expect(route.wayOf(Uint8Array.of(token, next))).toBe("tcp");
      token = next;
    }
    expect(route.wayOf(encodePacket(Magic.COMMAND_HEADER, bytes(8)))).toBe("udp");
    expect(route.wayOf(encodePacket(Magic.COMMAND_DATA, bytes(1)))).toBe("udp");
  });

  it("is TCP for all that a writer of a stream says, in whatever pieces, until something else", () => {
    const route = createNetworkRoute();
    const said = [
      frameHeader(5),
      bytes(5),
      join(frameHeader(3), bytes(3)),
      join(frameHeader(0), frameHeader(10)),
      bytes(4),
      join(bytes(6), frameHeader(2), bytes(1)),
      bytes(1),
    ];
    expect(said.map((message) => route.wayOf(message))).toEqual(said.map(() => "tcp"));
    expect(route.wayOf(encodePacket(Magic.COMMAND_HEADER))).toBe("udp");
  });
});
