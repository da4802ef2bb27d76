import { expect, it } from "vitest";
import { createVirtualClock } from "../testing/index.js";
import { createWaiters } from "./waiters.js";

it("ends each wait when all are woken, when its time is over, or by its signal", async () => {
  const clock = createVirtualClock();
  const waiters = createWaiters(clock);
  const aborting = new AbortController();
  const ended: string[] = [];
  const wait = (name: string, timeoutMs: number, signal?: AbortSignal) =>
    void waiters.wait(timeoutMs, signal).then(() => ended.push(`${name} ${clock.now()}`));
  wait("timed", 10);
  wait("aborted", 1000, aborting.signal);
  wait("woken", 1000);
  wait("without end", Number.POSITIVE_INFINITY);
  await clock.advance(20);
  aborting.abort();
  await clock.advance(20);
  waiters.wakeAll();
  await clock.advance(0);
  expect(ended).toEqual(["timed 10", "aborted 20", "woken 40", "without end 40"]);
});
