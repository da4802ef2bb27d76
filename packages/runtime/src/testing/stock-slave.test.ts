import { describe, expect, it } from "vitest";
import { hashName } from "../packet/hash-name.js";
import { encodeCommand, encodePacket, encodeU32, Magic } from "../packet/packet.js";
import { standardFunctions } from "./stock-functions.js";
import { createStockSlave, type StockSlaveOptions, type StockStep } from "./stock-slave.js";
import { createTimedLine } from "./timed-line.js";
import { createVirtualClock } from "./virtual-clock.js";

const ARGUMENT = Uint8Array.of(1, 2, 3);
const REQUESTS = Uint8Array.of(...encodePacket(Magic.RESULT_HEADER), ...encodePacket(Magic.RESULT_DATA));
const HEADER_ACK = encodePacket(Magic.COMMAND_HEADER);
const DATA_ACK = encodePacket(Magic.COMMAND_DATA);

function command(
  name: string,
  argument: Uint8Array,
): { header: Uint8Array; data: Uint8Array; both: Uint8Array } {
  const header = encodePacket(Magic.COMMAND_HEADER, encodeCommand(hashName(name), argument.length));
  const data = encodePacket(Magic.COMMAND_DATA, argument);
  return { header, data, both: Uint8Array.of(...header, ...data) };
}

/** Without garbage, the slave is in the middle of a try whenever the clock shows an odd number of ms. */
function setUp(options: Partial<StockSlaveOptions> = {}) {
  const clock = createVirtualClock();
  const { a, b } = createTimedLine({ clock, oneWayMs: 0 });
  const slave = createStockSlave({ end: b, functions: standardFunctions(), garbageMs: 0, ...options });
  const received = () => {
    const bytes = new Uint8Array(a.link.available);
    a.arrivals.take(bytes);
    return bytes;
  };
  return { clock, a, slave, received };
}

const { header, data, both } = command("echo", ARGUMENT);
const ANSWER = Uint8Array.of(
  ...encodePacket(Magic.RESULT_HEADER, encodeU32(3)),
  ...encodePacket(Magic.RESULT_DATA, ARGUMENT),
);

describe("stock slave model", () => {
  it("answers a pair, runs the function, and gives its result to a pair of requests", async () => {
    const { clock, a, slave, received } = setUp();
    await clock.advance(1);
    a.send(both);
    await clock.advance(0);
    expect(received()).toEqual(Uint8Array.of(...HEADER_ACK, ...DATA_ACK));
    await clock.advance(1);
    a.send(REQUESTS);
    await clock.advance(0);
    expect(received()).toEqual(ANSWER);
    expect(slave.log.runs("echo", ARGUMENT)).toBe(1);
    expect(slave.log.runs("echo", Uint8Array.of(1))).toBe(0);
  });

  it("loses requests that come with the command: it discards before it listens", async () => {
    const { clock, a, received } = setUp();
    await clock.advance(1);
    a.send(Uint8Array.of(...both, ...REQUESTS));
    await clock.advance(10);
    expect(received()).toEqual(Uint8Array.of(...HEADER_ACK, ...DATA_ACK));
  });

  it("waits 2 ms for data after a header, and starts over", async () => {
    const { clock, a, slave, received } = setUp();
    await clock.advance(1);
    a.send(header);
    await clock.advance(1.9);
    a.send(data);
    await clock.advance(0);
    expect(received()).toEqual(Uint8Array.of(...HEADER_ACK, ...DATA_ACK));
    expect(slave.log.total).toBe(1);
    const late = setUp();
    await late.clock.advance(1);
    late.a.send(header);
    await late.clock.advance(2.1);
    late.a.send(data);
    await late.clock.advance(10);
    expect(late.received()).toEqual(HEADER_ACK);
    expect(late.slave.log.total).toBe(0);
  });

  it("holds its result for a second, deaf to commands, and then takes them again", async () => {
    const { clock, a, slave, received } = setUp();
    await clock.advance(1);
    a.send(both);
    for (let ms = 0; ms < 990; ms += 3) {
      await clock.advance(3);
      a.send(both);
    }
    expect(slave.log.total).toBe(1);
    received();
    for (let ms = 0; ms < 30; ms += 3) {
      await clock.advance(3);
      a.send(both);
    }
    expect(slave.log.total).toBe(2);
  });

  it("gives an unknown name an empty answer", async () => {
    const { clock, a, slave, received } = setUp();
    await clock.advance(1);
    a.send(command("unheard_of", ARGUMENT).both);
    await clock.advance(1);
    received();
    a.send(REQUESTS);
    await clock.advance(0);
    expect(received()).toHaveLength(12);
    expect(slave.log.total).toBe(0);
  });

  it.each(["fail", "lengthless"])(
    "leaves its loop when %s is called, and comes back only if told to",
    async (name) => {
      const { clock, a, slave } = setUp();
      await clock.advance(1);
      a.send(command(name, ARGUMENT).both);
      await clock.advance(5);
      expect(slave.state).toBe("left its loop");
      expect(clock.pendingTimers).toBe(0);
      const other = setUp({ restartsAfterMs: 500 });
      await other.clock.advance(1);
      other.a.send(command(name, ARGUMENT).both);
      await other.clock.advance(400);
      expect(other.slave.state).toBe("stopped");
      await other.clock.advance(101);
      expect(other.slave.state).toBe("serving");
    },
  );

  it("takes as long for a function as it is told to, and hears nothing meanwhile", async () => {
    const { clock, a, received } = setUp({
      durationsMs: { slow: (argument) => (argument[0] as number) * 10 },
    });
    await clock.advance(1);
    a.send(command("slow", Uint8Array.of(5)).both);
    await clock.advance(30);
    received();
    a.send(REQUESTS);
    await clock.advance(19);
    expect(received()).toHaveLength(0);
    await clock.advance(2);
    a.send(REQUESTS);
    await clock.advance(0);
    expect(received()).toHaveLength(13);
  });

  it("runs its loop callback after each call and each time nothing came", async () => {
    let loops = 0;
    const onLoop = () => {
      loops += 1;
    };
    const { clock, a } = setUp({ onLoop });
    await clock.advance(3010);
    expect(loops).toBe(3);
    await clock.advance(1);
    a.send(both);
    await clock.advance(1500);
    expect(loops).toBe(4);
  });

  it("forgets everything in a reset, at each boundary of packets", async () => {
    const steps: StockStep[] = [];
    const whole = setUp({ onStep: (step) => void steps.push(step) });
    await whole.clock.advance(1);
    whole.a.send(both);
    await whole.clock.advance(1);
    whole.a.send(REQUESTS);
    await whole.clock.advance(0);
    expect(steps).toHaveLength(9);
    for (const [index, at] of steps.entries()) {
      const reset = setUp({
        onStep(step) {
          if (step === at) reset.slave.restart();
        },
      });
      await reset.clock.advance(1);
      reset.a.send(both);
      await reset.clock.advance(1);
      reset.a.send(REQUESTS);
      await reset.clock.advance(10);
      expect(reset.received().length).toBe([0, 4, 4, 8, 8, 8, 16, 16, 23][index]);
      expect(reset.slave.log.total).toBe(index < 4 ? 0 : 1);
      expect(reset.slave.state).toBe("serving");
    }
  });

  it("releases its timers when it is stopped", async () => {
    const { clock, slave } = setUp({ onLoop: () => {} });
    await clock.advance(5);
    slave.stop();
    expect(clock.pendingTimers).toBe(0);
    expect(slave.state).toBe("stopped");
  });
});
