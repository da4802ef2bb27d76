import { describe, expect, it } from "vitest";
import { RpcError } from "../errors.js";
import { createMaster } from "../peer/create-master.js";
import { createSlave } from "../peer/create-slave.js";
import { describeLink } from "../testing/link-contract.js";
import { createVirtualClock, type VirtualClock } from "../testing/virtual-clock.js";
import type { Link } from "./link.js";
import { createMemoryLink } from "./memory-link.js";
import { openReconnectingLink, type ReconnectOptions } from "./reconnecting-link.js";

interface Socket {
  readonly link: Link;
  /** The other end of each line that was opened, the newest last. */
  readonly others: Link[];
  /** How often somebody tried, and when. */
  readonly triedAt: number[];
  /** While false there is nothing to plug into. */
  isThere: boolean;
  /** Breaks the line; tells the link at once, or leaves it to find out. */
  unplug(isTold?: boolean): Promise<void>;
}

const unplugged = () => new RpcError("closed", "unplugged", { phase: "open", executed: "no" });

async function plugIn(clock: VirtualClock, options: ReconnectOptions = {}): Promise<Socket> {
  const others: Link[] = [];
  const triedAt: number[] = [];
  let tell = (_: RpcError) => {};
  const socket = {
    others,
    triedAt,
    isThere: true,
    async unplug(isTold = true) {
      socket.isThere = false;
      await others.at(-1)?.close();
      if (isTold) tell(unplugged());
    },
  };
  const link = await openReconnectingLink(
    async (lost) => {
      triedAt.push(clock.now());
      if (!socket.isThere) throw new RpcError("link-failure", "no port", { phase: "open", executed: "no" });
      const [a, b] = createMemoryLink({ clock });
      others.push(b);
      tell = lost;
      return a;
    },
    options,
    clock,
  );
  return Object.assign(socket, { link });
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describeLink(
  "reconnecting link",
  async () => {
    const clock = createVirtualClock();
    const { link, others } = await plugIn(clock);
    const dispose = () => Promise.all([link.close(), others[0]?.close()]).then(() => {});
    return { a: link, b: others[0] as Link, run: clock.run, dispose };
  },
  { describe, it, expect },
);

describe("a link that reconnects", () => {
  it("rejects what was under way, and carries what comes after", async () => {
    const clock = createVirtualClock();
    const socket = await plugIn(clock);
    const reading = failure(socket.link.getBytes(new Uint8Array(1), 5000));
    await socket.unplug();
    expect(await clock.run(reading)).toMatchObject({ code: "closed" });
    socket.isThere = true;
    const again = socket.link.getBytes(new Uint8Array(1), 5000);
    await clock.advance(100);
    await socket.others[1]?.putBytes(Uint8Array.of(4), 10);
    expect(await clock.run(again)).toBe(true);
    await socket.link.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("tries again after pauses that double up to the longest", async () => {
    const clock = createVirtualClock();
    const socket = await plugIn(clock, { firstPauseMs: 100, longestPauseMs: 500 });
    await socket.unplug();
    await clock.advance(2000);
    expect(socket.triedAt).toEqual([0, 100, 300, 700, 1200, 1700]);
    await socket.link.close();
    await clock.advance(10_000);
    expect(socket.triedAt).toHaveLength(6);
    expect(clock.pendingTimers).toBe(0);
  });

  it("starts with the first pause again once it was back", async () => {
    const clock = createVirtualClock();
    const socket = await plugIn(clock);
    for (let round = 0; round < 3; round++) {
      await socket.unplug();
      await clock.advance(250);
      socket.isThere = true;
      await clock.advance(10_000);
    }
    expect(socket.others).toHaveLength(4);
    expect(socket.triedAt).toEqual([0, 100, 300, 10_350, 10_550, 20_600, 20_800]);
  });

  it("says of a line that is still down when the caller's time is over why it is down", async () => {
    const clock = createVirtualClock();
    const socket = await plugIn(clock);
    await socket.unplug();
    expect(await clock.run(failure(socket.link.putBytes(Uint8Array.of(1), 50)))).toMatchObject({
      code: "closed",
      message: "unplugged",
    });
    expect(await clock.run(failure(socket.link.putBytes(Uint8Array.of(1), 60)))).toMatchObject({
      code: "link-failure",
      message: "no port",
    });
    expect(await socket.link.getBytes(new Uint8Array(1), 50, AbortSignal.abort())).toBe(false);
  });

  it("lets a call wait for the line as long as its own time allows, and no longer", async () => {
    const clock = createVirtualClock();
    const socket = await plugIn(clock, { firstPauseMs: 300 });
    const master = createMaster(socket.link, { clock });
    const slave = createSlave(socket.others[0] as Link, { clock });
    slave.register("echo", (argument) => argument);
    const served = slave.serve().catch(() => {});
    await clock.run(master.call("echo", Uint8Array.of(1)));
    await socket.unplug();
    await clock.run(served);
    await clock.run(failure(master.call("echo", Uint8Array.of(1), { timeoutMs: 10 })));
    const startedAt = clock.now();
    const short = await clock.run(failure(master.call("echo", Uint8Array.of(2), { sendTimeoutMs: 100 })));
    expect(short).toMatchObject({ code: "closed", executed: "no" });
    expect(clock.now() - startedAt).toBeCloseTo(100);

    socket.isThere = true;
    const call = master.call("echo", Uint8Array.of(3));
    await clock.advance(200);
    const next = createSlave(socket.others[1] as Link, { clock });
    next.register("echo", (argument) => argument);
    const servedNext = next.serve().catch(() => {});
    expect(await clock.run(call)).toEqual(Uint8Array.of(3));
    await clock.run(master.close());
    await clock.run(servedNext);
  });

  it("finds out by itself where nobody tells it", async () => {
    const clock = createVirtualClock();
    const socket = await plugIn(clock);
    await socket.unplug(false);
    socket.isThere = true;
    expect(await failure(socket.link.putBytes(Uint8Array.of(1), 50))).toMatchObject({ code: "closed" });
    expect(await clock.run(socket.link.putBytes(Uint8Array.of(1), 500))).toBe(true);
  });

  it("gives up after so many tries, for good", async () => {
    const clock = createVirtualClock();
    const socket = await plugIn(clock, { tries: 3 });
    await socket.unplug();
    const waiting = failure(socket.link.putBytes(Uint8Array.of(1), 60_000));
    expect(await clock.run(waiting)).toMatchObject({ message: "no port" });
    socket.isThere = true;
    await clock.advance(60_000);
    expect(await failure(socket.link.putBytes(Uint8Array.of(1), 10))).toMatchObject({ message: "no port" });
    expect(socket.triedAt).toHaveLength(4);
  });

  it("tells of each change", async () => {
    const clock = createVirtualClock();
    const told: (string | null)[] = [];
    const socket = await plugIn(clock, { onChange: (error) => told.push(error?.message ?? null) });
    await socket.unplug();
    await clock.advance(100);
    socket.isThere = true;
    await clock.advance(200);
    expect(told).toEqual(["unplugged", "no port", null]);
    await socket.link.close();
    expect(told).toHaveLength(3);
  });

  it("rejects when the first opening fails", async () => {
    const clock = createVirtualClock();
    await expect(openReconnectingLink(() => Promise.reject(unplugged()), {}, clock)).rejects.toMatchObject({
      code: "closed",
    });
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends waiting operations with `closed` when it is closed while the line is down", async () => {
    const clock = createVirtualClock();
    const socket = await plugIn(clock);
    await socket.unplug();
    const waiting = failure(socket.link.putBytes(Uint8Array.of(1), 60_000));
    await socket.link.close();
    expect(await waiting).toMatchObject({ code: "closed", message: "the link was closed" });
    expect(clock.pendingTimers).toBe(0);
  });

  it("lets a slave go on serving, its function still running, until it is given up for good", async () => {
    const clock = createVirtualClock();
    const socket = await plugIn(clock, { firstPauseMs: 10, tries: 2 });
    const slave = createSlave(socket.link, { clock });
    let runs = 0;
    let endFunction = () => {};
    slave.register("slow", (argument) => {
      runs += 1;
      return new Promise((resolve) => {
        endFunction = () => resolve(argument);
      });
    });
    const served = failure(slave.serve());
    const call = (options = {}) =>
      failure(
        createMaster(socket.others.at(-1) as Link, { clock }).call("slow", Uint8Array.of(1), {
          recvTimeoutMs: 100,
          ...options,
        }),
      );
    const calling = call({ timeoutMs: 150 });
    await clock.advance(200);
    await calling;
    expect(runs).toBe(1);
    await socket.unplug();
    socket.isThere = true;
    await clock.advance(100);
    // One function at a time: a new command waits until the old one is done.
    const again = call({ recvTimeoutMs: 2000 });
    await clock.advance(300);
    endFunction();
    await clock.advance(300);
    endFunction();
    expect(await clock.run(again)).toBeNull();
    await socket.unplug();
    expect(await clock.run(served)).toMatchObject({ code: "link-failure", phase: "serve" });
  });

  it("says of each call truthfully whether it ran, over 100 unpluggings", async () => {
    const clock = createVirtualClock();
    const socket = await plugIn(clock, { firstPauseMs: 5, longestPauseMs: 20 });
    const ran = new Set<number>();
    const serve = (link: Link) => {
      const slave = createSlave(link, { clock });
      slave.register("note", (argument) => {
        ran.add(argument[0] as number);
        return argument;
      });
      void slave.serve().catch(() => {});
    };
    serve(socket.others[0] as Link);
    const master = createMaster(socket.link, { clock });
    let failed = 0;
    for (let call = 0; call < 100; call++) {
      // At another point of the exchange each time: before it, in it, after it.
      const cutAfterTurns = call % 12;
      const calling = failure(master.call("note", Uint8Array.of(call), { timeoutMs: 100 }));
      for (let turn = 0; turn < cutAfterTurns; turn++) await Promise.resolve();
      await socket.unplug(call % 2 === 0);
      const error = await clock.run(calling);
      if (error instanceof RpcError) {
        failed += 1;
        if (error.executed === "no") expect(ran.has(call)).toBe(false);
        if (error.executed === "yes") expect(ran.has(call)).toBe(true);
      } else expect(ran.has(call)).toBe(true);
      socket.isThere = true;
      await clock.run(failure(socket.link.putBytes(Uint8Array.of(0), 0)));
      await clock.advance(50);
      serve(socket.others.at(-1) as Link);
    }
    expect(failed).toBeGreaterThan(10);
    await master.close();
  });

  it("runs nothing twice, over 100 breaks of a cable whose both ends come back, during calls", async () => {
    const clock = createVirtualClock();
    const cable = createCable(clock);
    const slave = createSlave(await cable.open(1), { clock });
    const runs = new Map<number, number>();
    slave.register("note", (argument) => {
      const call = argument[0] as number;
      runs.set(call, (runs.get(call) ?? 0) + 1);
      return argument;
    });
    void slave.serve().catch(() => {});
    const master = createMaster(await cable.open(0), { clock });
    const executed = { no: 0, yes: 0, unknown: 0 };
    const note = async (call: number, timeouts: number): Promise<boolean> => {
      const calling = master.call("note", Uint8Array.of(call), {
        sendTimeoutMs: timeouts,
        recvTimeoutMs: timeouts,
      });
      const error = await clock.run(failure(calling));
      const ran = runs.get(call) ?? 0;
      expect(ran).toBeLessThan(2);
      if (error === null) expect(ran).toBe(1);
      else {
        if (!(error instanceof RpcError)) throw error;
        executed[error.executed] += 1;
        if (error.executed !== "unknown") expect(ran).toBe(error.executed === "yes" ? 1 : 0);
      }
      return error === null;
    };
    for (let time = 0; time < 100; time++) {
      cable.breakAfterWrites(time % 9, time % 3);
      await note(2 * time, 900);
      cable.breakAfterWrites(null, 0);
      await clock.advance(100);
      expect(await note(2 * time + 1, 5000)).toBe(true);
    }
    expect(executed.no + executed.yes + executed.unknown).toBeGreaterThan(10);
    await master.close();
    await slave.close();
  });
});

/** Both ends of one cable, as links that come back; it breaks at a chosen write of either end. */
function createCable(clock: VirtualClock) {
  let ends: Link[] = [];
  let writesLeft: number | null = null;
  let toldEnds = 0;
  const lostBy: ((error: RpcError) => void)[] = [];

  async function breakNow(): Promise<void> {
    const broken = ends;
    ends = [];
    await Promise.all(broken.map((end) => end.close()));
    // The others find out when they read or write.
    for (const tell of lostBy.slice(0, toldEnds)) tell(unplugged());
  }

  return {
    /** 0 is the next write; null: never. So many ends are told at once. */
    breakAfterWrites(writes: number | null, told: number): void {
      writesLeft = writes;
      toldEnds = told;
    },
    open: (end: 0 | 1): Promise<Link> =>
      openReconnectingLink(
        async (lost) => {
          lostBy[end] = lost;
          if (ends.length === 0) ends = createMemoryLink({ clock });
          const link = ends[end] as Link;
          const { putBytes } = link;
          link.putBytes = async (...args) => {
            if (writesLeft !== null && writesLeft-- === 0) await breakNow();
            return putBytes(...args);
          };
          return link;
        },
        { firstPauseMs: 5, longestPauseMs: 20 },
        clock,
      ),
  };
}

describe("a link below that comes back by itself", () => {
  const broken = () => new RpcError("link-failure", "broken", { phase: "open", executed: "unknown" });

  /** Its reads fail; `said` has the time that it was given between calls. */
  async function setUp(comesBack: boolean) {
    const clock = createVirtualClock();
    const said: number[] = [];
    let opened = 0;
    let lose = (_: RpcError) => {};
    const link = await openReconnectingLink(
      async (lost) => {
        opened += 1;
        lose = lost;
        const [line] = createMemoryLink({ clock });
        return {
          ...line,
          traits: { ...line.traits, comesBack },
          getBytes: () => Promise.reject(broken()),
          betweenCalls: async (timeoutMs: number) => void said.push(timeoutMs),
        };
      },
      {},
      clock,
    );
    return { clock, link, said, opened: () => opened, lose: () => lose(broken()) };
  }

  it.each([
    [true, 1],
    [false, 2],
  ])("is not opened anew for what it says itself (%s)", async (comesBack, times) => {
    const { clock, link, opened } = await setUp(comesBack);
    await expect(link.getBytes(new Uint8Array(1), 10)).rejects.toMatchObject({ message: "broken" });
    await clock.advance(1000);
    expect(opened()).toBe(times);
  });

  it("is told between calls as soon as it is there", async () => {
    const { clock, link, said, lose } = await setUp(true);
    await clock.run(link.betweenCalls?.(500) ?? Promise.resolve());
    lose();
    await clock.run(link.betweenCalls?.(500) ?? Promise.resolve());
    expect(said).toEqual([500, 400]);
    lose();
    await expect(clock.run(link.betweenCalls?.(50) ?? Promise.resolve())).rejects.toMatchObject({
      message: "broken",
    });
  });
});
