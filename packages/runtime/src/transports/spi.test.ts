import { describe, expect, it } from "vitest";
import { joinSpi as join, openSpiMaster as open } from "../../test/models/exact-pair.js";
import { createSpiBus } from "../../test/models/spi-bus.js";
import { describeLink } from "../testing/link-contract.js";

describeLink(
  "spi",
  async () => {
    const bus = createSpiBus();
    const [a, b] = [await open(bus), join(bus)];
    return { a, b, run: (work) => work, dispose: () => Promise.all([a.close(), b.close()]).then(() => {}) };
  },
  { describe, it, expect },
);

describe("openSpi", () => {
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => null,
      (error: unknown) => error,
    );

  it("speaks as the camera's library does: mode 2, 1 MHz, 100 µs after the select", async () => {
    const bus = createSpiBus();
    const link = await open(bus);
    expect(bus.openedWith).toEqual({ mode: 2, maxSpeedHz: 1_000_000, bitsPerWord: 8 });
    expect(await link.putBytes(Uint8Array.of(1, 2, 3, 4), 5000)).toBe(true);
    expect(bus.frames).toEqual([{ lengths: [4], mosi: [1, 2, 3, 4], delayUs: 100, isOver: true }]);
    expect(bus.speedHz).toBe(1_000_000);
    expect({ ...link.traits }).toEqual({
      framing: "exact",
      streamDepth: 1,
      tellsReady: false,
      largestTransfer: null,
      bytesPerMs: 125,
    });
    await link.close();
    expect(bus.openDevices).toBe(0);
  });

  it.each([
    [0, 0, 0],
    [0, 1, 1],
    [1, 0, 2],
    [1, 1, 3],
  ] as const)("takes polarity %i and phase %i for mode %i", async (polarity, phase, mode) => {
    const bus = createSpiBus();
    const link = await open(bus, { polarity, phase, speedHz: 4_000_000, selectDelayUs: 0 });
    await link.putBytes(Uint8Array.of(1), 5000);
    expect(bus.openedWith).toMatchObject({ mode, maxSpeedHz: 4_000_000 });
    expect(bus.frames[0]?.delayUs).toBe(0);
    await link.close();
  });

  it("sends what is larger than spidev's buffer in parts under one chip select, both ways", async () => {
    const bus = createSpiBus({ bufferBytes: 1000 });
    const link = await open(bus);
    const b = join(bus);
    const data = new Uint8Array(2500).map((_, index) => index % 253);
    const into = new Uint8Array(2500);
    expect(await Promise.all([b.getBytes(into, 5000), link.putBytes(data, 5000)])).toEqual([true, true]);
    expect(into).toEqual(data);
    expect(await Promise.all([b.putBytes(data, 5000), link.getBytes(into.fill(0), 5000)])).toEqual([
      true,
      true,
    ]);
    expect(into).toEqual(data);
    expect(bus.frames.map(({ lengths, delayUs, isOver }) => ({ lengths, delayUs, isOver }))).toEqual([
      { lengths: [1000, 1000, 500], delayUs: 100, isOver: true },
      { lengths: [1000, 1000, 500], delayUs: 100, isOver: true },
    ]);
    await link.close();
  });

  it("refuses it where the select can't be held, and names the module parameter", async () => {
    const bus = createSpiBus({ bufferBytes: 1000 });
    const link = await open(bus, { largeTransfers: "refuse" });
    expect(link.traits.largestTransfer).toBe(1000);
    expect(await failure(link.putBytes(new Uint8Array(1001), 5000))).toMatchObject({
      code: "link-failure",
      message: expect.stringMatching(/1001 bytes.*buffer of 1000.*spidev\.bufsiz=65536/),
    });
    await link.close();
  });

  it("sends zeros while it reads, and reads again while a short read is all equal", async () => {
    const bus = createSpiBus();
    const link = await open(bus);
    let reads = 0;
    bus.target = {
      take: () => 0,
      give: (length) => {
        reads += 1;
        return reads < 3 ? null : new Uint8Array(length).map((_, index) => index + 1);
      },
    };
    const into = new Uint8Array(8);
    expect(await link.getBytes(into, 5000)).toBe(true);
    expect([...into]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(bus.frames.map(({ mosi }) => mosi)).toEqual(Array.from({ length: 3 }, () => Array(8).fill(0)));
    await link.close();
  });

  it("gives up a short read after a multiple of the twelve bytes that a slave may be waiting for", async () => {
    for (const length of [4, 8, 12]) {
      const bus = createSpiBus();
      const link = await open(bus);
      expect(await link.getBytes(new Uint8Array(length), 3)).toBe(false);
      expect((bus.frames.length * length) % 12).toBe(0);
      await link.close();
    }
  });

  it.each([
    [
      "no such device",
      { device: 3 },
      [],
      "link-failure",
      "/dev/spidev0.3: there is no such device; switch SPI on",
    ],
    ["no permission", {}, ["EACCES"], "link-failure", "sudo usermod -aG spi $USER"],
    ["busy", {}, ["EBUSY"], "link-failure", "another program has it open"],
  ])("says what keeps it from opening: %s", async (_, options, failures, code, text) => {
    const bus = createSpiBus();
    bus.failures.push(...failures);
    expect(await failure(open(bus, options))).toMatchObject({ code, message: expect.stringContaining(text) });
  });

  it.each<[string, Record<string, unknown>]>([
    ["an SPI bus is a whole number, not -1", { bus: -1 }],
    ["SPI's polarity is 0 or 1, not 2", { polarity: 2 }],
    ["SPI's speedHz is a whole number above 0, not 0", { speedHz: 0 }],
    ["SPI's selectDelayUs is a whole number from 0 to 65535, not 65536", { selectDelayUs: 65_536 }],
    ["SPI's largeTransfers is hold-select or refuse, not refused", { largeTransfers: "refused" }],
  ])("refuses options that can't be: %s", async (message, options) => {
    const bus = createSpiBus();
    expect(await failure(open(bus, options))).toMatchObject({ code: "bad-argument", phase: "open", message });
    expect(bus.openDevices).toBe(0);
  });

  it.each([
    ["EMSGSIZE", "link-failure", "larger than spidev's buffer"],
    ["ENODEV", "closed", "unplugged"],
    ["EIO", "link-failure", "EIO"],
  ])("tells what %s means, and is over", async (errno, code, text) => {
    const bus = createSpiBus();
    const link = await open(bus);
    bus.failures.push(errno);
    const expected = { code, message: expect.stringContaining(text) };
    expect(await failure(link.getBytes(new Uint8Array(4), 5000))).toMatchObject(expected);
    expect(await failure(link.putBytes(new Uint8Array(4), 5000))).toMatchObject(expected);
    await link.close();
  });
});
