import { describe, expect, it } from "vitest";
import { type LatencySystem, tuneLatencyTimer } from "./latency-timer.js";

const TIMER = "/sys/bus/usb-serial/devices/ttyUSB0/latency_timer";

interface Adapter extends LatencySystem {
  ms: number | null;
}

function adapter(ms: number | null, mayWrite: boolean): Adapter {
  const system: Adapter = {
    ms,
    realPath: async (path) => (path === "/dev/serial/by-id/usb-FTDI" ? "/dev/ttyUSB0" : path),
    readText: async (path) => (path === TIMER && system.ms !== null ? `${system.ms}\n` : null),
    async writeText(path, text) {
      if (!mayWrite) throw new Error("EACCES: permission denied");
      if (path === TIMER) system.ms = Number(text);
    },
  };
  return system;
}

const refused = () => Promise.reject(new Error("Inappropriate ioctl for device"));

describe("tuneLatencyTimer", () => {
  it("sets the timer of the adapter behind a link", async () => {
    const system = adapter(16, true);
    const timer = await tuneLatencyTimer("/dev/serial/by-id/usb-FTDI", system, refused);
    expect([timer, system.ms]).toEqual([{ ms: 1, hint: null }, 1]);
  });

  it("asks the driver where the file may not be written", async () => {
    const system = adapter(16, false);
    const timer = await tuneLatencyTimer("/dev/ttyUSB0", system, async () => {
      system.ms = 1;
    });
    expect(timer).toEqual({ ms: 1, hint: null });
  });

  it("says what would set it where neither is allowed", async () => {
    const timer = await tuneLatencyTimer("/dev/ttyUSB0", adapter(16, false), refused);
    expect(timer?.ms).toBe(16);
    expect(timer?.hint).toContain(`echo 1 | sudo tee ${TIMER}`);
  });

  it("leaves a timer alone that is short, and a port that has none", async () => {
    expect(await tuneLatencyTimer("/dev/ttyUSB0", adapter(1, false), refused)).toEqual({ ms: 1, hint: null });
    expect(await tuneLatencyTimer("/dev/ttyUSB0", adapter(null, true), refused)).toBe(null);
    expect(await tuneLatencyTimer("/dev/ttyACM0", adapter(16, true), refused)).toBe(null);
  });
});
