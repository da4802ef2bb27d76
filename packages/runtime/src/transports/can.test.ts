import { afterEach, describe, expect, it } from "vitest";
import { type CanBusModel, createCanBus } from "../../test/models/can-bus.js";
import type { Link } from "../link/link.js";
import { putPieces } from "../link/put-pieces.js";
import { createMaster } from "../peer/create-master.js";
import { createSlave } from "../peer/create-slave.js";
import { countCopiedBytes } from "../testing/count-copies.js";
import { describeLink } from "../testing/link-contract.js";
import { type CanOptions, openCan } from "./can.js";

const open = (bus: CanBusModel, options: Partial<CanOptions> = {}): Promise<Link> =>
  openCan({ interface: "can0", ...options }, { load: async () => bus.package, system: bus.system });

describeLink(
  "can",
  async () => {
    const bus = createCanBus();
    const [a, b] = [await open(bus), await open(bus)];
    return { a, b, run: (work) => work, dispose: () => Promise.all([a.close(), b.close()]).then(() => {}) };
  },
  { describe, it, expect },
);

describe("openCan", () => {
  const opened: Link[] = [];
  const openKept = async (...args: Parameters<typeof open>): Promise<Link> => {
    const link = await open(...args);
    opened.push(link);
    return link;
  };
  afterEach(async () => {
    for (const link of opened.splice(0)) await link.close();
  });
  const failure = (bus: CanBusModel, options: Partial<CanOptions> = {}) =>
    open(bus, options).then(
      () => null,
      (error: unknown) => error,
    );

  it("cuts what is written in one go into frames of 8 bytes and a shorter one", async () => {
    const bus = createCanBus();
    const [a, b] = [await openKept(bus), await openKept(bus)];
    await a.putBytes(
      Uint8Array.from({ length: 20 }, (_, index) => index),
      1000,
    );
    await a.putBytes(Uint8Array.of(90), 1000);
    expect(await b.getBytes(new Uint8Array(21), 1000)).toBe(true);
    expect(bus.frames.map(({ id, data }) => [id, [...data].join()])).toEqual([
      [0x7ff, "0,1,2,3,4,5,6,7"],
      [0x7ff, "8,9,10,11,12,13,14,15"],
      [0x7ff, "16,17,18,19"],
      [0x7ff, "90"],
    ]);
  });

  it("cuts pieces as if they were one, and copies none but the frames at their edges", async () => {
    const bus = createCanBus();
    const [a, b] = [await openKept(bus), await openKept(bus)];
    const counted = (length: number, start: number) =>
      Uint8Array.from({ length }, (_, index) => start + index);
    const pieces = [counted(2, 0), counted(3, 2), counted(20, 5), counted(1, 25)];
    const copied = await countCopiedBytes(async () => putPieces(a, pieces, 1000), { smallestBytes: 1 });
    expect(await b.getBytes(new Uint8Array(26), 1000)).toBe(true);
    expect(bus.frames.map(({ data }) => [...data].join())).toEqual([
      "0,1,2,3,4,5,6,7",
      "8,9,10,11,12,13,14,15",
      "16,17,18,19,20,21,22,23",
      "24,25",
    ]);
    // The first frame is of three pieces, the last of two; the model of the bus keeps a copy of each.
    expect(copied).toBe(5 + 8 + 2 + 26);
  });

  it("keeps the frames of two messages apart that are written at once", async () => {
    const bus = createCanBus();
    bus.queueLength = 2;
    const [a, b] = [await openKept(bus), await openKept(bus)];
    const into = new Uint8Array(80);
    const [one, two] = [new Uint8Array(40).fill(1), new Uint8Array(40).fill(2)];
    await Promise.all([a.putBytes(one, 5000), a.putBytes(two, 5000), b.getBytes(into, 5000)]);
    expect(into).toEqual(Uint8Array.of(...one, ...two));
  });

  it("has the traits of the bus", async () => {
    const { traits } = await openKept(createCanBus());
    expect(traits).toMatchObject({ framing: "stream", packetsApart: true, largestTransfer: null });
    expect(traits.bytesPerMs).toBeCloseTo(16.4, 1);
    expect((await openKept(createCanBus({ kind: "vcan", bitRate: null }))).traits.bytesPerMs).toBeUndefined();
  });

  it("keeps links with different ids on one interface apart, and takes nothing but data frames", async () => {
    const bus = createCanBus();
    const [a, b, c, d] = [
      await openKept(bus, { messageId: 0x100 }),
      await openKept(bus, { messageId: 0x100 }),
      await openKept(bus, { messageId: 0x101 }),
      await openKept(bus, { messageId: 0x101 }),
    ];
    bus.inject({ id: 0x100, ext: true, data: Buffer.of(7) });
    bus.inject({ id: 0x100, rtr: true, data: Buffer.alloc(8) });
    bus.inject({ id: 0x1, err: true, data: Buffer.alloc(8) });
    await Promise.all([a.putBytes(Uint8Array.of(1), 1000), c.putBytes(Uint8Array.of(2), 1000)]);
    const [fromA, fromC] = [new Uint8Array(1), new Uint8Array(1)];
    expect(await Promise.all([b.getBytes(fromA, 1000), d.getBytes(fromC, 1000)])).toEqual([true, true]);
    expect([fromA[0], fromC[0], b.available, d.available]).toEqual([1, 2, 0, 0]);
  });

  it("lets the kernel keep nothing for a link that is closed, or that failed and came back", async () => {
    const bus = createCanBus();
    const link = await open(bus);
    expect(bus.heardBy(0x7ff)).toBe(1);
    await link.close();
    expect(bus.heardBy(0x7ff)).toBe(0);
    const again = await openKept(bus, { reconnect: { firstPauseMs: 1 } });
    bus.goDown("down");
    if (bus.face !== null) bus.face.isUp = true;
    expect(await again.getBytes(new Uint8Array(1), 20).catch(() => false)).toBe(false);
    expect(await again.putBytes(Uint8Array.of(1), 5000)).toBe(true);
    expect(bus.heardBy(0x7ff)).toBe(1);
  });

  it("makes calls", async () => {
    const bus = createCanBus();
    const slave = createSlave(await openKept(bus));
    slave.register("echo", (argument) => argument);
    const served = slave.serve().catch(() => {});
    const master = createMaster(await openKept(bus), { shape: "stepwise" });
    for (const size of [0, 4, 300]) {
      const argument = new Uint8Array(size).map((_, index) => index);
      expect(await master.call("echo", argument)).toEqual(argument);
    }
    await slave.close();
    await served;
  });

  describe("says what keeps it from opening, and what mends it", () => {
    const ready = "sudo ip link set can0 type can bitrate 250000 sample-point 0.750 restart-ms 100";
    it.each([
      ["no such interface", null, {}, "there is no such CAN interface"],
      ["down", { isUp: false }, {}, "can0 is down: sudo ip link set can0 up"],
      [
        "no bit rate",
        { isUp: false, bitRate: null },
        {},
        `can0 has no bit rate: sudo ip link set can0 down && ${ready} && sudo ip link set can0 up`,
      ],
      ["another bit rate", { bitRate: 500_000 }, {}, "can0 runs at 500000 bit/s, not at 250000"],
      [
        "another sample point",
        { samplePoint: 0.875 },
        { samplePoint: 75 },
        "can0 samples at 87.5 %, not at 75 %",
      ],
      ["bus-off", { state: "BUS-OFF" }, {}, "sudo ip link set can0 type can restart,"],
      [
        "vcan that is down",
        { kind: "vcan" as const, bitRate: null, isUp: false },
        {},
        "can0 is down: sudo ip link set can0 up",
      ],
    ])("%s", async (_, face, options, text) => {
      const bus = createCanBus(face ?? {});
      if (face === null) bus.face = null;
      expect(await failure(bus, options)).toMatchObject({
        code: "link-failure",
        phase: "open",
        message: expect.stringContaining(text),
      });
    });

    it("a sample point that nobody named, or that is near", async () => {
      await openKept(createCanBus({ samplePoint: 0.875 }));
      await openKept(createCanBus({ samplePoint: 0.733 }), { samplePoint: 75 });
    });

    it("an id beyond 11 bits", async () => {
      expect(await failure(createCanBus(), { messageId: 0x800 })).toMatchObject({ code: "bad-argument" });
    });

    it.each([
      { bitRate: 0 },
      { bitRate: 250.5 },
      { bitRate: 2_000_000 },
      { samplePoint: 0.75 },
      { samplePoint: 750 },
      { samplePoint: Number.NaN },
    ])("a timing that can't be: %o", async (options) => {
      const bus = createCanBus({ isUp: false });
      expect(await failure(bus, { configure: true, ...options })).toMatchObject({ code: "bad-argument" });
      expect(bus.commands).toEqual([]);
    });
  });

  it("sets bit rate and sample point when told to, and only where they aren't set", async () => {
    const bus = createCanBus({ isUp: false, bitRate: null });
    await openKept(bus, { configure: true, bitRate: 500_000, samplePoint: 80 });
    expect(bus.commands).toEqual([
      "link set can0 down",
      "link set can0 type can bitrate 500000 sample-point 0.800 restart-ms 100",
      "link set can0 up",
    ]);
    await openKept(bus, { configure: true, bitRate: 500_000, samplePoint: 80 });
    expect(bus.commands).toHaveLength(3);
  });

  it("says who may set the bit rate", async () => {
    const bus = createCanBus({ isUp: false, bitRate: null });
    const system = {
      ...bus.system,
      ip: (args: readonly string[]) =>
        args.includes("show")
          ? bus.system.ip(args)
          : Promise.reject(new Error("RTNETLINK answers: Operation not permitted\n")),
    };
    const opening = openCan(
      { interface: "can0", configure: true },
      { load: async () => bus.package, system },
    );
    await expect(opening).rejects.toMatchObject({
      message: expect.stringMatching(
        /can't be set \(RTNETLINK answers: Operation not permitted\); as root: sudo ip link set/,
      ),
    });
  });

  describe("tells a read that waits", () => {
    const pending = (link: Link) => link.getBytes(new Uint8Array(1), 5000).catch((error: unknown) => error);

    it("that the interface was taken down", async () => {
      const bus = createCanBus();
      const reading = pending(await openKept(bus));
      bus.goDown("down");
      expect(await reading).toMatchObject({
        code: "closed",
        message: expect.stringContaining("can0 was taken down (ENETDOWN)"),
      });
    });

    it("that the interface is gone", async () => {
      const bus = createCanBus();
      const reading = pending(await openKept(bus));
      bus.goDown("gone");
      expect(await reading).toMatchObject({
        code: "closed",
        message: expect.stringContaining("can0 is gone"),
      });
    });

    it("that the controller went off the bus", async () => {
      const bus = createCanBus();
      const reading = pending(await openKept(bus));
      bus.inject({ id: 0x40, err: true, data: Buffer.alloc(8) });
      expect(await reading).toMatchObject({
        code: "link-failure",
        message: expect.stringContaining("bus-off"),
      });
    });

    it("once it times out, even where the socket's error got lost", async () => {
      const bus = createCanBus();
      const link = await openKept(bus);
      bus.goDown("down", false);
      await expect(link.getBytes(new Uint8Array(1), 5)).rejects.toMatchObject({ code: "closed" });
    });
  });

  it("tells a writer that the transmit queue stays full", async () => {
    const bus = createCanBus();
    const link = await openKept(bus);
    bus.stuck = true;
    bus.queueLength = 3;
    await expect(link.putBytes(new Uint8Array(100), 20)).rejects.toMatchObject({
      code: "link-failure",
      message: expect.stringMatching(/ENOBUFS.*txqueuelen 1000/),
    });
  });

  it("waits for room in the transmit queue", async () => {
    const bus = createCanBus();
    bus.queueLength = 2;
    const [a, b] = [await openKept(bus), await openKept(bus)];
    const data = Uint8Array.from({ length: 100 }, (_, index) => index);
    const into = new Uint8Array(100);
    expect(await Promise.all([a.putBytes(data, 5000), b.getBytes(into, 5000)])).toEqual([true, true]);
    expect(into).toEqual(data);
  });

  it("comes back when told to, and fails what was under way", async () => {
    const bus = createCanBus();
    const changes: (string | null)[] = [];
    const onChange = (failure: { readonly message: string } | null) =>
      changes.push(failure?.message.slice(0, 19) ?? null);
    const link = await openKept(bus, { reconnect: { firstPauseMs: 1, longestPauseMs: 2, onChange } });
    const reading = link.getBytes(new Uint8Array(1), 5000).catch((error: unknown) => error);
    bus.goDown("gone");
    expect(await reading).toMatchObject({ code: "closed", phase: "open" });
    const writing = link.putBytes(Uint8Array.of(5), 5000);
    bus.face = {
      isUp: true,
      kind: "can",
      bitRate: 250_000,
      samplePoint: 0.75,
      state: "ERROR-ACTIVE",
      restartMs: 0,
    };
    expect(await writing).toBe(true);
    expect(changes.at(-1)).toBe(null);
    expect(changes[0]).toBe("can0 is gone: unplu");
  });
});
