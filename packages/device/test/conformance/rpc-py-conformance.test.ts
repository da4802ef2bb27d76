/** rpc.py in a real MicroPython against the recorded bytes of stock peers: master and slave. */
import { describe, expect, it } from "vitest";
import { readDeviations, readExchanges } from "./exchange.js";
import { callsOf, runAsMaster, runAsSlave } from "./run-exchange.js";

const exchanges = readExchanges();

describe.each([
  { peer: "rpc.py slave", run: runAsSlave },
  { peer: "rpc.py master", run: runAsMaster },
])("$peer", ({ peer, run }) => {
  const deviations = readDeviations(peer);
  const intended = new Set(deviations.map(({ exchange }) => exchange));

  it("deviates only in exchanges that were recorded", () => {
    const names = exchanges.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...intended]));
  });

  it.each(exchanges.filter(({ name }) => !intended.has(name)))("$name: the same bytes", async (exchange) => {
    const outcome = await run(exchange);
    expect(outcome.difference).toBeNull();
    expect(outcome.error).toBeNull();
    if (peer === "rpc.py master") {
      expect(outcome.results).toEqual(callsOf(exchange).map(({ result_hex }) => result_hex));
    }
    const reads = exchange.stream?.direction === (peer === "rpc.py master" ? "s2m" : "m2s");
    if (reads) expect(outcome.frames).toEqual(exchange.stream?.frames_hex);
  });

  it.each(exchanges.filter(({ name }) => intended.has(name)))(
    "$name: differs on purpose",
    async (exchange) => {
      const outcome = await run(exchange);
      expect(outcome.difference).not.toBeNull();
      expect(outcome.error).toBeNull();
    },
  );
});
