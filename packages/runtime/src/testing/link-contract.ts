/**
 * What every link must do, as a suite that each transport runs against a pair of its own ends. The test
 * runner is handed in, so that the runtime depends on none.
 */
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { putPieces } from "../link/put-pieces.js";

export interface LinkPair {
  /** The master's end, where the ends differ. */
  readonly a: Link;
  readonly b: Link;
  /** Where a slave that is not ready loses what comes: resolves once the bus knows what `b` waits for. */
  ready?(): Promise<void>;
  /** Runs what a test does: on a virtual clock where there is one, else as it is. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Frees what is left of the pair. */
  dispose(): Promise<void>;
}

/** As much of a test runner as the suite needs; vitest's and jest's fit. */
export interface TestTools {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
  expect(value: unknown): { toEqual(expected: unknown): void };
}

export interface LinkContractOptions {
  /** Longer than this line needs for anything, shorter than a test may take; 5,000 by default. */
  readonly soonMs?: number;
  /** Most bytes in one test, for a slow line; a mebibyte by default. */
  readonly mostBytes?: number;
}

const DEFAULT_SOON_MS = 5000;
/** A write and a read of a short message meet within this, or have missed each other. */
const MEETING_MS = 250;
const MEETINGS = 20;
const SHORT_BYTES = 4096;
/** What is not there yet does not come either. */
const NOT_COMING_MS = 30;

const bytes = (length: number, start = 0) => new Uint8Array(length).map((_, index) => start + index * 3);

/** 65,535: the camera's library never moves more at once over I2C. */
const LARGEST_USUAL = 65_535;
const MEBIBYTE = 1024 * 1024;

/** Where bytes differ, in words; null where they don't. Test runners compare long arrays slowly. */
function differenceOf(actual: Uint8Array | null, expected: Uint8Array): string | null {
  if (actual?.length !== expected.length) return `${actual?.length ?? "no"} bytes, not ${expected.length}`;
  const at = expected.findIndex((byte, index) => byte !== actual[index]);
  return at < 0 ? null : `byte ${at} of ${expected.length} is ${actual[at]}, not ${expected[at]}`;
}

/**
 * Every link runs this. On a `stream` link bytes wait for their reader, in pieces of any size; on an `exact`
 * one a read meets a write of the same size.
 */
export function describeLink(
  name: string,
  createPair: () => Promise<LinkPair>,
  tools: TestTools,
  options: LinkContractOptions = {},
): void {
  const { describe, it, expect } = tools;
  const { soonMs: SOON_MS = DEFAULT_SOON_MS, mostBytes = MEBIBYTE } = options;

  interface Ends {
    readonly a: Link;
    readonly b: Link;
    readonly tellsReady: boolean;
    ready(): Promise<void>;
  }

  const endsOf = ({ a, b, ready }: LinkPair): Ends => ({
    a,
    b,
    tellsReady: ready !== undefined,
    ready: async () => ready?.(),
  });

  function check(what: string, body: (ends: Ends) => Promise<void>): void {
    it(what, async () => {
      const pair = await createPair();
      try {
        await pair.run(body(endsOf(pair)));
      } finally {
        await pair.run(pair.dispose());
      }
    });
  }

  /** From either end, where both do the same; of an exact link only the master begins a transfer. */
  function checkBothWays(what: string, body: (ends: Ends) => Promise<void>): void {
    check(what, async (ends) => {
      await body(ends);
      if (isStream(ends.a)) await body({ ...ends, a: ends.b, b: ends.a });
    });
  }

  async function read(link: Link, length: number, timeoutMs = SOON_MS): Promise<Uint8Array | null> {
    const into = new Uint8Array(length);
    return (await link.getBytes(into, timeoutMs)) ? into : null;
  }

  /** One write and the read that it is for; `b` begins. */
  async function moves(ends: Ends, from: "a" | "b", data: Uint8Array): Promise<void> {
    const { a, b } = ends;
    const meet = async (timeoutMs: number) => {
      const isDown = from === "a";
      const reading = isDown ? read(b, data.length, timeoutMs) : null;
      const putting = isDown ? null : b.putBytes(data, timeoutMs);
      await ends.ready();
      return Promise.all([
        reading ?? read(a, data.length, timeoutMs),
        putting ?? a.putBytes(data, timeoutMs),
      ]);
    };
    const mayMiss = !isStream(a) && !ends.tellsReady && data.length <= SHORT_BYTES;
    let [received, taken] = await meet(mayMiss ? MEETING_MS : SOON_MS);
    // Where nobody says whether the slave is ready, what it missed is said again, as peers do.
    for (let tries = 1; received === null && mayMiss && tries < MEETINGS; tries += 1) {
      [received, taken] = await meet(MEETING_MS);
    }
    expect(taken).toEqual(true);
    expect(differenceOf(received, data)).toEqual(null);
  }

  async function codeOf(work: Promise<unknown>): Promise<string> {
    return work.then(
      () => "no error",
      (error: unknown) => (error instanceof RpcError ? error.code : String(error)),
    );
  }

  const isStream = (link: Link) => link.traits.framing === "stream";

  describe(`${name}: what every link does`, () => {
    check("moves bytes both ways, in their order", async (ends) => {
      const { a, b } = ends;
      if (!isStream(a)) {
        await moves(ends, "a", bytes(10));
        await moves(ends, "a", bytes(5, 100));
        return moves(ends, "b", bytes(3, 7));
      }
      expect(await a.putBytes(bytes(10), SOON_MS)).toEqual(true);
      expect(await a.putBytes(bytes(5, 100), SOON_MS)).toEqual(true);
      expect(await read(b, 4)).toEqual(bytes(4));
      expect(await read(b, 11)).toEqual(Uint8Array.of(...bytes(10).subarray(4), ...bytes(5, 100)));
      expect(await b.putBytes(bytes(3, 7), SOON_MS)).toEqual(true);
      expect(await read(a, 3)).toEqual(bytes(3, 7));
    });

    check("moves a single byte", async (ends) => {
      await moves(ends, "a", bytes(1, 65));
      await moves(ends, "b", bytes(1, 66));
    });

    check("carries every value of a byte, and many of them", async (ends) => {
      const length = Math.min(100_000, mostBytes);
      const all = new Uint8Array(length).map((_, index) => index ^ (index >> 8));
      await moves(ends, "a", all);
    });

    check("moves its largest transfer, both ways", async (ends) => {
      const { a } = ends;
      const data = new Uint8Array(Math.min(a.traits.largestTransfer ?? LARGEST_USUAL, mostBytes)).map(
        (_, index) => index % 251,
      );
      await moves(ends, "a", data);
      await moves(ends, "b", data);
    });

    check("moves a mebibyte, or what the line has time for, both ways", async (ends) => {
      const data = new Uint8Array(mostBytes).map((_, index) => (index * 7) ^ (index >> 9));
      await moves(ends, "a", data);
      await moves(ends, "b", data);
    });

    checkBothWays("fills a read that waits", async (ends) => {
      const { a, b } = ends;
      if (!isStream(a)) return moves(ends, "a", bytes(6));
      const reading = read(b, 6);
      await a.putBytes(bytes(2), SOON_MS);
      await a.putBytes(bytes(4, 50), SOON_MS);
      expect(await reading).toEqual(Uint8Array.of(...bytes(2), ...bytes(4, 50)));
    });

    checkBothWays("takes nothing when a read is not filled in time", async (ends) => {
      const { a, b } = ends;
      if (!isStream(a)) {
        expect(await b.getBytes(new Uint8Array(4), NOT_COMING_MS)).toEqual(false);
        expect(await a.getBytes(new Uint8Array(4), NOT_COMING_MS)).toEqual(false);
        return moves(ends, "a", bytes(4, 200));
      }
      await a.putBytes(bytes(3), SOON_MS);
      expect(await b.getBytes(new Uint8Array(4), NOT_COMING_MS)).toEqual(false);
      await a.putBytes(bytes(1, 200), SOON_MS);
      expect(await read(b, 4)).toEqual(Uint8Array.of(...bytes(3), 200));
    });

    check("says that a write was not taken in time, where nobody reads", async (ends) => {
      const { a, b } = ends;
      if (isStream(a)) return;
      expect(await b.putBytes(bytes(4), NOT_COMING_MS)).toEqual(false);
      await moves(ends, "b", bytes(4, 30));
    });

    checkBothWays("ends a read when its signal aborts, and takes nothing", async (ends) => {
      const { a, b } = ends;
      for (const link of isStream(a) ? [b] : [b, a]) {
        const stop = new AbortController();
        const reading = link.getBytes(new Uint8Array(4), SOON_MS, stop.signal);
        if (isStream(a)) await a.putBytes(bytes(3), SOON_MS);
        stop.abort();
        expect(await reading).toEqual(false);
        if (isStream(a)) expect(await read(b, 3)).toEqual(bytes(3));
        else await moves(ends, link === b ? "a" : "b", bytes(3));
      }
    });

    check("does not read or write for a signal that has aborted", async ({ a, b }) => {
      const signal = AbortSignal.abort();
      for (const link of [a, b]) {
        expect(await link.putBytes(bytes(3), SOON_MS, signal)).toEqual(false);
        expect(await link.getBytes(new Uint8Array(1), SOON_MS, signal)).toEqual(false);
      }
    });

    checkBothWays("keeps nothing of what it was given to write", async (ends) => {
      const { a, b } = ends;
      if (!isStream(a)) return moves(ends, "a", bytes(4));
      const data = bytes(4);
      const reading = read(b, 4);
      await a.putBytes(data, SOON_MS);
      data.fill(255);
      expect(await reading).toEqual(bytes(4));
    });

    check("writes pieces one behind the other, as one", async (ends) => {
      const { a, b } = ends;
      if (!isStream(a)) return;
      const pieces = [bytes(2), bytes(3000, 9), new Uint8Array(0), bytes(1, 5)];
      const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
      expect(await putPieces(a, pieces, SOON_MS)).toEqual(true);
      expect(differenceOf(await read(b, whole.length), whole)).toEqual(null);
      await a.close();
      expect(await codeOf(putPieces(a, pieces, SOON_MS))).toEqual("closed");
    });

    checkBothWays("discards what was received on flush", async (ends) => {
      const { a, b } = ends;
      if (isStream(a)) {
        await a.putBytes(bytes(3), SOON_MS);
        expect(await b.getBytes(new Uint8Array(4), NOT_COMING_MS)).toEqual(false);
      }
      await b.flush();
      expect(b.available).toEqual(0);
      await moves(ends, "a", bytes(2, 90));
    });

    for (const end of ["a", "b"] as const) {
      check(`rejects a pending read and what comes later when it is closed (end ${end})`, async (ends) => {
        const link = ends[end];
        const reading = codeOf(link.getBytes(new Uint8Array(4), SOON_MS));
        await link.close();
        expect(await reading).toEqual("closed");
        expect(await codeOf(link.getBytes(new Uint8Array(1), SOON_MS))).toEqual("closed");
        expect(await codeOf(link.putBytes(bytes(1), SOON_MS))).toEqual("closed");
        await link.close();
      });
    }

    check("rejects a pending write when it is closed, where nobody reads", async ({ b }) => {
      if (isStream(b)) return;
      const writing = codeOf(b.putBytes(bytes(4), SOON_MS));
      await b.close();
      expect(await writing).toEqual("closed");
    });

    check("reads and writes nothing at once", async ({ a, b }) => {
      for (const link of [a, b]) {
        expect(await link.putBytes(new Uint8Array(0), 0)).toEqual(true);
        expect(await link.getBytes(new Uint8Array(0), 0)).toEqual(true);
      }
    });
  });
}
