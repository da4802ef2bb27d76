/**
 * The slaves of a campaign, ours and the modelled stock one, behind one face: the same functions, a log of what
 * ran, resets at any moment.
 */

import { type Clock, sleep } from "../../src/clock.js";
import { answerOnce } from "../../src/codec/call-number.js";
import { createSlave, type Handler, type Link } from "../../src/index.js";
import { readU32 } from "../../src/packet/packet.js";
import {
  createRunLog,
  type Random,
  type RunLog,
  type StockFunction,
  type StockPort,
  serveStockPort,
  standardFunctions,
} from "../../src/testing/index.js";
import type { SlaveEnd } from "./campaign-line.js";
import { numberedFrames, signedFrames } from "./campaign-stream.js";
import { createRevocableLink } from "./revocable-link.js";

export interface CampaignPeer {
  readonly log: RunLog;
  /** When it was reset. */
  readonly restartsAt: readonly number[];
  /** A reset: forgets everything, and is deaf for so long. */
  restart(downMs: number): Promise<void>;
  /** When the last function that it began is done, on the clock's scale. */
  readonly busyUntil: number;
  stop(): Promise<void>;
}

/** `slow` and `once` say in their argument, behind a number that makes it unlike all others, how many ms they take. */
export const DURATION_OFFSET = 4;

/** What `once` gives: its argument the other way round, so that no echo of a packet passes for it. */
export const onceResult = (argument: Uint8Array): Uint8Array => argument.toReversed();

const durationOf = (argument: Uint8Array): number =>
  argument.length >= DURATION_OFFSET + 4 ? Math.min(readU32(argument, DURATION_OFFSET), 5000) : 0;

/** `areSigned`: frames bear the number of their call. Only ours can do that. */
export function createPeer(end: SlaveEnd, clock: Clock, random: Random, areSigned = false): CampaignPeer {
  return end.kind === "ours"
    ? createOurs(end.link, clock, areSigned)
    : createStock(end.openPort, clock, random);
}

function createStock(openPort: (random: Random) => StockPort, clock: Clock, random: Random): CampaignPeer {
  const restartsAt: number[] = [];
  let busyUntil = 0;
  const onceLog = createRunLog();
  let last: { readonly key: string; readonly result: Uint8Array } | null = null;
  /** As generated scripts have it: the last call's number and argument are known, and its answer given once more. */
  const once: StockFunction = (argument) => {
    const key = argument.join();
    if (last?.key !== key) {
      onceLog.note("once", argument, clock.now());
      last = { key, result: onceResult(argument) };
    }
    return last.result;
  };
  const takes = (argument: Uint8Array) => {
    const durationMs = durationOf(argument);
    busyUntil = clock.now() + durationMs;
    return durationMs;
  };
  const slave = serveStockPort({
    clock,
    openPort,
    random,
    functions: { ...standardFunctions(), once },
    durationsMs: { slow: takes },
  });
  return {
    log: joinLogs(slave.log, onceLog),
    restartsAt,
    get busyUntil() {
      return busyUntil;
    },
    async restart(downMs) {
      restartsAt.push(clock.now());
      last = null;
      busyUntil = clock.now() + downMs;
      slave.restart(downMs);
    },
    async stop() {
      slave.stop();
    },
  };
}

/** The log of everything, in which `once` counts as often as its body ran, not as often as it was called. */
function joinLogs(all: RunLog, ofOnce: RunLog): RunLog {
  const of = (name: string) => (name === "once" ? ofOnce : all);
  return {
    get total() {
      return all.total;
    },
    note: (name, argument, at) => of(name).note(name, argument, at),
    runs: (name, argument) => of(name).runs(name, argument),
    lastRunAt: (name, argument) => of(name).lastRunAt(name, argument),
    forget() {
      all.forget();
      ofOnce.forget();
    },
  };
}

function createOurs(link: Link, clock: Clock, areSigned: boolean): CampaignPeer {
  const log = createRunLog();
  const restartsAt: number[] = [];
  let busyUntil = 0;
  let life = createRevocableLink(link);
  let stopping = new AbortController();
  let serving: Promise<unknown> = Promise.resolve();
  let isDown = false;

  function start(): void {
    stopping = new AbortController();
    life = createRevocableLink(link);
    const slave = createSlave(life.link, { clock, onError: () => {} });
    const noted = (name: string, run: (argument: Uint8Array) => ReturnType<Handler>): Handler => {
      return (argument) => {
        log.note(name, argument, clock.now());
        return run(argument);
      };
    };
    const functions = standardFunctions();
    const { signal } = stopping;
    slave.register(
      "echo",
      noted("echo", (argument) => argument),
    );
    slave.register(
      "add",
      noted("add", (argument) => plain(functions.add, argument)),
    );
    slave.register(
      "nothing",
      noted("nothing", () => new Uint8Array(0)),
    );
    slave.register(
      "slow",
      noted("slow", async (argument) => {
        busyUntil = clock.now() + durationOf(argument);
        await sleep(clock, durationOf(argument), signal);
        return argument;
      }),
    );
    slave.register("once", answerOnce(noted("once", onceResult)));
    slave.register("frames", (argument, context) => {
      log.note("frames", argument, clock.now());
      slave.writeStream(context, areSigned ? signedFrames(argument, clock) : numberedFrames(argument));
      return argument;
    });
    serving = slave.serve({ signal }).catch(() => {});
  }

  start();
  return {
    log,
    restartsAt,
    get busyUntil() {
      return busyUntil;
    },
    async restart(downMs) {
      if (isDown) return;
      isDown = true;
      restartsAt.push(clock.now());
      life.revoke();
      busyUntil = clock.now() + downMs;
      if (downMs > 0) await sleep(clock, downMs);
      await link.flush();
      isDown = false;
      start();
    },
    async stop() {
      stopping.abort();
      await serving;
    },
  };
}

function plain(run: StockFunction | undefined, argument: Uint8Array): Uint8Array {
  if (run === undefined) throw new Error("not among the standard functions");
  const unused = () => {
    throw new Error("a plain function needs no context");
  };
  return (
    run(argument, { log: createRunLog(), schedule: unused, streams: undefined as never }) ?? new Uint8Array(0)
  );
}
