/**
 * The cable comes out during calls and streams: each call says truthfully whether it ran, and nothing is left. 100 times
 * each in `npm run soak`.
 */
import { expect, it } from "vitest";
import { unplugOften } from "./unplug-port.js";
import { networkSocket, ptySocket, tcpSocket } from "./unplug-sockets.js";

const NOISE_BYTES = 4 * 1024 * 1024;

it.each([
  ["a pseudo terminal", ptySocket, 30],
  ["a TCP connection", tcpSocket, 60],
  ["the network", networkSocket, 60],
] as const)(
  "%s that goes and comes back",
  async (_, open, rounds) => {
    const result = await unplugOften(open, rounds);
    expect(result.failures).toEqual([]);
    expect(result.failed).toBeGreaterThan(rounds / 4);
    // The test runner's own timers come and go.
    const { Timeout: _timeouts, Immediate: _immediates, ...left } = result.resourcesLeft;
    expect(left).toEqual({});
    expect(result.memory.grownBytes()).toBeLessThan(NOISE_BYTES);
  },
  240_000,
);
