import { describe, expect, it } from "vitest";
import { createRoundTrips } from "./round-trips.js";

const tripsOf = (...measuredMs: number[]) => {
  const trips = createRoundTrips();
  for (const each of measuredMs) trips.note([each]);
  return trips;
};

describe("round trips", () => {
  it("are unknown before the first, and told by least, usual and longest after it", () => {
    expect(tripsOf().isKnown).toBe(false);
    const trips = tripsOf(30, 10, 20);
    expect(trips).toMatchObject({ isKnown: true, leastMs: 10, usualMs: 20, longestMs: 30 });
  });

  it("leave out a single stutter where there are several", () => {
    expect(tripsOf(10, 90).usualLongestMs).toBe(90);
    expect(tripsOf(10, 10, 10, 10, 10, 10, 10, 90).usualLongestMs).toBe(10);
  });

  it("forget what is older than sixteen", () => {
    expect(tripsOf(90, ...Array<number>(16).fill(10)).longestMs).toBe(10);
  });
});
