import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
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

it("a slave goes on serving, whatever a master writes", async () => {
  await fc.assert(
    fc.asyncProperty(hostileWrites, async (writes) => {
      expect(await attackSlave(writes)).toBeNull();
    }),
    { numRuns: RUNS },
  );
  expect(escaped).toEqual([]);
});
