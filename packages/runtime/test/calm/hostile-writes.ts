/** What a hostile peer may write: bytes of chance, packets that are almost right, sizes of every kind, all at any pace. */
import fc from "fast-check";
import { hashName } from "../../src/index.js";
import { encodeCommand, encodePacket, encodeU32, Magic } from "../../src/packet/packet.js";
import { nextStreamToken } from "../../src/packet/stream-tokens.js";
import type { HostileSlave, HostileWrite, VictimAction } from "./hostile.js";

const magic = fc.constantFrom(...Object.values(Magic));
const size = fc.oneof(
  fc.constantFrom(0, 1, 3, 4, 65_535, 65_536, 65_537, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
  fc.nat(200),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
);
const someBytes = fc.uint8Array({ maxLength: 64 });
const id = fc.oneof(fc.constantFrom(hashName("echo"), hashName("frames")), fc.nat());

const packet = fc.oneof(
  magic.map((each) => encodePacket(each)),
  fc.tuple(magic, size).map(([each, value]) => encodePacket(each, encodeU32(value))),
  fc.tuple(magic, someBytes).map(([each, payload]) => encodePacket(each, payload)),
  fc
    .tuple(id, size)
    .map(([function_, bytes]) => encodePacket(Magic.COMMAND_HEADER, encodeCommand(function_, bytes))),
);

/** The two acknowledgements of a call, and a result that may be as long as it says. */
const answer = fc
  .tuple(size, someBytes)
  .map(([claimed, payload]) =>
    join(
      encodePacket(Magic.COMMAND_HEADER),
      encodePacket(Magic.COMMAND_DATA),
      encodePacket(Magic.RESULT_HEADER, encodeU32(claimed)),
      encodePacket(Magic.RESULT_DATA, payload),
    ),
  );

const honestAnswer = someBytes.map((payload) =>
  join(
    encodePacket(Magic.COMMAND_HEADER),
    encodePacket(Magic.COMMAND_DATA),
    encodePacket(Magic.RESULT_HEADER, encodeU32(payload.length)),
    encodePacket(Magic.RESULT_DATA, payload),
  ),
);

/** Frames without end, as far as one input goes: with the sizes that they say, or others. */
const frames = fc
  .tuple(size, fc.nat(100), fc.nat(40))
  .map(([claimed, length, count]) =>
    join(
      ...Array.from({ length: count }, () => [
        encodePacket(Magic.STREAM_FRAME, encodeU32(claimed < 200 ? length : claimed)),
        new Uint8Array(length).fill(count),
      ]).flat(),
    ),
  );

const credits = fc.nat(300).map((count) => {
  const tokens = new Uint8Array(count);
  for (let index = 0, token = 255; index < count; index++, token = nextStreamToken(token))
    tokens[index] = token;
  return tokens;
});

/** A command with its data, whole. */
const command = fc
  .tuple(id, someBytes)
  .map(([function_, payload]) =>
    join(
      encodePacket(Magic.COMMAND_HEADER, encodeCommand(function_, payload.length)),
      encodePacket(Magic.COMMAND_DATA, payload),
    ),
  );

/** A few bytes changed, or cut off. */
const spoiled = fc
  .tuple(fc.oneof(packet, answer, frames, command), fc.nat(), fc.nat(255), fc.boolean())
  .map(([bytes, at, value, isCut]) => {
    if (bytes.length === 0) return bytes;
    const place = at % bytes.length;
    if (isCut) return bytes.slice(0, place);
    const changed = bytes.slice();
    changed[place] = value;
    return changed;
  });

/** A whole call that opens a stream, and the credits of one who reads it. */
const streamedCall = fc
  .tuple(fc.constantFrom(1, 4, 255, 2 ** 32 - 1), credits)
  .map(([depth, tokens]) =>
    join(
      encodePacket(Magic.COMMAND_HEADER, encodeCommand(hashName("frames"), 0)),
      encodePacket(Magic.COMMAND_DATA),
      encodePacket(Magic.RESULT_HEADER),
      encodePacket(Magic.RESULT_DATA),
      encodePacket(Magic.STREAM_SETUP, encodeU32(depth)),
      tokens,
    ),
  );

const result = fc.oneof(
  someBytes.map((payload) =>
    join(
      encodePacket(Magic.RESULT_HEADER, encodeU32(payload.length)),
      encodePacket(Magic.RESULT_DATA, payload),
    ),
  ),
  size.map((claimed) => encodePacket(Magic.RESULT_HEADER, encodeU32(claimed))),
);

const bytes = fc.oneof(
  result,
  streamedCall,
  someBytes,
  packet,
  answer,
  honestAnswer,
  frames,
  credits,
  command,
  spoiled,
);
const pauseMs = fc.oneof(
  { weight: 4, arbitrary: fc.nat(5) },
  { weight: 1, arbitrary: fc.constantFrom(50, 900, 1100) },
);
/** At once, or drop by drop: one byte a second at the slowest. */
const byteEveryMs = fc.oneof(
  { weight: 9, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(3, 90, 1000) },
);

const write: fc.Arbitrary<HostileWrite> = fc.record({ pauseMs, bytes, byteEveryMs });

export const hostileWrites: fc.Arbitrary<HostileWrite[]> = fc.array(write, { minLength: 1, maxLength: 8 });
export const hostileSlave: fc.Arbitrary<HostileSlave> = fc.record({
  honestReplies: fc.nat(6),
  replies: fc.array(bytes, { maxLength: 8 }),
  writes: fc.array(write, { maxLength: 4 }),
});
export const victimAction: fc.Arbitrary<VictimAction> = fc.constantFrom(
  "call",
  "call",
  "stream",
  "send stream",
  "bulk",
);

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
