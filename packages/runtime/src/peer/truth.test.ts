/** Whether a call ran, as its error says: for each point that a call can have come to, and each way to end there. */
import { describe, expect, it } from "vitest";
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { createMemoryLink } from "../link/memory-link.js";
import { encodePacket, encodeU32, Magic } from "../packet/packet.js";
import { createVirtualClock, type VirtualClock } from "../testing/virtual-clock.js";
import { createMaster } from "./create-master.js";
import type { Master } from "./types.js";

const SHAPES = ["stepwise", "paired", "one-trip"] as const;
type Shape = (typeof SHAPES)[number];

const EMPTY = new Uint8Array(0);
const ANSWERS: Readonly<Record<number, Uint8Array>> = {
  [Magic.COMMAND_HEADER]: encodePacket(Magic.COMMAND_HEADER),
  [Magic.COMMAND_DATA]: encodePacket(Magic.COMMAND_DATA),
  [Magic.RESULT_HEADER]: encodePacket(Magic.RESULT_HEADER, encodeU32(4)),
  [Magic.RESULT_DATA]: encodePacket(Magic.RESULT_DATA, new Uint8Array(4)),
};

interface Point {
  readonly name: string;
  /** What the slave answers from the call on. */
  readonly answered: readonly Magic[];
  readonly phase: "command" | "result";
  readonly executed: Readonly<Record<Shape, "no" | "yes" | "unknown">>;
}

const UNKNOWN = { stepwise: "unknown", paired: "unknown", "one-trip": "unknown" } as const;
const YES = { stepwise: "yes", paired: "yes", "one-trip": "yes" } as const;
const TO_THE_DATA = [Magic.COMMAND_HEADER, Magic.COMMAND_DATA];

const POINTS: readonly Point[] = [
  {
    name: "nothing was acknowledged",
    answered: [],
    phase: "command",
    // Step by step the data has not even been sent; else it may be the acknowledgement that was lost.
    executed: { stepwise: "no", paired: "unknown", "one-trip": "unknown" },
  },
  {
    name: "the header was acknowledged",
    answered: [Magic.COMMAND_HEADER],
    phase: "command",
    executed: UNKNOWN,
  },
  { name: "the data was acknowledged", answered: TO_THE_DATA, phase: "result", executed: UNKNOWN },
  {
    name: "the result was announced",
    answered: [...TO_THE_DATA, Magic.RESULT_HEADER],
    phase: "result",
    executed: YES,
  },
];

interface Way {
  readonly name: string;
  readonly code: string;
  end(call: RunningCall): Promise<unknown>;
}

interface RunningCall {
  readonly clock: VirtualClock;
  readonly master: Master;
  readonly link: BreakableLink;
  readonly line: Link;
}

/** When it is ended: long before it would end by itself. */
const ENDED_AFTER_MS = 100;

const WAYS: readonly Way[] = [
  {
    name: "runs into its deadline",
    code: "timeout",
    end: ({ master }) => master.call("f", EMPTY, { timeoutMs: ENDED_AFTER_MS }),
  },
  {
    name: "is aborted",
    code: "aborted",
    end({ master, clock }) {
      const stop = new AbortController();
      clock.after(ENDED_AFTER_MS, () => stop.abort());
      return master.call("f", EMPTY, { signal: stop.signal });
    },
  },
  {
    name: "loses its master",
    code: "closed",
    end({ master, clock }) {
      clock.after(ENDED_AFTER_MS, () => void master.close());
      return master.call("f", EMPTY);
    },
  },
  {
    name: "loses the other side",
    code: "closed",
    end({ master, clock, line }) {
      clock.after(ENDED_AFTER_MS, () => void line.close());
      return master.call("f", EMPTY);
    },
  },
  {
    name: "loses its cable",
    code: "link-failure",
    end({ master, clock, link }) {
      clock.after(ENDED_AFTER_MS, () => link.unplug());
      return master.call("f", EMPTY);
    },
  },
  { name: "runs out of tries", code: "timeout", end: ({ master }) => master.call("f", EMPTY) },
];

interface BreakableLink extends Link {
  /** From here on every read and write fails, those under way too. */
  unplug(): void;
}

function breakable(link: Link): BreakableLink {
  const failure = new RpcError("link-failure", "unplugged (ENODEV)", { phase: "open", executed: "unknown" });
  let fail = (_error: RpcError) => {};
  const unplugged = new Promise<never>((_, reject) => {
    fail = reject;
  });
  unplugged.catch(() => {});
  return {
    traits: link.traits,
    get available() {
      return link.available;
    },
    getBytes: (into, timeoutMs, signal) => Promise.race([unplugged, link.getBytes(into, timeoutMs, signal)]),
    putBytes: (data, timeoutMs, signal) => Promise.race([unplugged, link.putBytes(data, timeoutMs, signal)]),
    flush: () => Promise.race([unplugged, link.flush()]),
    close: () => link.close(),
    [Symbol.asyncDispose]: () => link.close(),
    unplug: () => fail(failure),
  };
}

/** A master that has called before, so that nothing is new to it, and a slave that answers from now on as told. */
async function setUp(shape: Shape, answered: readonly Magic[]): Promise<RunningCall> {
  const clock = createVirtualClock();
  const [near, line] = createMemoryLink({ clock });
  const link = breakable(near);
  const master = createMaster(link, { clock, shape });
  let isTold = false;
  void answerPackets(line, (magic) => !isTold || answered.includes(magic)).catch(() => {});
  await clock.run(master.call("f", EMPTY));
  isTold = true;
  return { clock, master, link, line };
}

async function answerPackets(line: Link, isAnswered: (magic: Magic) => boolean): Promise<void> {
  const start = new Uint8Array(2);
  while (await line.getBytes(start, 1e9)) {
    const magic = (((start[1] ?? 0) << 8) | (start[0] ?? 0)) as Magic;
    await line.getBytes(new Uint8Array(magic === Magic.COMMAND_HEADER ? 10 : 2), 1e9);
    const answer = ANSWERS[magic];
    if (answer !== undefined && isAnswered(magic)) await line.putBytes(answer, 1000);
  }
}

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "it was answered",
    (error: unknown) => error,
  );

describe.each(SHAPES)("a %s call", (shape) => {
  describe.each(POINTS)("of which $name", ({ answered, phase, executed }) => {
    it.each(WAYS)("and which $name says whether it ran", async ({ code, end }) => {
      const call = await setUp(shape, answered);
      const failure = await call.clock.run(failureOf(end(call)));
      expect(failure).toMatchObject({ code, phase, executed: executed[shape] });
    });
  });

  describe("that waits behind another", () => {
    it.each(WAYS.slice(0, -1))("and which $name has not run", async ({ code, end }) => {
      const call = await setUp(shape, TO_THE_DATA);
      const first = failureOf(call.master.call("f", EMPTY, { recvTimeoutMs: 10_000 }));
      const failure = await call.clock.run(failureOf(end(call)));
      expect(failure).toMatchObject({ code, executed: "no" });
      await call.master.close();
      await call.clock.run(first);
    });
  });
});
