import { describe, expect, it } from "vitest";
import { type Executed, RpcError, type RpcErrorCode } from "../errors.js";
import { createMemoryLink } from "../link/memory-link.js";
import { createVirtualClock } from "../testing/index.js";
import { createCallScope } from "./call-scope.js";
import { repeatOverBreaks } from "./repeat-over-breaks.js";

type Failure = readonly [code: RpcErrorCode, executed: Executed];

/** A call that fails so one time after the other, and is answered then; each try takes 5 ms. */
function setUp(failures: readonly Failure[], comesBack = true, timeoutMs = 1000) {
  const clock = createVirtualClock();
  const [link] = createMemoryLink({ clock });
  const scope = createCallScope("f", { timeoutMs }, clock);
  let tries = 0;
  const speak = async () => {
    await new Promise<void>((resolve) => void clock.after(5, resolve));
    const failure = failures[tries];
    tries += 1;
    if (failure === undefined) return "answer";
    const [code, executed] = failure;
    throw new RpcError(code, "f: it broke", { phase: "command", executed });
  };
  const traits = { ...link.traits, comesBack };
  const run = () => clock.run(repeatOverBreaks({ ...link, traits }, clock, scope, speak));
  return { clock, scope, run, tries: () => tries };
}

describe("a repeatable call over a link that breaks and comes back", () => {
  it("is spoken again until it is answered", async () => {
    const { run, tries, clock } = setUp([
      ["link-failure", "unknown"],
      ["closed", "yes"],
    ]);
    expect(await run()).toBe("answer");
    expect(tries()).toBe(3);
    expect(clock.now()).toBe(3 * 5 + 10 + 20);
  });

  it.each<[Failure[], Executed]>([
    [
      [
        ["link-failure", "yes"],
        ["timeout", "no"],
      ],
      "yes",
    ],
    [
      [
        ["link-failure", "unknown"],
        ["timeout", "no"],
      ],
      "unknown",
    ],
    [
      [
        ["link-failure", "unknown"],
        ["closed", "yes"],
        ["timeout", "unknown"],
      ],
      "yes",
    ],
    [
      [
        ["link-failure", "no"],
        ["timeout", "no"],
      ],
      "no",
    ],
  ])("says of all tries together whether it ran: %j is %s", async (failures, executed) => {
    const { run } = setUp(failures);
    await expect(run()).rejects.toMatchObject({ code: "timeout", executed, message: "f: it broke" });
  });

  it("is given up when its time is over", async () => {
    const { run, clock } = setUp(new Array<Failure>(1000).fill(["link-failure", "no"]));
    await expect(run()).rejects.toMatchObject({ code: "link-failure" });
    expect(clock.now()).toBeGreaterThan(700);
    expect(clock.now()).toBeLessThanOrEqual(1005);
  });

  it("is not spoken again where the link does not come back", async () => {
    const { run, tries } = setUp([["link-failure", "unknown"]], false);
    await expect(run()).rejects.toMatchObject({ executed: "unknown" });
    expect(tries()).toBe(1);
  });
});
