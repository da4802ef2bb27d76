/** The door of the memory link, as a program imports it: a pair, and one whose line is bad. */
import { createMaster, createSlave, type Link } from "@rpcgen/runtime";
import { createFaultyPair, createMemoryLink } from "@rpcgen/runtime/memory";
import { createVirtualClock } from "@rpcgen/runtime/testing";
import { expect, it } from "vitest";

const clock = createVirtualClock();

async function callOver([a, b]: readonly [Link, Link]): Promise<unknown> {
  const slave = createSlave(b, { clock });
  slave.register("echo", (argument) => argument);
  const served = slave.serve().catch(() => {});
  await using master = createMaster(a, { clock });
  const answer = await clock.run(master.call("echo", Uint8Array.of(7)).catch((error: unknown) => error));
  await slave.close();
  await served;
  return answer;
}

it("joins a master and a slave", async () => {
  expect(await callOver(createMemoryLink({ clock }))).toEqual(Uint8Array.of(7));
});

it("lets faults come in between, which a call gets over", async () => {
  const { a, b, aToB, bToA } = createFaultyPair({
    clock,
    aToB: { seed: 3, lossRate: 0.3 },
    bToA: { seed: 4, lossRate: 0.3 },
  });
  expect(await callOver([a, b])).toEqual(Uint8Array.of(7));
  expect(aToB.counts.harmed + bToA.counts.harmed).toBeGreaterThan(0);
});

it("tells of a line that is dead", async () => {
  const { a, b, aToB } = createFaultyPair({ clock });
  aToB.isDead = true;
  expect(await callOver([a, b])).toMatchObject({ code: "timeout", executed: "no" });
});
