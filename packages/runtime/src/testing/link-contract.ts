/**
 * What every link must do, as a suite that each transport runs against a pair of its own ends. The test
 * runner is handed in, so that the runtime depends on none.
 */
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";

export interface LinkPair {
  readonly a: Link;
  readonly b: Link;
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

/** Longer than any line here needs, shorter than a test may take. */
const SOON_MS = 5000;
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

/**
 * Every link runs this. On a `stream` link bytes wait for their reader, in pieces of any size; on an `exact`
 * one a read meets a write of the same size.
 */
export function describeLink(name: string, createPair: () => Promise<LinkPair>, tools: TestTools): void {
  const { describe, it, expect } = tools;

  function check(what: string, body: (a: Link, b: Link) => Promise<void>): void {
    it(what, async () => {
      const pair = await createPair();
      try {
        await pair.run(body(pair.a, pair.b));
      } finally {
        await pair.run(pair.dispose());
      }
    });
  }

  async function read(link: Link, length: number, timeoutMs = SOON_MS): Promise<Uint8Array | null> {
    const into = new Uint8Array(length);
    return (await link.getBytes(into, timeoutMs)) ? into : null;
  }

  /** One write and the read that it is for. */
  async function moves(from: Link, to: Link, data: Uint8Array): Promise<void> {
    const meet = (timeoutMs: number) =>
      Promise.all([from.putBytes(data, timeoutMs), read(to, data.length, timeoutMs)]);
    let [taken, received] = await meet(isStream(from) || data.length > SHORT_BYTES ? SOON_MS : MEETING_MS);
    // Nobody says whether a slave on an exact link is ready: what it missed is said again, as peers do.
    for (let tries = 1; received === null && !isStream(from) && tries < MEETINGS; tries++) {
      [taken, received] = await meet(MEETING_MS);
    }
    expect(taken).toEqual(true);
    expect(received?.length).toEqual(data.length);
    // Runners compare arrays of a million items very slowly.
    expect(data.findIndex((byte, index) => byte !== received?.[index])).toEqual(-1);
  }

  async function codeOf(work: Promise<unknown>): Promise<string> {
    return work.then(
      () => "no error",
      (error: unknown) => (error instanceof RpcError ? error.code : String(error)),
    );
  }

  const isStream = (link: Link) => link.traits.framing === "stream";

  describe(`${name}: what every link does`, () => {
    check("moves bytes both ways, in their order", async (a, b) => {
      if (!isStream(a)) {
        await moves(a, b, bytes(10));
        await moves(a, b, bytes(5, 100));
        return moves(b, a, bytes(3, 7));
      }
      expect(await a.putBytes(bytes(10), SOON_MS)).toEqual(true);
      expect(await a.putBytes(bytes(5, 100), SOON_MS)).toEqual(true);
      expect(await read(b, 4)).toEqual(bytes(4));
      expect(await read(b, 11)).toEqual(Uint8Array.of(...bytes(10).subarray(4), ...bytes(5, 100)));
      expect(await b.putBytes(bytes(3, 7), SOON_MS)).toEqual(true);
      expect(await read(a, 3)).toEqual(bytes(3, 7));
    });

    check("moves a single byte", async (a, b) => {
      await moves(a, b, bytes(1, 65));
      await moves(b, a, bytes(1, 66));
    });

    check("carries every value of a byte, and many of them", async (a, b) => {
      await moves(
        a,
        b,
        new Uint8Array(100_000).map((_, index) => index ^ (index >> 8)),
      );
    });

    check("moves its largest transfer, both ways", async (a, b) => {
      const data = new Uint8Array(a.traits.largestTransfer ?? LARGEST_USUAL).map((_, index) => index % 251);
      await moves(a, b, data);
      await moves(b, a, data);
    });

    check("moves a mebibyte, both ways", async (a, b) => {
      const data = new Uint8Array(MEBIBYTE).map((_, index) => (index * 7) ^ (index >> 9));
      await moves(a, b, data);
      await moves(b, a, data);
    });

    check("fills a read that waits", async (a, b) => {
      if (!isStream(a)) return moves(a, b, bytes(6));
      const reading = read(b, 6);
      await a.putBytes(bytes(2), SOON_MS);
      await a.putBytes(bytes(4, 50), SOON_MS);
      expect(await reading).toEqual(Uint8Array.of(...bytes(2), ...bytes(4, 50)));
    });

    check("takes nothing when a read is not filled in time", async (a, b) => {
      if (!isStream(a)) {
        expect(await b.getBytes(new Uint8Array(4), NOT_COMING_MS)).toEqual(false);
        expect(await a.getBytes(new Uint8Array(4), NOT_COMING_MS)).toEqual(false);
        return moves(a, b, bytes(4, 200));
      }
      await a.putBytes(bytes(3), SOON_MS);
      expect(await b.getBytes(new Uint8Array(4), NOT_COMING_MS)).toEqual(false);
      await a.putBytes(bytes(1, 200), SOON_MS);
      expect(await read(b, 4)).toEqual(Uint8Array.of(...bytes(3), 200));
    });

    check("says that a write was not taken in time, where nobody reads", async (a, b) => {
      if (isStream(a)) return;
      expect(await b.putBytes(bytes(4), NOT_COMING_MS)).toEqual(false);
      await moves(b, a, bytes(4, 30));
    });

    check("ends a read when its signal aborts, and takes nothing", async (a, b) => {
      const stop = new AbortController();
      const reading = b.getBytes(new Uint8Array(4), SOON_MS, stop.signal);
      if (isStream(a)) await a.putBytes(bytes(3), SOON_MS);
      stop.abort();
      expect(await reading).toEqual(false);
      if (isStream(a)) expect(await read(b, 3)).toEqual(bytes(3));
      else await moves(a, b, bytes(3));
    });

    check("does not read or write for a signal that has aborted", async (a, b) => {
      const signal = AbortSignal.abort();
      expect(await a.putBytes(bytes(3), SOON_MS, signal)).toEqual(false);
      expect(await b.getBytes(new Uint8Array(1), SOON_MS, signal)).toEqual(false);
    });

    check("keeps nothing of what it was given to write", async (a, b) => {
      if (!isStream(a)) return moves(a, b, bytes(4));
      const data = bytes(4);
      const reading = read(b, 4);
      await a.putBytes(data, SOON_MS);
      data.fill(255);
      expect(await reading).toEqual(bytes(4));
    });

    check("discards what was received on flush", async (a, b) => {
      if (isStream(a)) {
        await a.putBytes(bytes(3), SOON_MS);
        expect(await b.getBytes(new Uint8Array(4), NOT_COMING_MS)).toEqual(false);
      }
      await b.flush();
      expect(b.available).toEqual(0);
      await moves(a, b, bytes(2, 90));
    });

    check("rejects a pending read and what comes later when it is closed", async (a) => {
      const reading = codeOf(a.getBytes(new Uint8Array(4), SOON_MS));
      await a.close();
      expect(await reading).toEqual("closed");
      expect(await codeOf(a.getBytes(new Uint8Array(1), SOON_MS))).toEqual("closed");
      expect(await codeOf(a.putBytes(bytes(1), SOON_MS))).toEqual("closed");
      await a.close();
    });

    check("rejects a pending write when it is closed, where nobody reads", async (_, b) => {
      if (isStream(b)) return;
      const writing = codeOf(b.putBytes(bytes(4), SOON_MS));
      await b.close();
      expect(await writing).toEqual("closed");
    });

    check("reads and writes nothing at once", async (a, b) => {
      expect(await a.putBytes(new Uint8Array(0), 0)).toEqual(true);
      expect(await b.getBytes(new Uint8Array(0), 0)).toEqual(true);
    });
  });
}
