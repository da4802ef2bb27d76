import { describe, expect, it } from "vitest";
import { createPatience, type Patience, type PatienceOptions, type PlannedCall } from "./patience.js";

const patienceOf = (options: Partial<PatienceOptions> = {}) =>
  createPatience({ shape: "learned", peerReceiveBytes: 64, peerHoldMs: 1000, bytesPerMs: null, ...options });

const CALL: PlannedCall = { id: 1, commandBytes: 48, isRepeatable: false, isFollowed: false };
const LESSON = { id: 1, missed: 0, keptPauseMs: 0, answeredAfterMs: 0, inOneTrip: null };

function answerCalls(patience: Patience, count: number, roundTripMs: number): void {
  for (let call = 0; call < count; call++) {
    patience.noteRoundTrip([roundTripMs]);
    patience.noteCall(LESSON);
  }
}

describe("patience, step by step", () => {
  it("waits as a stock master does: 3 ms, and a third longer each time", () => {
    const patience = patienceOf({ shape: "stepwise" });
    const windows = [0, 1, 2, 3].map((attempt) => Math.round(patience.windowMs(attempt, 0) * 100) / 100);
    expect(windows).toEqual([3, 4, 5.33, 7.11]);
  });
});

describe("the shape", () => {
  it("is paired until the line is known, and where one trip would cost more than it saves", () => {
    const patience = patienceOf();
    expect(patience.plan(CALL).shape).toBe("paired");
    answerCalls(patience, 20, 1);
    expect(patience.plan(CALL).shape).toBe("paired");
  });

  it("is one trip on a far line: at once for repeatable calls, for others once it has proved itself", () => {
    const patience = patienceOf();
    patience.noteRoundTrip([32]);
    expect(patience.plan(CALL).shape).toBe("paired");
    expect(patience.plan({ ...CALL, isRepeatable: true }).shape).toBe("one-trip");
    answerCalls(patience, 4, 32);
    expect(patience.plan(CALL).shape).toBe("one-trip");
  });

  it("is paired again for plain calls after a fault, for many calls", () => {
    const patience = patienceOf();
    answerCalls(patience, 10, 32);
    patience.noteFault();
    expect(patience.isTrusted).toBe(false);
    expect(patience.plan(CALL).shape).toBe("paired");
    answerCalls(patience, 63, 32);
    expect(patience.plan(CALL).shape).toBe("paired");
    answerCalls(patience, 1, 32);
    expect(patience.plan(CALL).shape).toBe("one-trip");
  });

  it("is paired for a function that is seldom answered in one trip, and tried again now and then", () => {
    const patience = patienceOf();
    answerCalls(patience, 10, 32);
    for (let call = 0; call < 40; call++) patience.noteCall({ ...LESSON, inOneTrip: false });
    const shapes = Array.from({ length: 24 }, () => patience.plan(CALL).shape);
    expect(shapes.filter((shape) => shape === "one-trip")).toHaveLength(2);
    expect(patience.plan({ ...CALL, id: 2 }).shape).toBe("one-trip");
  });

  it("is what the program says, where it says so", () => {
    const patience = patienceOf({ shape: "one-trip" });
    expect(patience.plan(CALL).shape).toBe("one-trip");
  });
});

describe("copies of a command", () => {
  it("is one while single commands are heard", () => {
    const patience = patienceOf();
    answerCalls(patience, 4, 32);
    for (let round = 0; round < 20; round++) patience.noteCommands(1, 1);
    expect(patience.commandCopies(0, 48)).toBe(1);
  });

  it("are two where they are often missed, more once nothing was heard, and one where it is long on the wire", () => {
    const patience = patienceOf();
    answerCalls(patience, 4, 32);
    patience.plan(CALL);
    for (let round = 0; round < 20; round++) patience.noteCommands(1, round % 2);
    expect(patience.commandCopies(0, 48)).toBe(2);
    expect(patience.commandCopies(1, 48)).toBe(6);
    const slow = patienceOf({ bytesPerMs: 1 });
    answerCalls(slow, 4, 32);
    slow.plan(CALL);
    for (let round = 0; round < 20; round++) slow.noteCommands(1, round % 2);
    expect(slow.commandCopies(0, 48)).toBe(1);
  });

  it("are one where the slave acknowledges each of them", () => {
    const patience = patienceOf();
    answerCalls(patience, 4, 32);
    patience.plan(CALL);
    for (let round = 0; round < 20; round++) patience.noteCommands(1, 0);
    for (let round = 0; round < 20; round++) patience.noteCommands(3, 3);
    expect(patience.commandCopies(0, 48)).toBe(1);
  });
});

describe("windows", () => {
  it("follow the longest round trip of late, but for a single stutter", () => {
    const patience = patienceOf();
    for (let call = 0; call < 10; call++) patience.noteRoundTrip([10]);
    expect(patience.windowMs(0, 0)).toBe(11);
    patience.noteRoundTrip([90]);
    expect(patience.windowMs(0, 0)).toBeLessThan(40);
    patience.noteRoundTrip([90]);
    expect(patience.windowMs(0, 0)).toBeGreaterThan(90);
    for (let call = 0; call < 16; call++) patience.noteRoundTrip([10]);
    expect(patience.windowMs(0, 0)).toBe(11);
  });

  it("take of several packets the one that fits what is known", () => {
    const patience = patienceOf();
    for (let call = 0; call < 16; call++) patience.noteRoundTrip([20]);
    patience.noteRoundTrip([41.5, 20.5, 0.2]);
    expect(patience.roundTripMs).toBe(20);
    expect(patience.windowMs(0, 0)).toBeLessThan(22);
  });

  it("follow a line that has become much shorter, although earlier packets could have been meant", () => {
    const patience = patienceOf();
    for (let call = 0; call < 16; call++) patience.noteRoundTrip([200]);
    patience.noteRoundTrip([210, 1]);
    patience.noteRoundTrip([210, 1]);
    expect(patience.roundTripMs).toBe(200);
    patience.noteRoundTrip([210, 1]);
    expect(patience.roundTripMs).toBe(1);
    expect(patience.windowMs(0, 0)).toBe(2);
  });

  it("learn nothing from an answer that waited for the slave", () => {
    const patience = patienceOf();
    const before = patience.windowMs(0, 0);
    patience.noteRoundTrip([900]);
    expect(patience.windowMs(0, 0)).toBe(before);
  });

  it("add what bytes take on a slow line", () => {
    const slow = patienceOf({ bytesPerMs: 0.96 });
    expect(slow.windowMs(0, 96) - slow.windowMs(0, 0)).toBeGreaterThanOrEqual(100);
  });
});

describe("the end", () => {
  it("stops repeating a command before the peer's hold time is over", () => {
    const patience = patienceOf({ peerHoldMs: 500 });
    patience.noteRoundTrip([10]);
    expect(patience.mayRepeat(300)).toBe(true);
    expect(patience.mayRepeat(450)).toBe(false);
  });
});

describe("what is kept of functions", () => {
  it("is bounded, and the oldest goes first", () => {
    const patience = patienceOf();
    answerCalls(patience, 10, 32);
    for (let call = 0; call < 40; call++) patience.noteCall({ ...LESSON, inOneTrip: false });
    for (let id = 1000; id < 1256; id++) patience.plan({ ...CALL, id });
    expect(patience.plan(CALL).shape).toBe("one-trip");
  });
});
