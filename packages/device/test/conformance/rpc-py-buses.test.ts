/** rpc.py in a real MicroPython against the recorded CAN, I2C and SPI exchanges of stock peers: master and slave. */
import { describe, expect, it } from "vitest";
import { readBusExchanges, readCanExchanges } from "./exchange.js";
import { runAsBusMaster, runAsBusSlave, runAsMaster, runAsSlave } from "./run-exchange.js";

describe("CAN", () => {
  const exchanges = readCanExchanges();
  it("was recorded", () => expect(exchanges.length).toBeGreaterThan(3));

  it.each(exchanges)("slave, $name: the same frames", async (exchange) => {
    expect(await runAsSlave(exchange, "can")).toMatchObject({ difference: null, error: null });
  });

  it.each(exchanges)("master, $name: the same frames", async (exchange) => {
    expect(await runAsMaster(exchange, "can")).toEqual({
      difference: null,
      error: null,
      results: [exchange.result_hex],
      frames: exchange.stream?.frames_hex ?? [],
    });
  });
});

describe.each(["i2c", "spi"] as const)("%s", (kind) => {
  const exchanges = readBusExchanges(kind);
  it("was recorded", () => expect(exchanges.length).toBeGreaterThan(3));

  it.each(exchanges)("slave, $name: the same transactions", async (exchange) => {
    expect(await runAsBusSlave(exchange, kind)).toMatchObject({ difference: null, error: null });
  });

  it.each(exchanges)("master, $name: the same transactions", async (exchange) => {
    expect(await runAsBusMaster(exchange, kind)).toEqual({
      difference: null,
      error: null,
      results: [exchange.result_hex],
      frames: exchange.stream?.frames_hex ?? [],
    });
  });
});
