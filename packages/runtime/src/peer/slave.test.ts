/** What a slave does with packets that a good or a bad line brings, packet by packet. */
import { describe, expect, it } from "vitest";
import { createMemoryLink } from "../link/memory-link.js";
import { hashName } from "../packet/hash-name.js";
import { encodeCommand, encodePacket, encodeU32, Magic } from "../packet/packet.js";
import { createTimedLine } from "../testing/timed-line.js";
import { createVirtualClock } from "../testing/virtual-clock.js";
import { createSlave } from "./create-slave.js";
import type { ServeOptions, SlaveOptions } from "./types.js";

const text = (value: string) => new TextEncoder().encode(value);
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

const HEADER_ACK = encodePacket(Magic.COMMAND_HEADER);
const DATA_ACK = encodePacket(Magic.COMMAND_DATA);
const ASK = join(encodePacket(Magic.RESULT_HEADER), encodePacket(Magic.RESULT_DATA));

const header = (name: string, size: number) =>
  encodePacket(Magic.COMMAND_HEADER, encodeCommand(hashName(name), size));
const data = (argument: Uint8Array) => encodePacket(Magic.COMMAND_DATA, argument);
const command = (name: string, argument: Uint8Array) => join(header(name, argument.length), data(argument));
const answer = (result: Uint8Array) =>
  join(encodePacket(Magic.RESULT_HEADER, encodeU32(result.length)), encodePacket(Magic.RESULT_DATA, result));
const ACKS = join(HEADER_ACK, DATA_ACK);

function setUp(options: SlaveOptions = {}, serveOptions: ServeOptions = {}) {
  const clock = createVirtualClock();
  const [line, link] = createMemoryLink({ clock });
  const errors: unknown[] = [];
  const slave = createSlave(link, { clock, onError: (...told) => void errors.push(told), ...options });
  const runs: string[] = [];
  slave.register("echo", (argument) => {
    runs.push(new TextDecoder().decode(argument));
    return argument;
  });
  slave.register("slow", async (argument) => {
    runs.push("slow");
    await new Promise<void>((resolve) => clock.after(300, resolve));
    return argument;
  });
  void slave.serve(serveOptions).catch(() => {});
  /** Sends the bytes and gives what the slave has written by then and so much later. */
  const say = async (bytes: Uint8Array, waitMs = 1): Promise<Uint8Array> => {
    await line.putBytes(bytes, 1000);
    await clock.advance(waitMs);
    const answered = new Uint8Array(line.available);
    await line.getBytes(answered, 0);
    return answered;
  };
  return { clock, line, slave, runs, errors, say };
}

describe("a slave", () => {
  it("answers packets one by one and both at once", async () => {
    const { say } = setUp();
    expect(await say(header("echo", 2))).toEqual(HEADER_ACK);
    expect(await say(data(text("hi")))).toEqual(DATA_ACK);
    expect(await say(ASK)).toEqual(answer(text("hi")));
    expect(await say(join(command("echo", text("one trip")), ASK))).toEqual(
      join(ACKS, answer(text("one trip"))),
    );
  });

  it("answers an unknown id with nothing", async () => {
    const { say } = setUp();
    expect(await say(join(command("nope", text("x")), ASK))).toEqual(join(ACKS, answer(text(""))));
  });

  it("acknowledges a repeated command again and runs it once", async () => {
    const { say, runs } = setUp();
    expect(await say(command("echo", text("a")))).toEqual(ACKS);
    expect(await say(command("echo", text("a")))).toEqual(ACKS);
    expect(await say(ASK)).toEqual(answer(text("a")));
    expect(runs).toEqual(["a"]);
  });

  it("does so while the function runs, and does not run it again afterwards", async () => {
    const { say, runs } = setUp();
    expect(await say(command("slow", text("a")))).toEqual(ACKS);
    expect(await say(command("slow", text("a")), 50)).toEqual(ACKS);
    expect(await say(ASK, 400)).toEqual(answer(text("a")));
    expect(runs).toEqual(["slow"]);
  });

  it("gives a result that was lost once more, until it would not be held any longer or another call comes", async () => {
    const { say, runs, clock } = setUp();
    expect(await say(join(command("echo", text("a")), ASK))).toEqual(join(ACKS, answer(text("a"))));
    // Sent before the result can have been missed.
    expect(await say(ASK)).toEqual(text(""));
    await clock.advance(500);
    expect(await say(ASK)).toEqual(answer(text("a")));
    await clock.advance(600);
    expect(await say(ASK)).toEqual(text(""));
    expect(await say(join(command("echo", text("b")), ASK))).toEqual(join(ACKS, answer(text("b"))));
    expect(await say(join(header("echo", 1), ASK))).toEqual(HEADER_ACK);
    expect(await say(join(command("echo", text("c"))))).toEqual(ACKS);
    expect(await say(ASK)).toEqual(answer(text("c")));
    expect(runs).toEqual(["a", "b", "c"]);
  });

  it("gives no second result while the first is still on a slow wire", async () => {
    const clock = createVirtualClock();
    const { a, b } = createTimedLine({ clock, oneWayMs: 0, baudRate: 115_200 });
    const slave = createSlave(b.link, { clock });
    slave.register("large", () => new Uint8Array(4096));
    void slave.serve().catch(() => {});
    const result = answer(new Uint8Array(4096));
    await a.link.putBytes(join(command("large", text("")), ASK), 1000);
    for (let asked = 0; asked < 10; asked++) {
      await clock.advance(20);
      await a.link.putBytes(ASK, 1000);
    }
    await clock.advance(1000);
    expect(a.link.available).toBe(ACKS.length + result.length);
    // It may have been lost on its way: now it is given again, and again no more often than the wire takes it.
    await a.link.flush();
    for (let asked = 0; asked < 10; asked++) {
      await a.link.putBytes(ASK, 1000);
      await clock.advance(20);
    }
    await clock.advance(1000);
    expect(a.link.available).toBe(result.length);
    await slave.close();
  });

  it("takes the same command for a new call once its result was asked for", async () => {
    const { say, runs } = setUp();
    expect(await say(join(command("echo", text("a")), ASK))).toEqual(join(ACKS, answer(text("a"))));
    expect(await say(join(command("echo", text("a")), ASK))).toEqual(join(ACKS, answer(text("a"))));
    expect(runs).toEqual(["a", "a"]);
  });

  it("gives a held result to a repeated header, and to no other", async () => {
    const { say } = setUp();
    expect(await say(command("echo", text("a")))).toEqual(ACKS);
    expect(await say(join(header("echo", 1), ASK))).toEqual(join(HEADER_ACK, answer(text("a"))));
    expect(await say(command("echo", text("b")))).toEqual(ACKS);
    expect(await say(join(header("echo", 2), ASK))).toEqual(HEADER_ACK);
  });

  it("takes no data whose own header was damaged for an earlier header's", async () => {
    const { say, runs } = setUp();
    expect(await say(header("slow", 1))).toEqual(HEADER_ACK);
    const damaged = header("echo", 1);
    damaged[1] = (damaged[1] ?? 0) ^ 4;
    expect(await say(join(damaged, data(text("a"))))).toEqual(text(""));
    expect(await say(join(command("echo", text("b")), ASK))).toEqual(join(ACKS, answer(text("b"))));
    expect(runs).toEqual(["b"]);
  });

  it("drops a held result for any other command", async () => {
    const { say, runs } = setUp();
    expect(await say(command("echo", text("a")))).toEqual(ACKS);
    expect(await say(join(command("echo", text("b")), ASK))).toEqual(join(ACKS, answer(text("b"))));
    expect(runs).toEqual(["a", "b"]);
  });

  it("runs another command after the one that still runs, and answers only that", async () => {
    const { say, runs } = setUp();
    expect(await say(command("slow", text("a")))).toEqual(ACKS);
    expect(await say(command("echo", text("b")))).toEqual(ACKS);
    expect(await say(ASK, 400)).toEqual(answer(text("b")));
    expect(runs).toEqual(["slow", "b"]);
  });

  it("runs a command once that is repeated before it could start", async () => {
    const { say, runs } = setUp();
    expect(await say(command("slow", text("a")))).toEqual(ACKS);
    expect(await say(command("echo", text("b")), 290)).toEqual(ACKS);
    // A copy that lost its end holds the slave up, past the moment when it could have started.
    expect(await say(command("echo", text("b")).subarray(0, -2), 50)).toEqual(HEADER_ACK);
    const repeated = await say(join(command("echo", text("b")), ASK), 200);
    expect(repeated.subarray(-answer(text("b")).length)).toEqual(answer(text("b")));
    expect(runs).toEqual(["slow", "b"]);
  });

  it("does not answer a lone header request late: a stock master asks again by itself", async () => {
    const { say } = setUp();
    expect(await say(command("slow", text("a")))).toEqual(ACKS);
    expect(await say(encodePacket(Magic.RESULT_HEADER), 400)).toEqual(text(""));
    expect(await say(ASK)).toEqual(answer(text("a")));
  });

  it("hears another call in the place of a stream's reader, at once", async () => {
    const { say, slave, errors } = setUp();
    slave.register("frames", (_, context) => {
      slave.writeStream(context, [text("frame")]);
      return text("");
    });
    expect(await say(join(command("frames", text("")), ASK))).toEqual(join(ACKS, answer(text(""))));
    expect(await say(join(command("echo", text("a")), ASK))).toEqual(join(ACKS, answer(text("a"))));
    expect(errors).toMatchObject([[{ code: "stream-broken" }, "frames"]]);
  });

  it("forgets a result that nobody asks for, and what was scheduled with it", async () => {
    const { say, clock, slave } = setUp({ sendTimeoutMs: 500 });
    let scheduled = 0;
    slave.register("later", (_, context) => {
      context.schedule(() => void scheduled++);
      return text("r");
    });
    expect(await say(command("later", text("")))).toEqual(ACKS);
    await clock.advance(501);
    expect(await say(ASK)).toEqual(text(""));
    expect(await say(join(command("later", text("")), ASK))).toEqual(join(ACKS, answer(text("r"))));
    expect(scheduled).toBe(1);
  });

  it("does not answer where the handler gives null or throws, reports it, and goes on", async () => {
    const { say, slave, errors } = setUp();
    slave.register("silent", () => null);
    slave.register("broken", () => Promise.reject(new Error("no lens")));
    expect(await say(join(command("silent", text("")), ASK))).toEqual(ACKS);
    expect(await say(join(command("broken", text("")), ASK))).toEqual(ACKS);
    expect(errors).toEqual([[new Error("no lens"), "broken"]]);
    expect(await say(join(command("echo", text("a")), ASK))).toEqual(join(ACKS, answer(text("a"))));
  });

  it("outlives a scheduled callback and an onError that throw", async () => {
    const fail = () => {
      throw new Error("also broken");
    };
    const { say, slave } = setUp({ onError: fail });
    slave.register("later", (_, context) => {
      context.schedule(fail);
      return text("r");
    });
    const report = console.error;
    const told: unknown[] = [];
    console.error = (...args: unknown[]) => void told.push(args);
    try {
      expect(await say(join(command("later", text("")), ASK))).toEqual(join(ACKS, answer(text("r"))));
      expect(await say(join(command("echo", text("a")), ASK))).toEqual(join(ACKS, answer(text("a"))));
    } finally {
      console.error = report;
    }
    expect(told).toHaveLength(1);
  });

  it("tells of a failure that a handler reports", async () => {
    const { say, slave, errors } = setUp();
    slave.register("reports", (_, context) => {
      context.report("dusty");
      return text("r");
    });
    await say(join(command("reports", text("")), ASK));
    expect(errors).toEqual([["dusty", "reports"]]);
  });

  it("refuses to register a name twice, or a name that is not ASCII", () => {
    const { slave } = setUp();
    expect(() => slave.register("echo", () => null)).toThrow("registered already");
    expect(() => slave.register("höhe", () => null)).toThrow(RangeError);
  });

  it("runs its loop callback after each call and while none comes", async () => {
    let loops = 0;
    const { say, clock } = setUp({}, { onLoop: () => void loops++, recvTimeoutMs: 100 });
    await clock.advance(350);
    expect(loops).toBe(3);
    await say(join(command("echo", text("a")), ASK));
    expect(loops).toBe(4);
  });

  it("outlives a loop callback that throws", async () => {
    const onLoop = () => {
      throw new Error("in the loop");
    };
    const { say, errors } = setUp({}, { onLoop });
    expect(await say(join(command("echo", text("a")), ASK))).toEqual(join(ACKS, answer(text("a"))));
    expect(errors).toEqual([[new Error("in the loop"), "onLoop"]]);
    expect(await say(command("echo", text("b")))).toEqual(ACKS);
  });

  it("resolves when its signal aborts, even while a handler runs, and can serve again", async () => {
    const clock = createVirtualClock();
    const [line, link] = createMemoryLink({ clock });
    const slave = createSlave(link, { clock });
    const stop = new AbortController();
    let signal: AbortSignal | null = null;
    slave.register("forever", (_, context) => {
      signal = context.signal;
      return new Promise(() => {});
    });
    const served = slave.serve({ signal: stop.signal });
    await line.putBytes(command("forever", text("")), 1000);
    await clock.advance(10);
    stop.abort("enough");
    await clock.run(served);
    expect(signal).toMatchObject({ aborted: true, reason: "enough" });
    expect(clock.pendingTimers).toBe(0);
    const again = slave.serve();
    await expect(slave.serve()).rejects.toThrow("serving already");
    await line.close();
    await expect(clock.run(again)).rejects.toMatchObject({ code: "closed", phase: "serve" });
  });
});

describe("a slave on a bad line", () => {
  const noise = join(text("noise"), Uint8Array.of(0x09, 0x12, 0x09, 0xd1, 0x21, 0x90));

  it("finds a command behind noise", async () => {
    const { say } = setUp();
    expect(await say(join(noise, command("echo", text("a")), ASK))).toEqual(join(ACKS, answer(text("a"))));
  });

  it("finds a command behind a lot of noise", async () => {
    const { say } = setUp();
    const lot = new Uint8Array(200_000).map((_, index) => (index * 7) ^ (index >> 5));
    expect(await say(join(lot, noise, command("echo", text("a"))), 200)).toEqual(ACKS);
  });

  it("sees at once that a header was repeated where data was expected", async () => {
    const { say } = setUp();
    expect(await say(header("echo", 1))).toEqual(HEADER_ACK);
    expect(await say(header("echo", 1))).toEqual(HEADER_ACK);
    expect(await say(data(text("a")))).toEqual(DATA_ACK);
  });

  it.each([1, 5, 11, 12, 20])("recovers when %i bytes of the data were lost", async (lost) => {
    const { say } = setUp();
    const argument = text("an argument of some length");
    const whole = command("echo", argument);
    expect(await say(whole.subarray(0, whole.length - lost))).toEqual(HEADER_ACK);
    const answered = join(await say(whole, 300), await say(whole, 300));
    expect(answered.length).toBeGreaterThanOrEqual(ACKS.length);
    expect(await say(ASK)).toEqual(answer(argument));
  });

  it("never takes bytes of a damaged argument for packets", async () => {
    const { say, runs } = setUp();
    const inner = command("echo", text("inner"));
    const damaged = command("echo", join(inner, ASK));
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    expect(await say(damaged, 300)).toEqual(HEADER_ACK);
    expect(runs).toEqual([]);
  });

  it("does not acknowledge an argument that is too large", async () => {
    const { say } = setUp({ maxMessageBytes: 100 });
    expect(await say(header("echo", 101))).toEqual(text(""));
    expect(await say(header("echo", 0xffff_ffff))).toEqual(text(""));
    expect(await say(header("echo", 100))).toEqual(HEADER_ACK);
  });
});
