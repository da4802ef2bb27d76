import { describe, expect, it } from "vitest";
import { createPauseChoice, type PauseChoice } from "./pause-choice.js";

/** Calls of a function whose slave can be asked from `readyMs` on; requests follow each other every 1.2 ms. */
function makeCalls(choice: PauseChoice, count: number, readyMs: (call: number) => number) {
  let requests = 0;
  let pauseMs = 0;
  for (let call = 0; call < count; call++) {
    pauseMs = choice.next();
    const missed = Math.max(0, Math.ceil((readyMs(call) - pauseMs) / 1.2));
    requests += missed + 1;
    choice.learn({ missed, keptPauseMs: pauseMs, answeredAfterMs: missed * 1.2 });
  }
  return { requests, pauseMs };
}

describe("the pause before a request", () => {
  it("is none for a slave that can be asked at once", () => {
    const choice = createPauseChoice();
    makeCalls(choice, 40, () => 0);
    expect(choice.next()).toBe(0);
    expect(choice.isSure).toBe(true);
  });

  it("grows to what a slave needs before it listens", () => {
    const choice = createPauseChoice();
    makeCalls(choice, 200, () => 1);
    expect(choice.next()).toBe(1);
  });

  it("follows a function that takes long, so that few requests are sent in vain", () => {
    const choice = createPauseChoice();
    makeCalls(choice, 20, () => 200);
    const { requests } = makeCalls(choice, 40, () => 200);
    expect(requests / 40).toBeLessThan(6);
    expect(choice.next()).toBeGreaterThan(190);
  });

  it("comes back when the function has become quick", () => {
    const choice = createPauseChoice();
    makeCalls(choice, 20, () => 200);
    makeCalls(choice, 400, () => 0);
    expect(choice.next()).toBeLessThan(4);
  });

  it("does not take one unlucky call for a slow function", () => {
    const choice = createPauseChoice();
    makeCalls(choice, 40, (call) => (call === 20 ? 100 : 0));
    expect(choice.next()).toBeLessThan(4);
  });
});
