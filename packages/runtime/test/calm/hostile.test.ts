import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodePacket, encodeU32, Magic } from "../../src/packet/packet.js";
import { attackMaster, attackSlave } from "./hostile.js";
import { hostileSlave, hostileWrites, victimAction } from "./hostile-writes.js";

const RUNS = 800;
const escaped: unknown[] = [];
const note = (error: unknown) => escaped.push(error);

beforeAll(() => void process.on("unhandledRejection", note));
afterAll(() => void process.off("unhandledRejection", note));

it("a master ends its calls in time with an answer or an RpcError, whatever a slave writes", async () => {
  await fc.assert(
    fc.asyncProperty(hostileSlave, victimAction, async (attacker, action) => {
      expect(await attackMaster(attacker, action)).toBeNull();
    }),
    { numRuns: RUNS },
  );
  expect(escaped).toEqual([]);
});

// Found by a long run: a frame of 64 KiB is announced, and comes for as long as the slave likes.
it("a stream ends in time whose frame comes at a byte a second", async () => {
  const frameHeader = encodePacket(Magic.STREAM_FRAME, encodeU32(64 * 1024));
  const drops = { pauseMs: 0, bytes: new Uint8Array(2000), byteEveryMs: 900 };
  const attacker = { honestReplies: 4, replies: [frameHeader], writes: [drops] };
  const outcomes: string[] = [];
  expect(await attackMaster(attacker, "stream", (outcome) => outcomes.push(outcome))).toBeNull();
  expect(outcomes).toEqual(["stream: stream-broken, stream, executed: yes"]);
});

it("a slave goes on serving, whatever a master writes", async () => {
  await fc.assert(
    fc.asyncProperty(hostileWrites, async (writes) => {
      expect(await attackSlave(writes)).toBeNull();
    }),
    { numRuns: RUNS },
  );
  expect(escaped).toEqual([]);
});
