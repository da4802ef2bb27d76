/**
 * The interface is taken down and up a hundred times, in the middle of calls and of streams. Nothing may be
 * wrong, hang or run twice; an error says truthfully whether the call ran; the next call works.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { createMaster, RpcError } from "@rpcgen/runtime";
import { openCan } from "@rpcgen/runtime/can";
import { createRandom } from "./seeded-random.mjs";
import { tools } from "./test-tools.mjs";

const TIMES = 100;
const SEED = 20_260_727;
/** Answers and frames that show that nothing broke although the interface was down. */
const ENOUGH = 3;
/** After this a call that should work again has hung. */
const BACK_MS = 60_000;
const SHORT = { sendTimeoutMs: 250, recvTimeoutMs: 250 };
const LONG = { sendTimeoutMs: 5000, recvTimeoutMs: 5000 };
const RECONNECT = { firstPauseMs: 5, longestPauseMs: 20 };
const ip = (...args) => promisify(execFile)("ip", args);
const here = new URL("flap-slave.mjs", import.meta.url).href;

export function describeFlaps({ near, far, line }) {
  tools.it(`${near}: taken down and up ${TIMES} times during calls and streams (seed ${SEED})`, async () => {
    await far.process.call(here, "startFlapSlave", {
      interface: far.interface,
      ...line,
      reconnect: RECONNECT,
    });
    const master = createMaster(await openCan({ interface: near, ...line, reconnect: RECONNECT }));
    const campaign = createCampaign(master, (number) => far.process.call(here, "countOf", number));
    const random = createRandom(SEED);
    try {
      for (let time = 0; time < TIMES; time += 1) {
        let isOver = false;
        const during = (time % 2 === 0 ? campaign.calls : campaign.stream)(() => isOver);
        await sleep(random(12));
        await ip("link", "set", near, "down");
        await sleep(random(12));
        await ip("link", "set", near, "up");
        isOver = true;
        await during;
        await campaign.works();
      }
      console.log(`lab:   ${JSON.stringify(campaign.tally)}`);
      // Otherwise the interface went at moments when nothing was under way.
      assert.ok(campaign.tally.failed > TIMES / 10 && campaign.tally.brokenStreams > TIMES / 10);
    } finally {
      await master.close();
    }
  });
}

function createCampaign(master, countOf) {
  const tally = {
    answered: 0,
    failed: 0,
    brokenStreams: 0,
    executed: { no: 0, yes: 0, unknown: 0 },
    lastError: null,
  };
  let last = 0;

  /** One call under its own number; whether it was answered. */
  async function call(options) {
    last += 1;
    const number = last;
    const argument = new Uint8Array(4);
    new DataView(argument.buffer).setUint32(0, number, true);
    try {
      assert.deepEqual(await master.call("count", argument, options), argument, "a wrong answer");
      assert.equal(await countOf(number), 1, `call ${number} was answered`);
      tally.answered += 1;
      return true;
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const runs = await countOf(number);
      const { executed } = error;
      assert.ok(runs <= 1, `call ${number} ran ${runs} times`);
      if (executed !== "unknown")
        assert.equal(runs, executed === "yes" ? 1 : 0, `it says ${executed}: ${error}`);
      tally.failed += 1;
      tally.lastError = `${error}`;
      tally.executed[executed] += 1;
      return false;
    }
  }

  return {
    tally,
    /** Calls, one after the other, until one fails, or some are answered after the interface came back. */
    async calls(isOver) {
      for (let since = 0; since < ENOUGH && (await call(SHORT)); since += isOver() ? 1 : 0) {}
    },
    /** Frames in their order until the stream breaks, or some come after that. */
    async stream(isOver) {
      let expected = 1;
      let since = 0;
      try {
        const frames = master.openStream("numbers", new Uint8Array(0), { queueDepth: 4, ...SHORT });
        for await (const frame of frames) {
          assert.equal(
            new DataView(frame.buffer, frame.byteOffset).getUint32(0, true),
            expected,
            "a wrong frame",
          );
          expected += 1;
          since += isOver() ? 1 : 0;
          if (since >= ENOUGH) break;
        }
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        tally.brokenStreams += 1;
      }
    },
    async works() {
      const until = Date.now() + BACK_MS;
      while (!(await call(LONG))) assert.ok(Date.now() < until, `no call works any more: ${tally.lastError}`);
    },
  };
}
