/** A slave whose line breaks and comes back: it goes on, and knows what it was asked before. */
import { describe, expect, it } from "vitest";
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { createMemoryLink } from "../link/memory-link.js";
import { openReconnectingLink } from "../link/reconnecting-link.js";
import { hashName } from "../packet/hash-name.js";
import { encodeCommand, encodePacket, encodeU32, Magic } from "../packet/packet.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createSlave } from "./create-slave.js";

const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const ARGUMENT = Uint8Array.of(7, 8);
const HEADER = encodePacket(Magic.COMMAND_HEADER, encodeCommand(hashName("echo"), ARGUMENT.length));
const DATA = encodePacket(Magic.COMMAND_DATA, ARGUMENT);
const COMMAND = join(HEADER, DATA);
const ASK = join(encodePacket(Magic.RESULT_HEADER), encodePacket(Magic.RESULT_DATA));
const ACKS = join(encodePacket(Magic.COMMAND_HEADER), encodePacket(Magic.COMMAND_DATA));
const ANSWER = join(
  encodePacket(Magic.RESULT_HEADER, encodeU32(2)),
  encodePacket(Magic.RESULT_DATA, ARGUMENT),
);

async function setUp({ tries = Number.POSITIVE_INFINITY, isMute = (): boolean => false } = {}) {
  const clock = createVirtualClock();
  const lines: Link[] = [];
  let isThere = true;
  const link = await openReconnectingLink(
    async () => {
      if (!isThere) throw new RpcError("link-failure", "no port", { phase: "open", executed: "no" });
      const [near, far] = createMemoryLink({ clock });
      lines.push(far);
      const { putBytes } = near;
      near.putBytes = async (...args) => {
        if (isMute()) await far.close();
        return putBytes(...args);
      };
      return near;
    },
    { firstPauseMs: 10, longestPauseMs: 10, tries },
    clock,
  );
  let runs = 0;
  const slave = createSlave(link, { clock });
  slave.register("echo", (argument) => {
    runs += 1;
    return argument;
  });
  let ended: unknown = null;
  void slave.serve().catch((error: unknown) => {
    ended = error;
  });
  const line = () => lines.at(-1) as Link;
  return {
    clock,
    slave,
    runs: () => runs,
    ended: () => ended,
    async say(bytes: Uint8Array): Promise<Uint8Array> {
      await line().putBytes(bytes, 1000);
      await clock.advance(1);
      const answered = new Uint8Array(line().available);
      await line().getBytes(answered, 0);
      return answered;
    },
    async breakLine(isBackSoon = true): Promise<void> {
      isThere = isBackSoon;
      await line().close();
      await clock.advance(100);
    },
  };
}

describe("a slave whose line breaks and comes back", () => {
  it("goes on serving", async () => {
    const { say, breakLine, ended } = await setUp();
    for (let time = 0; time < 5; time += 1) {
      expect(await say(join(COMMAND, ASK))).toEqual(join(ACKS, ANSWER));
      await breakLine();
    }
    expect(ended()).toBeNull();
  });

  it("does not run a command again that is repeated after the break", async () => {
    const { say, breakLine, runs } = await setUp();
    expect(await say(COMMAND)).toEqual(ACKS);
    await breakLine();
    expect(await say(COMMAND)).toEqual(ACKS);
    expect(await say(ASK)).toEqual(ANSWER);
    expect(runs()).toBe(1);
  });

  it("does not run it again either where it broke while the result was given out", async () => {
    let isMute = false;
    const { clock, say, runs } = await setUp({ isMute: () => isMute });
    expect(await say(COMMAND)).toEqual(ACKS);
    isMute = true;
    await say(ASK).catch(() => {});
    isMute = false;
    await clock.advance(100);
    expect(await say(COMMAND)).toEqual(ACKS);
    expect(await say(ASK)).toEqual(ANSWER);
    expect(runs()).toBe(1);
  });

  it("takes no data for a header that came before the break", async () => {
    const { say, breakLine, runs } = await setUp();
    await say(HEADER);
    await breakLine();
    expect(await say(DATA)).toEqual(new Uint8Array(0));
    expect(runs()).toBe(0);
    expect(await say(join(COMMAND, ASK))).toEqual(join(ACKS, ANSWER));
  });

  it("ends when its link does: given up, or closed", async () => {
    const givenUp = await setUp({ tries: 3 });
    await givenUp.breakLine(false);
    await givenUp.clock.advance(2000);
    expect(givenUp.ended()).toMatchObject({ code: "link-failure", message: "no port", phase: "serve" });
    const closed = await setUp();
    await closed.slave.close();
    await closed.clock.advance(1);
    expect(closed.ended()).toMatchObject({ code: "closed", phase: "serve" });
  });
});
