import { describe, expect, it } from "vitest";
import { encodeU32 } from "../packet/packet.js";
import { bigResult, standardFunctions } from "./stock-functions.js";
import { createStockMaster, type StockMasterOptions } from "./stock-master.js";
import { STOPPED } from "./stock-port.js";
import { createStockSlave } from "./stock-slave.js";
import { createTimedLine } from "./timed-line.js";
import { createVirtualClock } from "./virtual-clock.js";

function setUp(oneWayMs: number, kind: NonNullable<StockMasterOptions["kind"]>, baudRate?: number) {
  const clock = createVirtualClock();
  const line = createTimedLine({ clock, oneWayMs, ...(baudRate ? { baudRate } : {}) });
  const master = createStockMaster({ end: line.a, kind });
  const slave = createStockSlave({ end: line.b, functions: standardFunctions() });
  return { clock, master, slave };
}

it("waits for a wire of 9,600 baud, as a camera whose writes hold it up", async () => {
  const { clock, master } = setUp(0, "camera", 9600);
  for (let call = 0; call < 50; call++) {
    expect(await clock.run(master.call("echo", encodeU32(call)))).toEqual(encodeU32(call));
  }
});

describe.each(["camera", "desktop"] as const)("stock master model, as on a %s", (kind) => {
  it.each([undefined, 115_200])("calls a stock slave next to it (%s baud)", async (baudRate) => {
    const { clock, master, slave } = setUp(0, kind, baudRate);
    for (let call = 0; call < 50; call++) {
      const argument = encodeU32(call);
      expect(await clock.run(master.call("echo", argument))).toEqual(argument);
      expect(slave.log.runs("echo", argument)).toBe(1);
    }
    expect(await clock.run(master.call("big", encodeU32(500)))).toEqual(bigResult(500));
    expect(master.tries).toBeGreaterThan(100);
  });

  it("gets few answers from a slave 4 ms away, and none of them wrong", async () => {
    const { clock, master } = setUp(4, kind);
    let answers = 0;
    for (let call = 0; call < 20; call++) {
      const answer = await clock.run(master.call("echo", encodeU32(call)));
      if (answer !== null) expect(answer).toEqual(encodeU32(call));
      answers += answer === null ? 0 : 1;
    }
    expect(answers).toBeLessThan(10);
  });

  it("ends in the middle of a call when it is stopped", async () => {
    const { clock, master } = setUp(4, kind);
    const call = master.call("echo", encodeU32(1));
    clock.after(100, () => master.stop());
    await expect(clock.run(call)).rejects.toBe(STOPPED);
  });
});
