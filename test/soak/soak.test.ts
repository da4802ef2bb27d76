import { expect, it } from "vitest";
import { soakCamera } from "./soak-camera.js";
import { soakVirtual } from "./soak-virtual.js";

/** A megabyte more in the end than in the beginning is noise of the runtime around us; a leak of a call's bytes is not. */
const NOISE_BYTES = 4 * 1024 * 1024;

it.each(["ours", "stock"] as const)(
  "half a minute of virtual time leaves nothing behind (slave: %s)",
  async (peer) => {
    const result = await soakVirtual(peer, 0.5, 3);
    expect(result.wrong).toBe(0);
    expect(result.answered).toBeGreaterThan(result.calls * 0.8);
    expect(result.timersLeft).toBe(0);
    expect(result.memory.grownBytes()).toBeLessThan(NOISE_BYTES);
  },
);

it("the virtual camera on a pseudo terminal leaves nothing behind", async () => {
  const result = await soakCamera(60, ({ calls }) => calls < 180);
  expect(result.wrong).toBe(0);
  expect(result.answered).toBeGreaterThan(result.calls * 0.8);
  expect(result.reopened).toBe(3);
  // The test runner's own timers come and go.
  const { Timeout: _timeouts, Immediate: _immediates, ...left } = result.resourcesLeft;
  expect(left).toEqual({});
  expect(result.memory.grownBytes()).toBeLessThan(NOISE_BYTES);
});
