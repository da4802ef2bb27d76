import { describe, expect, it } from "vitest";
import { createTurnaround } from "./turnaround.js";

describe("createTurnaround", () => {
  it("is nothing for a slave as quick as a camera", () => {
    const turnaround = createTurnaround();
    expect(turnaround.ms).toBe(0);
    for (let each = 0; each < 20; each += 1) turnaround.note(0.3, true);
    expect(turnaround.ms).toBe(0);
  });

  it("is something for a slave that is a program, however quick", () => {
    const turnaround = createTurnaround();
    turnaround.note(0.4, true);
    expect(turnaround.ms).toBe(0.5);
  });

  it("is the longest of the last few, with a quarter to spare", () => {
    const turnaround = createTurnaround();
    for (const ms of [4, 20, 8]) turnaround.note(ms, true);
    expect(turnaround.ms).toBe(25);
    for (let each = 0; each < 8; each += 1) turnaround.note(4, true);
    expect(turnaround.ms).toBe(5);
  });

  it("takes what is not sure only until it knows better, and never for longer than 250 ms", () => {
    const turnaround = createTurnaround();
    turnaround.note(3000, false);
    expect([turnaround.ms, turnaround.pauseMs]).toEqual([250, 64]);
    turnaround.note(2, true);
    expect(turnaround.ms).toBe(2.5);
  });
});
