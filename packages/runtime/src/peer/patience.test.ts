import { describe, expect, it } from "vitest";
import { createPatience, type PatienceOptions } from "./patience.js";

const patienceOf = (options: Partial<PatienceOptions>) =>
  createPatience({ shape: "paired", peerReceiveBytes: 64, peerHoldMs: 1000, bytesPerMs: null, ...options });

describe("patience", () => {
  it("waits as a stock master does, step by step: 3 ms, and a third longer each time", () => {
    const patience = patienceOf({ shape: "stepwise" });
    const windows = [0, 1, 2, 3].map((attempt) => Math.round(patience.windowMs(attempt, 0) * 100) / 100);
    expect(windows).toEqual([3, 4, 5.33, 7.11]);
    expect(patience.discardsBeforeTry).toBe(true);
    expect(patience.pairsCommand(12)).toBe(false);
  });

  it("pairs what the peer's receive buffer holds, and nothing longer", () => {
    const patience = patienceOf({ peerReceiveBytes: 100 });
    expect(patience.pairsCommand(100)).toBe(true);
    expect(patience.pairsCommand(101)).toBe(false);
    expect(patience.discardsBeforeTry).toBe(false);
  });

  it("sizes its windows by the least of the last round trips", () => {
    const patience = patienceOf({});
    for (const roundTripMs of [140, 80, 95]) patience.noteRoundTrip(roundTripMs);
    expect(patience.windowMs(0, 0)).toBe(85);
    expect(patience.quietMs()).toBeGreaterThan(200);
    for (let call = 0; call < 16; call++) patience.noteRoundTrip(2);
    expect(patience.windowMs(0, 0)).toBe(7);
  });

  it("learns nothing from an answer that waited for the slave", () => {
    const patience = patienceOf({});
    const before = patience.windowMs(0, 0);
    patience.noteRoundTrip(900);
    expect(patience.windowMs(0, 0)).toBe(before);
  });

  it("adds what bytes take on a slow line", () => {
    const slow = patienceOf({ bytesPerMs: 0.96 });
    expect(slow.windowMs(0, 96) - slow.windowMs(0, 0)).toBeGreaterThanOrEqual(100);
  });

  it("stops repeating a command before the peer's hold time is over", () => {
    const patience = patienceOf({ peerHoldMs: 500 });
    patience.noteRoundTrip(10);
    expect(patience.mayRepeat(300)).toBe(true);
    expect(patience.mayRepeat(450)).toBe(false);
  });
});
